//! One validator per message: everything that is wrong with it is said at once.

use chrono::{DateTime, Duration, Utc};
use huying_chassis::{
    page,
    status::Problem,
    validate::{Named, Violations},
};
use huying_proto::evaluation::v1 as pb;
use huying_wire::instant;
use uuid::Uuid;

use crate::{
    convert,
    domain::{
        state::State,
        verdict::Verdict,
        wanted::{Cursor, Period},
    },
};

/// The longest period rates are told for.
const LONGEST_DAYS: i64 = 366;

/// ListCallbacks, checked.
#[derive(Debug)]
pub struct List {
    pub district: String,
    pub state: Option<State>,
    pub unit: String,
    pub case: Option<Uuid>,
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
    v.finish()?;
    Ok(List {
        district: request.district,
        state: state.ok().and_then(convert::state_asked),
        unit: request.unit,
        case,
        size: page::size(request.page_size)?,
        after: page::cursor(&request.page_token)?,
    })
}

pub fn record_verdict(request: pb::RecordVerdictRequest) -> Result<(Named, Verdict), Problem> {
    let mut v = Violations::new();
    let head = v.head(&request);
    let said = request.verdict.unwrap_or_default();
    let satisfaction =
        v.enum_value("verdict.satisfaction", said.satisfaction).and_then(convert::satisfaction);
    let comment = v.text("verdict.comment", &said.comment, 0..=1000);
    v.finish()?;
    let verdict = satisfaction.map(|satisfaction| Verdict {
        contacted: said.contacted,
        solved: said.solved,
        satisfaction,
        comment,
    });
    Ok((
        head,
        verdict.ok_or_else(|| Problem::bug(anyhow::anyhow!("a satisfaction has no word in the domain")))?,
    ))
}

pub fn record_attempt(request: pb::RecordAttemptRequest) -> Result<(Named, String), Problem> {
    let mut v = Violations::new();
    let head = v.head(&request);
    let note = v.text("note", &request.note, 0..=500);
    v.finish()?;
    Ok((head, note))
}

pub fn get_rates(request: pb::GetRatesRequest) -> Result<Period, Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &[6, 9]);
    unit(&mut v, &request.unit);
    let from = time(&mut v, "from_time", request.from_time.as_ref());
    let to = time(&mut v, "to_time", request.to_time.as_ref());
    if v.is_empty() {
        v.require("to_time", to > from, "must be later than from_time");
        let longest = Duration::days(LONGEST_DAYS);
        v.require(
            "to_time",
            to - from <= longest,
            format!("must be at most {LONGEST_DAYS} days after from_time"),
        );
    }
    v.finish()?;
    Ok(Period { district: request.district, area: String::new(), unit: request.unit, from, to })
}

fn unit(v: &mut Violations, unit: &str) {
    v.token("unit", unit, 0..=64);
}

fn time(v: &mut Violations, field: &str, time: Option<&pbjson_types::Timestamp>) -> DateTime<Utc> {
    let instant = time.and_then(instant::read);
    v.require(field, instant.is_some(), "must be given: an instant of the years 1 to 9999");
    instant.unwrap_or_default()
}
