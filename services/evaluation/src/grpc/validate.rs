//! One validator per message: everything that is wrong with it is said at once.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Duration, NaiveDate};
use huying_chassis::{
    page,
    status::Problem,
    validate::{Named, Violations},
};
use huying_proto::{common::v1 as common, evaluation::v1 as pb};
use huying_terms::Solved;
use huying_wire::solved;
use uuid::Uuid;

use crate::{
    app::Outcome,
    convert,
    domain::{
        figure::{
            By, has_categories,
            period::{LONGEST, Period},
        },
        rules::{MOST, Said},
        state::State,
        verdict::Answer,
        wanted::{Cursor, Rates},
    },
};

/// ListCallbacks, checked.
#[derive(Debug)]
pub struct List {
    pub district: String,
    pub state: Option<State>,
    pub unit: String,
    pub case: Option<Uuid>,
    pub request: Option<Uuid>,
    pub size: i64,
    pub after: Option<Cursor>,
}

pub fn get_callback(request: &pb::GetCallbackRequest) -> Result<Uuid, Problem> {
    let mut v = Violations::new();
    let id = v.uuid("id", &request.id);
    v.finish()?;
    Ok(id)
}

pub fn list_callbacks(request: pb::ListCallbacksRequest) -> Result<List, Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &[6, 9]);
    let state = pb::CallbackState::try_from(request.state);
    v.require("state", state.is_ok(), "must be one of the named values, or unspecified for all");
    unit(&mut v, &request.unit);
    let case = (!request.case.is_empty()).then(|| v.uuid("case", &request.case));
    let of_request = (!request.request.is_empty()).then(|| v.uuid("request", &request.request));
    v.require("request", case.is_none() || of_request.is_none(), "must not be there beside a case");
    v.finish()?;
    Ok(List {
        district: request.district,
        state: state.ok().and_then(convert::state_asked),
        unit: request.unit,
        case,
        request: of_request,
        size: page::size(request.page_size)?,
        after: page::cursor(&request.page_token)?,
    })
}

pub fn record_verdict(request: pb::RecordVerdictRequest) -> Result<(Named, Said), Problem> {
    let mut v = Violations::heard();
    let head = v.head(&request);
    let said = said(&mut v, request.verdict.unwrap_or_default());
    finish(v, said).map(|said| (head, said))
}

pub fn give_verdict(request: &pb::GiveVerdictRequest) -> Result<(Uuid, Said), Problem> {
    let mut v = Violations::heard();
    let request_id = v.uuid("request_id", &request.request_id);
    let said = said(&mut v, request.verdict.clone().unwrap_or_default());
    finish(v, said).map(|said| (request_id, said))
}

pub fn record_attempt(request: &pb::RecordAttemptRequest) -> Result<(Named, Outcome, String), Problem> {
    let mut v = Violations::new();
    let head = v.head(request);
    let note = v.text("note", &request.note, 0..=500);
    let outcome = pb::AttemptOutcome::try_from(request.outcome);
    v.require("outcome", outcome.is_ok(), "must be one of the named values, or unspecified for unreachable");
    v.finish()?;
    let outcome = match outcome {
        Ok(pb::AttemptOutcome::Refused) => Outcome::Refused,
        Ok(pb::AttemptOutcome::Unreachable | pb::AttemptOutcome::Unspecified) | Err(_) => {
            Outcome::Unreachable
        }
    };
    Ok((head, outcome, note))
}

/// What the reporter says; none where the satisfaction is missing, which is said then.
fn said(v: &mut Violations, given: pb::Verdict) -> Option<Said> {
    let satisfaction =
        v.enum_value("verdict.satisfaction", given.satisfaction).and_then(convert::satisfaction);
    let solved = how_solved(v, given.how_solved, given.solved);
    let comment = v.text("verdict.comment", &given.comment, 0..=1000);
    v.list_len("verdict.reasons", given.reasons.len(), 0..=10);
    let [_, questions, _] = MOST;
    v.list_len("verdict.answers", given.answers.len(), 0..=questions);
    let asked: BTreeSet<&str> = given.answers.iter().map(|answer| answer.question.as_str()).collect();
    v.require(
        "verdict.answers",
        asked.len() == given.answers.len(),
        "must answer each question at most once",
    );
    let reasons: Vec<String> = given.reasons.into_iter().map(|reason| reason.code).collect();
    let once = reasons.iter().collect::<BTreeSet<_>>().len() == reasons.len();
    v.require("verdict.reasons", once, "must give each reason at most once");
    let answers = given.answers.into_iter();
    let answers = answers.map(|it| Answer { question: it.question, answer: it.answer }).collect();
    let (contacted, told) = (given.contacted, given.told);
    Some(Said { contacted, told, solved, satisfaction: satisfaction?, reasons, answers, comment })
}

/// As it is said in three steps; or, as builds before asked, yes or no.
fn how_solved(v: &mut Violations, how: i32, wholly: bool) -> Solved {
    let how = common::Solved::try_from(how);
    v.require("verdict.how_solved", how.is_ok(), "must be one of the named values, or unspecified");
    let yes_or_no = if wholly { Solved::Yes } else { Solved::No };
    how.ok().and_then(solved::read).unwrap_or(yes_or_no)
}

fn finish(v: Violations, said: Option<Said>) -> Result<Said, Problem> {
    v.finish()?;
    said.ok_or_else(|| Problem::bug(anyhow::anyhow!("a satisfaction has no word in the domain")))
}

pub fn get_rates(request: pb::GetRatesRequest) -> Result<Rates, Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &[6, 9]);
    unit(&mut v, &request.unit);
    let period = period(&mut v, &request.from_date, &request.to_date);
    area(&mut v, &request.area, &request.district);
    let by = pb::RatesBy::try_from(request.by).ok();
    v.require("by", by.is_some(), "must be one of the named values, or unspecified for units");
    let by = by.map_or(Some(By::Unit), convert::rates::by);
    let told = match by {
        Some(By::Tier) => request.area.is_empty() || request.area == request.district,
        Some(By::Category) => has_categories(&request.district, &request.area),
        Some(By::All | By::Unit | By::Channel) | None => true,
    };
    v.require(
        "by",
        told,
        "must be by unit, area or channel here: tiers are of a district, categories of a district and the areas next below it",
    );
    v.finish()?;
    Ok(Rates { district: request.district, area: request.area, unit: request.unit, by, period })
}

pub(super) fn period(v: &mut Violations, from: &str, to: &str) -> Period {
    let (from, to) = (day(v, "from_date", from), day(v, "to_date", to));
    if v.is_empty() {
        v.require("to_date", to > from, "must be later than from_date");
        let longest = to - from <= Duration::days(LONGEST);
        v.require("to_date", longest, format!("must be at most {LONGEST} days after from_date"));
    }
    Period { from, to }
}

/// An effect is told from rates by channel.
pub fn get_effect(request: pb::GetEffectRequest) -> Result<Rates, Problem> {
    let pb::GetEffectRequest { district, area, from_date, to_date } = request;
    let by = pb::RatesBy::Channel.into();
    get_rates(pb::GetRatesRequest { district, area, from_date, to_date, by, unit: String::new() })
}

/// What one unit was is told by unit, and as the whole.
pub fn of_one_unit(wanted: &Rates) -> Result<(), Problem> {
    let mut v = Violations::new();
    let by_unit = matches!(wanted.by, Some(By::Unit));
    v.require(
        "by",
        by_unit || wanted.unit.is_empty(),
        "must be by unit, or left out, where it is of one unit",
    );
    v.finish()
}

pub fn recount(request: pb::RecountRequest) -> Result<(String, bool), Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &[6, 9]);
    v.finish()?;
    Ok((request.district, request.check))
}

pub(super) fn unit(v: &mut Violations, unit: &str) {
    v.token("unit", unit, 0..=64);
}

/// An area that figures are told of; empty: all that the caller reaches.
pub(super) fn area(v: &mut Violations, area: &str, district: &str) {
    if !area.is_empty() {
        v.digits("area", area, &[6, 9, 12]);
        v.require("area", area.starts_with(district), "must be the district or lie in it");
    }
}

/// A day as the district has it. Years of four digits, so that there is a year before each.
pub(super) fn day(v: &mut Violations, field: &str, text: &str) -> NaiveDate {
    let day =
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| (1900..=9999).contains(&day.year()));
    v.require(field, day.is_some(), "must be a day such as 2026-11-01, of the years 1900 to 9999");
    day.unwrap_or_default()
}
