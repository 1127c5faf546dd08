//! `huying round`: samples of those whose cases were resolved, and what they say.

use std::time::Duration;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use huying_proto::evaluation::v1::{
    BeginRoundRequest, CloseRoundRequest, Estimate, GetRoundReportRequest, GetRoundRequest, HandOutRequest,
    Interview, InterviewOutcome, InterviewState, Interviewer, ListInterviewsRequest, ListRoundsRequest,
    Population, RecordInterviewRequest, Round, RoundFigures, RoundReport, Satisfaction, StrataBy, Verdict,
};
use tonic::Request;

use super::Session;
use super::names::Names;
use super::page::{Most, head};
use crate::client::{Client, Who, request_id};
use crate::failure::wrong;
use crate::words::{self, Word};

/// A draw from a million cases takes its time.
const PATIENCE: Duration = Duration::from_secs(45);
/// More than a round can have.
const ALL: Most = Most { limit: 5_000 };

/// Rounds of interviews with a sample of those whose cases were resolved (满意度回访抽查)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying round begin '十月满意度抽查' --from 2026-10-01 --to 2026-10-31 -s 200 --by unit --due 2026-11-30
  huying round hand-out 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --to callbacks --to DEP-zhengxie/wang
  huying round record 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d JA-20261022-000001 --outcome answered --satisfaction satisfied
  huying round report 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d")]
pub enum Command {
    /// Draw a sample and begin a round
    #[command(after_help = "\
examples:
  huying round begin '十月满意度抽查' --from 2026-10-01 --to 2026-10-31 -s 200 --by unit --due 2026-11-30
  huying round begin '一元街道抽查' --from 2026-10-01 --to 2026-10-31 -s 50 --by community --area 420102003 --due 2026-11-30
  huying round begin '噪音抽查' --from 2026-07-01 --to 2026-09-30 -s 30 --category 0304 --seed 2026-3 --due 2026-10-31")]
    Begin(Box<Begin>),
    /// The newest first
    #[command(after_help = "\
examples:
  huying round list
  huying round list -n 5 -o json")]
    List {
        #[command(flatten)]
        most: Most,
    },
    /// One round and its strata
    #[command(after_help = "\
examples:
  huying round show 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d")]
    Show {
        /// Its id
        id: String,
    },
    /// The interviews of a round, or what was handed out to somebody
    #[command(after_help = "\
examples:
  huying round interviews 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --state waiting
  huying round interviews --to callbacks --state waiting")]
    Interviews {
        /// The round's id; not needed with --to
        #[arg(required_unless_present = "to")]
        id: Option<String>,
        /// Only what was handed out just so
        #[arg(long, value_name = "UNIT[/PERSON]", value_parser = interviewer)]
        to: Option<Interviewer>,
        /// Only this state
        #[arg(long, value_parser = words::parser::<InterviewState>())]
        state: Option<InterviewState>,
        #[command(flatten)]
        most: Most,
    },
    /// Split what waits evenly; nobody gets what their unit worked on
    #[command(after_help = "\
examples:
  huying round hand-out 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --to callbacks --to DEP-zhengxie/wang
  huying round hand-out 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --to /li --number JA-20261022-000001")]
    HandOut {
        /// The round's id
        id: String,
        /// Who asks: a unit's code, a person of it, or /PERSON (repeat)
        #[arg(long, required = true, value_name = "UNIT[/PERSON]", value_parser = interviewer)]
        to: Vec<Interviewer>,
        /// Only this case, whoever has it now (repeat); otherwise all that nobody has
        #[arg(long, value_name = "NUMBER")]
        number: Vec<String>,
    },
    /// Somebody was asked, or could not be
    #[command(after_help = "\
examples:
  huying round record 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d JA-20261022-000001 --outcome answered --satisfaction satisfied
  huying round record 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d JA-20261022-000002 --outcome answered --unsolved --satisfaction unsatisfied
  huying round record 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d JA-20261022-000003 --outcome refused --replace")]
    Record(Box<Record>),
    /// End it: nothing more is recorded
    #[command(after_help = "\
examples:
  huying round close 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d")]
    Close {
        /// Its id
        id: String,
    },
    /// What people said, by stratum and in all, with 95 % confidence intervals
    #[command(after_help = "\
examples:
  huying round report 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d
  huying round report 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d -o json")]
    Report {
        /// Its id
        id: String,
    },
}

#[derive(Args, Debug)]
pub struct Begin {
    /// What it is called
    name: String,
    /// Cases resolved on this day or later
    #[arg(long, value_name = "DAY")]
    from: NaiveDate,
    /// And until this day, which counts
    #[arg(long, value_name = "DAY")]
    to: NaiveDate,
    /// How many people are asked
    #[arg(long, short, value_name = "COUNT")]
    sample: i32,
    /// The day by which they are asked
    #[arg(long, value_name = "DAY")]
    due: NaiveDate,
    /// By what it is spread, in proportion
    #[arg(long, value_parser = words::parser::<StrataBy>(), default_value = "none")]
    by: StrataBy,
    /// Only cases in this area
    #[arg(long, value_name = "CODE", default_value = "")]
    area: String,
    /// Only cases that this unit resolved
    #[arg(long, value_name = "CODE", default_value = "")]
    unit: String,
    /// Only categories that begin so
    #[arg(long, value_name = "CODE", default_value = "")]
    category: String,
    /// The same population, number and seed draw the same people; the round's id if not given
    #[arg(long, value_name = "TEXT", default_value = "")]
    seed: String,
}

#[derive(Args, Debug)]
pub struct Record {
    /// The round's id
    round: String,
    /// The number of the case that was asked about, or the interview's id
    number: String,
    /// How it went
    #[arg(long, value_parser = words::parser::<InterviewOutcome>())]
    outcome: InterviewOutcome,
    /// How satisfied, where it is answered
    #[arg(long, value_parser = words::parser::<Satisfaction>())]
    satisfaction: Option<Satisfaction>,
    /// The unit did not contact them
    #[arg(long)]
    uncontacted: bool,
    /// It is not solved
    #[arg(long)]
    unsolved: bool,
    /// In their words
    #[arg(long, value_name = "TEXT", default_value = "")]
    comment: String,
    /// How it went, in yours
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Ask the next of the reserve instead
    #[arg(long)]
    replace: bool,
}

/// `UNIT`, `UNIT/PERSON` or `/PERSON`.
fn interviewer(text: &str) -> Result<Interviewer, String> {
    let (unit, subject) = text.split_once('/').unwrap_or((text, ""));
    if unit.is_empty() && subject.is_empty() {
        return Err("name a unit, a person of it as UNIT/PERSON, or a person as /PERSON".to_owned());
    }
    Ok(Interviewer { unit: unit.to_owned(), subject: subject.to_owned() })
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let who = Who::Callback { area: client.district()? };
        let mut rounds = client.rounds(&who)?;
        let round = match self {
            Self::Begin(begin) => {
                let mut request = Request::new(begin.request(client.district()?));
                request.set_timeout(PATIENCE);
                rounds.begin_round(request).await?.into_inner()
            }
            Self::Show { id } => rounds.get_round(GetRoundRequest { id }).await?.into_inner(),
            Self::Close { id } => {
                let Round { id, version, .. } = rounds.get_round(GetRoundRequest { id }).await?.into_inner();
                let request = CloseRoundRequest { request_id: request_id(), id, version };
                rounds.close_round(request).await?.into_inner()
            }
            Self::List { most } => return list(session, &client, &who, most).await,
            Self::Interviews { id, to, state, most } => {
                let filter = ListInterviewsRequest {
                    district: client.district()?,
                    round: id.unwrap_or_default(),
                    interviewer: to,
                    state: state.unwrap_or(InterviewState::Unspecified).into(),
                    ..Default::default()
                };
                let found = interviews(&client, &who, filter, most).await?;
                return table(session, &client, &found).await;
            }
            Self::HandOut { id, to, number } => {
                return hand_out(session, &client, &who, (id, to, number)).await;
            }
            Self::Record(record) => return record.run(session, &client, &who).await,
            Self::Report { id } => {
                let report = rounds.get_round_report(GetRoundReportRequest { id }).await?.into_inner();
                return tell(session, &client, report).await;
            }
        };
        let mut names = Names::new(&client)?;
        learn(&mut names, &round).await?;
        head(session, &client, "round 抽查")?;
        session.out.one(&round, |round| fields(&client, &names, round))
    }
}

impl Begin {
    fn request(self, district: String) -> BeginRoundRequest {
        let population = Population {
            from_date: self.from.to_string(),
            to_date: self.to.to_string(),
            area: self.area,
            unit: self.unit,
            category: self.category,
        };
        BeginRoundRequest {
            request_id: request_id(),
            district,
            name: self.name,
            population: Some(population),
            sample: self.sample,
            seed: self.seed,
            strata_by: self.by.into(),
            due_date: self.due.to_string(),
        }
    }
}

impl Record {
    async fn run(self, session: &Session, client: &Client, who: &Who) -> anyhow::Result<()> {
        let interview = named(client, who, &self.round, &self.number).await?;
        let verdict = self.satisfaction.map(|satisfaction| Verdict {
            contacted: !self.uncontacted,
            solved: !self.unsolved,
            satisfaction: satisfaction.into(),
            comment: self.comment,
            ..Default::default()
        });
        let request = RecordInterviewRequest {
            request_id: request_id(),
            id: interview.id,
            version: interview.version,
            outcome: self.outcome.into(),
            verdict,
            note: self.note,
            replace: self.replace,
        };
        let recorded = client.rounds(who)?.record_interview(request).await?.into_inner();
        let both: Vec<Interview> = recorded.interview.into_iter().chain(recorded.replacement).collect();
        table(session, client, &both).await
    }
}

/// The interview about a case in a round, by the case's number or its own id.
async fn named(client: &Client, who: &Who, round: &str, name: &str) -> anyhow::Result<Interview> {
    let (district, round) = (client.district()?, round.to_owned());
    let filter = ListInterviewsRequest { district, round, ..Default::default() };
    let found = interviews(client, who, filter, ALL).await?;
    let found = found.into_iter().find(|it| it.number == name || it.id == name);
    found.ok_or_else(|| wrong(format!("{name} was not drawn in this round"), "see huying round interviews"))
}

async fn interviews(
    client: &Client,
    who: &Who,
    filter: ListInterviewsRequest,
    most: Most,
) -> anyhow::Result<Vec<Interview>> {
    let mut rounds = client.rounds(who)?;
    most.collect(async |page_size, page_token| {
        let page = ListInterviewsRequest { page_size, page_token, ..filter.clone() };
        let page = rounds.list_interviews(page).await?.into_inner();
        Ok((page.interviews, page.next_page_token))
    })
    .await
}

async fn table(session: &Session, client: &Client, interviews: &[Interview]) -> anyhow::Result<()> {
    let mut names = Names::new(client)?;
    names.learn_units(interviews.iter().map(|it| &it.unit)).await?;
    head(session, client, "interviews 访问")?;
    let heads = ["number", "state", "unit", "stratum", "asked by", "satisfied", "recorded", "id"];
    session.out.list(&heads, interviews, |it| {
        vec![
            it.number.clone(),
            it.state().chinese().to_owned(),
            names.beside(&it.unit),
            it.stratum.clone(),
            it.interviewer.as_ref().map(written).unwrap_or_default(),
            it.verdict.as_ref().map_or("", |verdict| verdict.satisfaction().chinese()).to_owned(),
            client.when(it.record_time.as_ref()),
            it.id.clone(),
        ]
    })
}

/// As it is typed.
fn written(one: &Interviewer) -> String {
    if one.subject.is_empty() { one.unit.clone() } else { format!("{}/{}", one.unit, one.subject) }
}

async fn list(session: &Session, client: &Client, who: &Who, most: Most) -> anyhow::Result<()> {
    let (mut rounds, district) = (client.rounds(who)?, client.district()?);
    let listed = most
        .collect(async |page_size, page_token| {
            let page = ListRoundsRequest { district: district.clone(), page_size, page_token };
            let page = rounds.list_rounds(page).await?.into_inner();
            Ok((page.rounds, page.next_page_token))
        })
        .await?;
    head(session, client, "rounds 抽查")?;
    session.out.list(&["name", "state", "period", "sample", "of", "by", "due", "id"], &listed, |it| {
        vec![
            it.name.clone(),
            it.state().chinese().to_owned(),
            period(it),
            it.sample.to_string(),
            size(it).to_string(),
            it.strata_by().chinese().to_owned(),
            it.due_date.clone(),
            it.id.clone(),
        ]
    })
}

fn period(round: &Round) -> String {
    round.population.as_ref().map_or_else(String::new, |it| format!("{} – {}", it.from_date, it.to_date))
}

fn size(round: &Round) -> i64 {
    round.strata.iter().map(|it| it.population).sum()
}

/// What the keys of strata stand for.
async fn learn(names: &mut Names, round: &Round) -> anyhow::Result<()> {
    let keys = round.strata.iter().map(|it| &it.key);
    match round.strata_by() {
        StrataBy::Unit => names.learn_units(keys).await,
        StrataBy::Street | StrataBy::Community => names.learn_areas(keys).await,
        StrataBy::None | StrataBy::Category | StrataBy::Unspecified => Ok(()),
    }
}

fn fields(client: &Client, names: &Names, round: &Round) -> Vec<(&'static str, String)> {
    let strata = round.strata.iter().map(|it| {
        let key = names.beside(&it.key);
        format!("{key}  {} of {}, {} in reserve", it.sample, it.population, it.reserve).trim().to_owned()
    });
    let of = round.population.clone().unwrap_or_default();
    vec![
        ("name", round.name.clone()),
        ("id", round.id.clone()),
        ("state", round.state().both()),
        ("period", period(round)),
        ("area", of.area),
        ("unit", of.unit),
        ("category", of.category),
        ("sample", format!("{} of {}", round.sample, size(round))),
        ("by", round.strata_by().both()),
        ("strata", strata.collect::<Vec<_>>().join("\n")),
        ("seed", round.seed.clone()),
        ("due", round.due_date.clone()),
        ("begun", client.when(round.begin_time.as_ref())),
        ("closed", client.when(round.close_time.as_ref())),
        ("version", round.version.to_string()),
    ]
}

async fn hand_out(
    session: &Session,
    client: &Client,
    who: &Who,
    (id, to, numbers): (String, Vec<Interviewer>, Vec<String>),
) -> anyhow::Result<()> {
    let mut chosen = Vec::new();
    for number in &numbers {
        chosen.push(named(client, who, &id, number).await?.id);
    }
    let mut rounds = client.rounds(who)?;
    let Round { id, version, .. } = rounds.get_round(GetRoundRequest { id }).await?.into_inner();
    let request =
        HandOutRequest { request_id: request_id(), id, version, interviewers: to, interviews: chosen };
    let handed = rounds.hand_out(request).await?.into_inner();
    if session.out.is_json() {
        return session.out.one(&handed, |_| Vec::new());
    }
    session.out.list(&["asked by", "waiting"], &handed.shares, |share| {
        vec![share.interviewer.as_ref().map(written).unwrap_or_default(), share.waiting.to_string()]
    })?;
    match handed.left {
        0 => Ok(()),
        left => crate::output::note(&format!("{left} are with nobody: all of these worked on their cases")),
    }
}

async fn tell(session: &Session, client: &Client, report: RoundReport) -> anyhow::Result<()> {
    if session.out.is_json() {
        return session.out.one(&report, |_| Vec::new());
    }
    let round = report.round.clone().unwrap_or_default();
    let mut names = Names::new(client)?;
    learn(&mut names, &round).await?;
    head(session, client, &format!("{} {} {}", round.name, round.state().chinese(), period(&round)))?;
    let heads =
        ["", "of", "asked", "answered", "refused", "unreachable", "应访率", "已联系", "已解决", "满意"];
    let undivided = round.strata_by() == StrataBy::None;
    let strata = report.strata.iter().filter(|_| !undivided);
    let lines: Vec<(String, &RoundFigures)> = report
        .whole
        .iter()
        .map(|it| ("全部".to_owned(), it))
        .chain(strata.map(|it| (names.beside(&it.key), it)))
        .collect();
    let lines: Vec<Vec<String>> = lines.into_iter().map(|(name, it)| line(name, it)).collect();
    session.out.list(&heads, &lines, Clone::clone)?;
    if report.covered > 0.0 && report.covered < 1.0 {
        let heard = report.covered * 100.0;
        crate::output::note(&format!(
            "the rates stand for {heard:.1} % of the cases: of the rest nobody answered"
        ))?;
    }
    Ok(())
}

/// Rates with the ends between which they lie; a bar where nobody answered.
fn line(name: String, it: &RoundFigures) -> Vec<String> {
    let percent = |rate: f64| format!("{:.1}", rate * 100.0);
    let estimate = |it: &Option<Estimate>| {
        it.as_ref().map_or_else(
            || "–".to_owned(),
            |it| format!("{} % ({}–{})", percent(it.rate), percent(it.low), percent(it.high)),
        )
    };
    vec![
        name,
        it.population.to_string(),
        it.asked.to_string(),
        it.answered.to_string(),
        it.refused.to_string(),
        it.unreachable.to_string(),
        it.response_rate.map_or_else(|| "–".to_owned(), |rate| format!("{} %", percent(rate))),
        estimate(&it.contacted),
        estimate(&it.solved),
        estimate(&it.satisfied),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interviewer_is_a_unit_or_a_person() {
        let read = |text| interviewer(text).map(|it| (it.unit, it.subject));
        let is = |unit: &str, subject: &str| Ok((unit.to_owned(), subject.to_owned()));
        assert_eq!(read("callbacks"), is("callbacks", ""));
        assert_eq!(read("callbacks/wang"), is("callbacks", "wang"));
        assert_eq!(read("/li"), is("", "li"));
        assert!(read("/").is_err() && read("").is_err());
        assert_eq!(written(&interviewer("callbacks/wang").unwrap()), "callbacks/wang");
    }

    #[test]
    fn without_answers_there_is_a_bar_and_no_zero() {
        let none = line("全部".into(), &RoundFigures::default());
        assert_eq!(none[6..], ["–", "–", "–", "–"]);
        let satisfied = Some(Estimate { count: 173, rate: 0.865, low: 0.8434, high: 0.8838 });
        let some = line(String::new(), &RoundFigures { satisfied, ..Default::default() });
        assert_eq!(some[9], "86.5 % (84.3–88.4)");
    }
}
