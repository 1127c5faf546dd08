//! What a ledger's columns show of a case: one cell each, with its kind, so that a spreadsheet can add up and sort.

use chrono::{DateTime, Utc};
use huying_proto::{
    casework::v1::{Case, ClockKind, Dispatch, LedgerCase, LedgerColumn, Outcome},
    common::v1::{Lamp, Solved},
};
use huying_wire::instant;
use pbjson_types::Timestamp;

use super::super::names::{Names, named};
use crate::{client::Client, words::Word};

/// Characters of a text that a table shows.
const SHORT: usize = 24;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Text(String),
    Number(i64),
    Time(DateTime<Utc>),
}

impl Cell {
    /// For a table on a terminal.
    pub(super) fn short(self, client: &Client) -> String {
        match self {
            Self::Text(text) if text.chars().count() > SHORT => {
                text.chars().take(SHORT - 1).chain(['…']).collect::<String>().replace('\n', " ")
            }
            Self::Text(text) => text.replace('\n', " "),
            Self::Number(number) => number.to_string(),
            Self::Time(at) => client.local(at, "%m-%d %H:%M"),
        }
    }
}

/// Asks for what cases do not name themselves: where they lie, and who holds them.
///
/// # Errors
/// Routing's refusal.
pub(super) async fn learn(names: &mut Names, rows: &[LedgerCase]) -> anyhow::Result<()> {
    let cases = || rows.iter().filter_map(|row| row.case.as_ref());
    names.learn_areas(cases().map(|case| &case.area)).await?;
    names.learn_units(cases().filter(|case| case.holder_name.is_empty()).map(|case| &case.holder)).await
}

/// What a column shows of a case.
pub(super) fn of(client: &Client, names: &Names, row: &LedgerCase, column: LedgerColumn) -> Cell {
    let none = Case::default();
    let case = row.case.as_ref().unwrap_or(&none);
    let time = |at: Option<&Timestamp>| {
        at.and_then(instant::read).map_or_else(|| Cell::Text(String::new()), Cell::Time)
    };
    let clock = |kind: ClockKind| {
        time(case.clocks.iter().find(|it| it.kind() == kind).and_then(|it| it.due_time.as_ref()))
    };
    let text = match column {
        LedgerColumn::Attempt => return Cell::Number(case.attempt.into()),
        LedgerColumn::Due => return time(case.due_time.as_ref()),
        LedgerColumn::RespondDue => return clock(ClockKind::Respond),
        LedgerColumn::ResolveDue => return clock(ClockKind::Resolve),
        LedgerColumn::Opened => return time(case.open_time.as_ref()),
        LedgerColumn::Resolved => return time(case.resolve_time.as_ref()),
        LedgerColumn::Closed => return time(case.close_time.as_ref()),
        LedgerColumn::Unspecified => String::new(),
        LedgerColumn::Number => case.number.clone(),
        LedgerColumn::Area => names.beside(&case.area),
        LedgerColumn::Category => case.category.clone(),
        LedgerColumn::Priority => case.priority().chinese().to_owned(),
        LedgerColumn::Content => case.content.clone(),
        LedgerColumn::Address => case.location.as_ref().map_or_else(String::new, |it| it.address.clone()),
        LedgerColumn::State => case.state().chinese().to_owned(),
        LedgerColumn::Tier => case.tier().chinese().to_owned(),
        LedgerColumn::Holder if case.holder_name.is_empty() => names.beside(&case.holder),
        LedgerColumn::Holder => named(&case.holder, &case.holder_name),
        LedgerColumn::Officer => {
            case.officer.as_ref().map_or_else(String::new, |it| named(&it.subject, &it.name))
        }
        LedgerColumn::Leader => case.charge.as_ref().map_or_else(String::new, |it| it.leader.clone()),
        LedgerColumn::Plan => plan(case),
        LedgerColumn::Measures => measures(client, &row.measures),
        LedgerColumn::Progress => progress(case),
        LedgerColumn::Review => {
            case.suspension.as_ref().map_or_else(String::new, |it| it.review_date.clone())
        }
        LedgerColumn::Lamp => lamp(case.lamp()).to_owned(),
        LedgerColumn::Supervision => supervision(case),
        LedgerColumn::Outcome => outcome(case.outcome()).to_owned(),
        LedgerColumn::Ground => case.declined.as_ref().map_or_else(String::new, |it| it.name.clone()),
        LedgerColumn::Answer => case.answer.clone(),
        LedgerColumn::Solved => case.handling.as_ref().map_or("", |it| solved(it.solved())).to_owned(),
    };
    Cell::Text(text)
}

fn lamp(lamp: Lamp) -> &'static str {
    if lamp == Lamp::Unspecified { "" } else { lamp.chinese() }
}

fn outcome(outcome: Outcome) -> &'static str {
    if outcome == Outcome::Unspecified { "" } else { outcome.chinese() }
}

fn solved(solved: Solved) -> &'static str {
    if solved == Solved::Unspecified { "" } else { solved.chinese() }
}

/// What a leader will see done, and what is done while it is suspended.
fn plan(case: &Case) -> String {
    let charge = case.charge.iter().map(|it| it.plan.as_str());
    let suspension = case.suspension.iter().map(|it| it.plan.as_str());
    charge.chain(suspension).collect::<Vec<_>>().join("\n")
}

/// How a leader was told it gets on; else the last note that the reporter reads.
fn progress(case: &Case) -> String {
    let charge = case.charge.as_ref().and_then(|it| it.progress.as_ref()).map(|it| it.text.clone());
    charge.or_else(|| case.last_public_note.as_ref().map(|it| it.text.clone())).unwrap_or_default()
}

/// A line each: who is to do what, and by when.
fn measures(client: &Client, dispatches: &[Dispatch]) -> String {
    let line = |it: &Dispatch| {
        let due = it.clocks.iter().find(|clock| clock.kind() == ClockKind::Resolve);
        let due = client.when(due.and_then(|clock| clock.due_time.as_ref()));
        let unit = if it.unit_name.is_empty() { &it.unit } else { &it.unit_name };
        format!("{unit}：{} {due}", it.task).trim_end().to_owned()
    };
    dispatches.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The level that pressed last, and how often each did.
fn supervision(case: &Case) -> String {
    case.supervision.as_ref().map_or_else(String::new, |it| {
        let counts = format!("催办{} 督办单{} 约谈{}", case.urgings, case.notices, case.talks);
        format!("{}（{counts}）", it.level().chinese())
    })
}
