//! One validator per message of topics: everything that is wrong with it is said at once.

use huying_chassis::{
    page,
    status::Problem,
    validate::{Named, Violations},
};
use huying_proto::evaluation::v1 as pb;
use huying_terms::calendar;
use uuid::Uuid;

use crate::{
    app::topic::{Opening, Saying},
    convert::topic as convert,
    domain::topic::{
        Planned, TopicState,
        judge::{LONGEST, USUAL},
        measure::MOST,
    },
};

/// Cases that are attached at once, at most.
const AT_ONCE: usize = 200;

/// ListTopics, checked.
#[derive(Debug)]
pub struct List {
    pub district: String,
    /// Empty: whatever is reached.
    pub area: String,
    pub owner: String,
    pub state: Option<TopicState>,
    pub size: i64,
    pub after: Option<Uuid>,
}

pub fn open(request: pb::OpenTopicRequest) -> Result<(Uuid, Opening), Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    v.digits("district", &request.district, &[6, 9]);
    let area = area(&mut v, &request.area, &request.district);
    v.token("category", &request.category, 1..=64);
    let title = v.line("title", &request.title, 1..=100);
    let numbered = request.measures.iter().any(|it| it.number != 0);
    v.require("measures", !numbered, "must be without numbers, since they are all new");
    let says = said(&mut v, (&request.cause, &request.policy, &request.owner), request.measures);
    v.finish()?;
    let area = if area.is_empty() { request.district.clone() } else { area };
    let (district, category) = (request.district, request.category);
    Ok((request_id, Opening { district, area, category, title, says }))
}

pub fn change(request: pb::ChangeTopicRequest) -> Result<(Named, Saying), Problem> {
    let mut v = Violations::new();
    let head = v.head(&request);
    let mut numbers: Vec<i32> = request.measures.iter().map(|it| it.number).filter(|it| *it != 0).collect();
    numbers.sort_unstable();
    let twice = numbers.windows(2).any(|pair| pair.first() == pair.last());
    v.require("measures", !twice, "must name each number once");
    let says = said(&mut v, (&request.cause, &request.policy, &request.owner), request.measures);
    v.finish()?;
    Ok((head, says))
}

fn said(
    v: &mut Violations,
    (cause, policy, owner): (&str, &str, &str),
    measures: Vec<pb::TopicMeasure>,
) -> Saying {
    let (cause, policy) = (v.text("cause", cause, 1..=1000), v.text("policy", policy, 1..=1000));
    v.token("owner", owner, 1..=64);
    v.list_len("measures", measures.len(), 0..=MOST);
    let measures = measures.into_iter().take(MOST).enumerate();
    let measures = measures.map(|(n, it)| planned(v, &format!("measures[{n}]"), it, owner)).collect();
    Saying { cause, policy, owner: owner.to_owned(), measures }
}

fn planned(v: &mut Violations, field: &str, it: pb::TopicMeasure, owner: &str) -> Planned {
    v.range(&format!("{field}.number"), it.number, 0..=i32::MAX);
    let text = v.text(&format!("{field}.text"), &it.text, 1..=500);
    v.token(&format!("{field}.unit"), &it.unit, 0..=64);
    let due = calendar::day(&it.due_date);
    v.require(&format!("{field}.due_date"), due.is_some(), "must be a day such as 2026-11-30");
    let told = it.note.is_empty() && it.done_time.is_none();
    v.require(field, told, "must not say that it is done: that is reported");
    let unit = if it.unit.is_empty() { owner.to_owned() } else { it.unit };
    Planned { number: (it.number != 0).then_some(it.number), text, unit, due: due.unwrap_or_default() }
}

pub fn attach(request: &pb::AttachCasesRequest) -> Result<(Named, Vec<Uuid>), Problem> {
    let mut v = Violations::new();
    let head = v.head(request);
    v.list_len("cases", request.cases.len(), 1..=AT_ONCE);
    let cases = request.cases.iter().take(AT_ONCE).enumerate();
    let cases = cases.map(|(n, id)| v.uuid(&format!("cases[{n}]"), id)).collect();
    v.finish()?;
    Ok((head, cases))
}

pub fn report(request: &pb::ReportMeasureRequest) -> Result<(Named, i32, String), Problem> {
    let mut v = Violations::new();
    let head = v.head(request);
    v.range("measure", request.measure, 1..=i32::MAX);
    let note = v.text("note", &request.note, 1..=500);
    v.finish()?;
    Ok((head, request.measure, note))
}

pub fn test(request: &pb::TestTopicRequest) -> Result<(Named, u64), Problem> {
    let mut v = Violations::new();
    let head = v.head(request);
    let days = if request.days == 0 { USUAL } else { request.days };
    v.range("days", days, 1..=LONGEST);
    v.finish()?;
    Ok((head, u64::from(days.unsigned_abs())))
}

pub fn withdraw(request: &pb::WithdrawTopicRequest) -> Result<(Named, String), Problem> {
    let mut v = Violations::new();
    let head = v.head(request);
    let note = v.text("note", &request.note, 1..=500);
    v.finish()?;
    Ok((head, note))
}

pub fn get(request: &pb::GetTopicRequest) -> Result<Uuid, Problem> {
    let mut v = Violations::new();
    let id = v.uuid("id", &request.id);
    v.finish()?;
    Ok(id)
}

pub fn list(request: pb::ListTopicsRequest) -> Result<List, Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &[6, 9]);
    let area = area(&mut v, &request.area, &request.district);
    v.token("owner", &request.owner, 0..=64);
    let state = pb::TopicState::try_from(request.state);
    v.require("state", state.is_ok(), "must be one of the named values, or unspecified for all");
    v.finish()?;
    Ok(List {
        district: request.district,
        area,
        owner: request.owner,
        state: state.ok().and_then(convert::state_asked),
        size: page::size(request.page_size)?,
        after: page::cursor(&request.page_token)?,
    })
}

/// The district or a street in it, or nothing.
fn area(v: &mut Violations, area: &str, district: &str) -> String {
    if !area.is_empty() {
        v.digits("area", area, &[6, 9]);
        v.require("area", area.starts_with(district), "must be the district or lie in it");
    }
    area.to_owned()
}
