//! One validator per message of rounds: everything that is wrong with it is said at once.

use chrono::{DateTime, NaiveDate};
use huying_chassis::{
    page,
    status::Problem,
    validate::{Named, Violations},
};
use huying_proto::evaluation::v1 as pb;
use huying_terms::calendar;
use uuid::Uuid;

use crate::{
    app::round::{Asked, HandingOut, Recording},
    convert::round as convert,
    domain::{
        interview::{InterviewState, Interviewer},
        round::{MOST, Plan, Population, StrataBy},
        wanted::{InterviewScope, Place},
    },
    grpc::validate,
};

/// The longest period that a population may have been resolved in.
const LONGEST_DAYS: i64 = 366;

/// ListInterviews, checked.
#[derive(Debug)]
pub struct List {
    pub district: String,
    pub scope: InterviewScope,
    pub state: Option<InterviewState>,
    pub size: i64,
    pub after: Option<Place>,
}

pub fn id(id: &str) -> Result<Uuid, Problem> {
    let mut v = Violations::new();
    let id = v.uuid("id", id);
    v.finish()?;
    Ok(id)
}

pub fn begin_round(request: pb::BeginRoundRequest) -> Result<(Uuid, Plan), Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    v.digits("district", &request.district, &[6, 9]);
    let name = v.line("name", &request.name, 1..=100);
    let population = population(&mut v, request.population.unwrap_or_default(), &request.district);
    let sample = i64::from(request.sample);
    v.range("sample", sample, 1..=MOST);
    v.token("seed", &request.seed, 0..=64);
    let strata_by = v.enum_value("strata_by", request.strata_by).and_then(convert::strata_asked);
    let due = date(&mut v, "due_date", &request.due_date);
    let early = due.is_some_and(|due| due < population.to);
    v.require("due_date", !early, "must not be before the population's last day");
    v.finish()?;
    let plan = Plan {
        district: request.district,
        name,
        population,
        sample,
        seed: request.seed,
        strata_by: strata_by.unwrap_or(StrataBy::None),
        due: due.unwrap_or_default(),
    };
    Ok((request_id, plan))
}

fn population(v: &mut Violations, it: pb::Population, district: &str) -> Population {
    let from = date(v, "population.from_date", &it.from_date);
    let to = date(v, "population.to_date", &it.to_date);
    if let (Some(from), Some(to)) = (from, to) {
        v.require("population.to_date", to >= from, "must not be before from_date");
        let longest = format!("must be at most {LONGEST_DAYS} days with from_date, both included");
        v.require("population.to_date", (to - from).num_days() < LONGEST_DAYS, longest);
    }
    if !it.area.is_empty() {
        v.digits("population.area", &it.area, &[6, 9, 12, 15]);
        v.require("population.area", it.area.starts_with(district), "must lie in the district");
    }
    v.token("population.unit", &it.unit, 0..=64);
    v.token("population.category", &it.category, 0..=64);
    let area = if it.area.is_empty() { district.to_owned() } else { it.area };
    // Its instants follow from the district's zone.
    let (from_at, until_at) = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH);
    let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
    Population { from, to, from_at, until_at, area, unit: it.unit, category: it.category }
}

pub fn list_rounds(request: pb::ListRoundsRequest) -> Result<(String, i64, Option<Uuid>), Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &[6, 9]);
    v.finish()?;
    Ok((request.district, page::size(request.page_size)?, page::cursor(&request.page_token)?))
}

pub fn list_interviews(request: pb::ListInterviewsRequest) -> Result<List, Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &[6, 9]);
    let round = (!request.round.is_empty()).then(|| v.uuid("round", &request.round));
    let interviewer = request.interviewer.map(|one| interviewer(&mut v, "interviewer", one));
    let state = pb::InterviewState::try_from(request.state);
    v.require("state", state.is_ok(), "must be one of the named values, or unspecified for all");
    let scope = match (round, interviewer) {
        (Some(round), interviewer) => Some(InterviewScope::Round(round, interviewer)),
        (None, Some(interviewer)) => Some(InterviewScope::Interviewer(interviewer)),
        (None, None) => None,
    };
    v.require("round", scope.is_some(), "must name a round, unless an interviewer is named");
    v.finish()?;
    Ok(List {
        district: request.district,
        scope: scope.ok_or_else(|| Problem::bug(anyhow::anyhow!("a scope was found and is none")))?,
        state: state.ok().and_then(convert::interview_state_asked),
        size: page::size(request.page_size)?,
        after: page::cursor(&request.page_token)?,
    })
}

pub fn hand_out(request: pb::HandOutRequest) -> Result<(Named, HandingOut), Problem> {
    let mut v = Violations::new();
    let head = v.head(&request);
    v.list_len("interviewers", request.interviewers.len(), 1..=100);
    let mut to: Vec<Interviewer> = Vec::new();
    for (n, one) in request.interviewers.into_iter().enumerate() {
        let field = format!("interviewers[{n}]");
        let one = interviewer(&mut v, &field, one);
        v.require(&field, !to.contains(&one), "must be named once");
        to.push(one);
    }
    v.list_len("interviews", request.interviews.len(), 0..=MOST as usize);
    let ids = request.interviews.iter().enumerate();
    let mut chosen: Vec<Uuid> = ids.map(|(n, id)| v.uuid(&format!("interviews[{n}]"), id)).collect();
    chosen.sort_unstable();
    chosen.dedup();
    v.finish()?;
    Ok((head, HandingOut { round: head.id, to, chosen }))
}

pub fn record_interview(request: &pb::RecordInterviewRequest) -> Result<(Named, Recording), Problem> {
    let mut v = Violations::new();
    let head = v.head(request);
    let outcome = v.enum_value::<pb::InterviewOutcome>("outcome", request.outcome);
    let note = v.text("note", &request.note, 0..=500);
    let answered = outcome == Some(pb::InterviewOutcome::Answered);
    v.require("verdict", answered || request.verdict.is_none(), "must be absent unless it is answered");
    v.require("replace", !(answered && request.replace), "must be false where it is answered");
    v.finish()?;
    let outcome = match outcome.unwrap_or_default() {
        pb::InterviewOutcome::Refused => Asked::Refused,
        pb::InterviewOutcome::Unreachable => Asked::Unreachable,
        pb::InterviewOutcome::Answered | pb::InterviewOutcome::Unspecified => {
            // What a reporter says is checked alike, whoever asks.
            let said = pb::RecordVerdictRequest {
                request_id: request.request_id.clone(),
                id: request.id.clone(),
                version: request.version,
                verdict: request.verdict.clone(),
            };
            Asked::Answered(validate::record_verdict(said)?.1)
        }
    };
    Ok((head, Recording { interview: head.id, outcome, note, replace: request.replace }))
}

pub fn close_round(request: &pb::CloseRoundRequest) -> Result<Named, Problem> {
    let mut v = Violations::new();
    let head = v.head(request);
    v.finish()?;
    Ok(head)
}

fn interviewer(v: &mut Violations, field: &str, one: pb::Interviewer) -> Interviewer {
    v.token(&format!("{field}.unit"), &one.unit, 0..=64);
    let subject = v.line(&format!("{field}.subject"), &one.subject, 0..=128);
    v.require(field, !(one.unit.is_empty() && subject.is_empty()), "must name a unit or a person");
    Interviewer { unit: one.unit, subject }
}

fn date(v: &mut Violations, field: &str, text: &str) -> Option<NaiveDate> {
    let date = calendar::day(text);
    v.require(field, date.is_some(), "must be a day such as 2026-10-31");
    date
}
