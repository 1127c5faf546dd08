//! Looking at cases.

use huying_proto::casework::v1::{
    Attachment, Case, CaseState, Charge, Clock, CountSupervisedRequest, DeclineGround, DeskStay, Dispatch,
    GetCaseRequest, Group, ListCasesRequest, Outcome, PendingApproval, Suspension,
};
use huying_proto::common::v1::{Lamp, Tier};
use huying_wire::instant;
use huying_words::set_in;
use indicatif::HumanBytes;

use super::super::{
    Session,
    names::{Names, named},
    page::head,
    short::dispatches_of,
};
use super::{List, handling, merge, split};
use crate::client::{Client, Who};
use crate::words::{self, Word};

pub(super) async fn list(session: &Session, client: &Client, list: List) -> anyhow::Result<()> {
    let mut cases = client.cases(&client.reader()?)?;
    let filter = ListCasesRequest {
        district: client.district()?,
        state: list.state.unwrap_or(CaseState::Unspecified).into(),
        tier: list.tier.unwrap_or(Tier::Unspecified).into(),
        holder: list.holder,
        arbiter: list.arbiter,
        verifier: list.verifier,
        area: list.area,
        category: list.category,
        overdue: list.overdue,
        supervised: list.supervised,
        leader: list.leader.clone(),
        hard: list.hard,
        open: list.open,
        outcome: list.outcome.unwrap_or(Outcome::Unspecified).into(),
        officer: list.officer,
        lamp: list.lamp.unwrap_or(Lamp::Unspecified).into(),
        order: list.order.into(),
        from_time: list.from.map(|at| instant::write(at.at(client))),
        before_time: list.before.map(|at| instant::write(at.at(client))),
        ..ListCasesRequest::default()
    };
    let cases = list
        .most
        .collect(async |page_size, page_token| {
            let page = ListCasesRequest { page_size, page_token, ..filter.clone() };
            let page = cases.list_cases(page).await?.into_inner();
            Ok((page.cases, page.next_page_token))
        })
        .await?;
    if session.out.is_json() {
        return session.out.list(&[], &cases, |_| Vec::new());
    }
    let mut names = Names::new(client)?;
    names.learn_units(cases.iter().filter(|it| it.holder_name.is_empty()).map(|it| &it.holder)).await?;
    head(session, client, "cases 案件")?;
    let header = ["number", "state", "tier", "holder", "priority", "lamp", "due", "content"];
    session.out.list(&header, &cases, |case| {
        vec![
            case.number.clone(),
            case.state().chinese().to_owned(),
            case.tier().chinese().to_owned(),
            names.or(&case.holder, &case.holder_name),
            case.priority().chinese().to_owned(),
            lamp(case.lamp()),
            client.when(case.due_time.as_ref()),
            case.content.chars().take(24).collect(),
        ]
    })
}

pub(in crate::cli) fn lamp(lamp: Lamp) -> String {
    let mark = match lamp {
        Lamp::Green => "🟢",
        Lamp::Amber => "🟡",
        Lamp::Red => "🔴",
        Lamp::Unspecified => "",
    };
    format!("{mark}{}", lamp.chinese())
}

pub(in crate::cli) async fn find(client: &Client, who: &Who, id: &str) -> anyhow::Result<Case> {
    Ok(client.cases(who)?.get_case(GetCaseRequest { id: id.to_owned() }).await?.into_inner())
}

pub(super) async fn show(session: &Session, client: &Client, id: &str) -> anyhow::Result<()> {
    let case = find(client, &client.reader()?, id).await?;
    print(session, client, &case).await
}

/// A case's page, with the names and the dispatches that it has only the codes of.
pub(super) async fn print(session: &Session, client: &Client, case: &Case) -> anyhow::Result<()> {
    if session.out.is_json() {
        return session.out.one(case, |_| Vec::new());
    }
    let mut names = Names::new(client)?;
    names.learn_areas([&case.area]).await?;
    names.learn_units(units(case)).await?;
    let called = dispatches_of(client, case).await?;
    head(session, client, &case.number)?;
    session.out.one(case, |case| fields(client, &names, &called, case))
}

/// The units that it names by their codes alone.
fn units(case: &Case) -> Vec<&String> {
    let supervision = case
        .supervision
        .iter()
        .flat_map(|it| [&it.unit].into_iter().chain(it.answer.iter().map(|answer| &answer.unit)));
    let charge = case.charge.iter().filter_map(|it| it.progress.as_ref()).map(|it| &it.unit);
    let arbitrations = case.refusals.iter().filter_map(|it| it.arbitration.as_ref());
    let files = case.attachments.iter().filter_map(|it| it.actor.as_ref()).map(|it| &it.unit);
    let said = case.last_public_note.iter().chain(&case.question).map(|it| &it.unit);
    let seen = case.verification.iter().map(|it| &it.unit);
    let units = case.departments.iter().chain(supervision).chain(charge).chain(files).chain(said).chain(seen);
    let nameless = Some(&case.holder).filter(|_| case.holder_name.is_empty());
    units.chain(arbitrations.map(|it| &it.decided_by)).chain(nameless).collect()
}

fn fields(
    client: &Client,
    names: &Names,
    called: &[(usize, Dispatch)],
    case: &Case,
) -> Vec<(&'static str, String)> {
    let outcome = case.outcome();
    vec![
        ("number", case.number.clone()),
        ("id", case.id.clone()),
        ("state", case.state().both()),
        ("outcome", if outcome == Outcome::Unspecified { String::new() } else { outcome.both() }),
        ("declined", ground(case.declined.as_ref())),
        ("merged", merge::merged(client, case.merged.as_ref())),
        ("parts", split::numbers(&case.parts)),
        ("part of", split::numbers(&case.whole)),
        ("tier", case.tier().both()),
        ("holder", names.or(&case.holder, &case.holder_name)),
        ("officer", case.officer.as_ref().map_or_else(String::new, |it| named(&it.subject, &it.name))),
        ("arbiter", named(&case.arbiter, &case.arbiter_name)),
        ("refused by", refusals(client, names, case)),
        ("category", case.category.clone()),
        ("area", names.beside(&case.area)),
        ("priority", case.priority().both()),
        ("departments", joined(case.departments.iter().map(|it| names.beside(it)), ", ")),
        ("content", case.content.clone()),
        ("address", case.location.as_ref().map_or_else(String::new, |location| location.address.clone())),
        ("requests", merge::requests(case)),
        ("clocks", clocks(client, &case.clocks)),
        ("desk used", case.desk.as_ref().map_or_else(String::new, |it| desk(client, it))),
        ("charge", case.charge.as_ref().map_or_else(String::new, |it| charge(client, names, it))),
        ("supervision", supervision(client, names, case)),
        ("notes", notes(client, names, case)),
        ("asked for", joined(case.approvals.iter().map(|it: &PendingApproval| it.kind().both()), ", ")),
        ("consultations", count(case.consultations)),
        ("groups", groups(client, case)),
        ("meetings", joined((1..=case.meetings.len()).map(|n| format!("{}/{n}", case.number)), ", ")),
        ("question", case.question.as_ref().map_or_else(String::new, |asked| asked.text.clone())),
        ("suspension", case.suspension.as_ref().map_or_else(String::new, suspension)),
        ("answer", case.answer.clone()),
        ("handling", case.handling.as_ref().map_or_else(String::new, |it| handling::lines(client, it))),
        ("verifier", named(&case.verifier, &case.verifier_name)),
        (
            "verified",
            case.verification.as_ref().map_or_else(String::new, |it| handling::verified(client, names, it)),
        ),
        ("visit first", if case.visit_first { "yes 上门优先".to_owned() } else { String::new() }),
        ("must be said", case.required_handling().map(Word::both).collect::<Vec<_>>().join(", ")),
        ("files", files(client, names, case)),
        ("still needed", case.missing_evidence().map(Word::both).collect::<Vec<_>>().join(", ")),
        ("dispatches", dispatches(case, called)),
        ("attempt", case.attempt.to_string()),
        ("changed", client.when(case.update_time.as_ref())),
        ("opened", client.when(case.open_time.as_ref())),
        ("resolved", client.when(case.resolve_time.as_ref())),
        ("closed", client.when(case.close_time.as_ref())),
        ("may now", case.allowed_steps.join(", ")),
        ("version", case.version.to_string()),
    ]
}

/// `18 h 0 min, 75 % of the time to resolve, 2026-11-20 16:00 to 2026-11-24 09:00`.
fn desk(client: &Client, it: &DeskStay) -> String {
    let (hours, minutes) = (it.used_seconds / 3600, it.used_seconds % 3600 / 60);
    let (from, to) = (client.when(it.queue_time.as_ref()), client.when(it.decide_time.as_ref()));
    format!("{hours} h {minutes} min, {} % of the time to resolve, {from} to {to}", it.percent)
}

fn joined(parts: impl Iterator<Item = String>, by: &str) -> String {
    parts.collect::<Vec<_>>().join(by)
}

/// One line each: the number that it goes by, who was called, how it stands, and what for.
fn dispatches(case: &Case, called: &[(usize, Dispatch)]) -> String {
    let line = |(place, it): &(usize, Dispatch)| {
        let lead = if it.lead { " 主责" } else { "" };
        let unit = named(&it.unit, &it.unit_name);
        format!("{}/{}  {unit}{lead}  {}  {}", case.number, place + 1, it.state().chinese(), set_in(&it.task))
    };
    joined(called.iter().map(line), "\n")
}

fn count(count: i32) -> String {
    if count == 0 { String::new() } else { count.to_string() }
}

/// Two lines each: what works on it under whom, and until when; its departments.
fn groups(client: &Client, case: &Case) -> String {
    let lines = |group: &Group| {
        let (kind, chair) = (group.kind().chinese(), named(&group.chair, &group.chair_name));
        let until = group.until_time.as_ref().map(|until| format!("  until {}", client.when(Some(until))));
        let members = group.members.iter().map(|it| named(&it.unit, &it.unit_name)).collect::<Vec<_>>();
        let head =
            format!("{kind} {} {}  chair {chair}{}", group.code, group.name, until.unwrap_or_default());
        format!("{head}\n  {}", members.join(", "))
    };
    case.groups.iter().map(lines).collect::<Vec<_>>().join("\n")
}

/// Two lines each: who returned it and why; who is responsible and why.
fn refusals(client: &Client, names: &Names, case: &Case) -> String {
    let mut lines = Vec::new();
    for one in &case.refusals {
        let (time, unit) = (client.when(one.time.as_ref()), named(&one.unit, &one.unit_name));
        lines.push(format!("{time}  {unit}: {}", set_in(&one.reason)));
        if let Some(it) = &one.arbitration {
            let binds = if it.binding { " [约束]" } else { "" };
            let (time, unit) = (client.when(it.time.as_ref()), named(&it.unit, &it.unit_name));
            lines.push(format!(
                "{time}  {} → {unit}{binds}: {}",
                names.beside(&it.decided_by),
                set_in(&it.reason)
            ));
        }
    }
    lines.join("\n")
}

/// `beyond_duty 不属于政府职责`; nothing where nothing was declined.
pub(in crate::cli) fn ground(ground: Option<&DeclineGround>) -> String {
    ground.map_or_else(String::new, |ground| format!("{} {}", ground.code, ground.name))
}

/// One line each: which, how long, by when, how it stands.
pub(in crate::cli) fn clocks(client: &Client, clocks: &[Clock]) -> String {
    let line = |clock: &Clock| {
        let ends = match &clock.stop_time {
            Some(stopped) => format!("stopped {}", client.when(Some(stopped))),
            None => format!("due {}", client.when(clock.due_time.as_ref())),
        };
        let limit = words::limit(clock.limit.as_ref());
        format!(
            "{} {}  {limit}  {ends}  {}",
            clock.kind().english(),
            clock.kind().chinese(),
            lamp(clock.lamp())
        )
    };
    clocks.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// One line each: what it shows, its type and size, who added it when, its id and name.
fn files(client: &Client, names: &Names, case: &Case) -> String {
    let line = |it: &Attachment| {
        let (kind, size) = (it.kind().both(), HumanBytes(u64::try_from(it.size).unwrap_or(0)));
        let (when, actor) = (client.when(it.time.as_ref()), it.actor.clone().unwrap_or_default());
        let by = if actor.unit.is_empty() { actor.subject } else { names.beside(&actor.unit) };
        format!("{kind}  {}  {size}  {when}  {by}  {}  {}", it.media_type, it.id, it.name)
    };
    case.attachments.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn suspension(it: &Suspension) -> String {
    format!("复查 {} {} {}", it.review_date, it.plan, it.remark).trim_end().to_owned()
}

/// Since when in whose charge, with which plan, and how it gets on.
fn charge(client: &Client, names: &Names, it: &Charge) -> String {
    let progress = it.progress.as_ref();
    let progress = progress.map(|it| {
        format!("\n{}  {} {}", client.when(it.time.as_ref()), names.beside(&it.unit), set_in(&it.text))
    });
    format!(
        "{}  {} {}{}",
        client.when(it.since_time.as_ref()),
        it.leader,
        set_in(&it.plan),
        progress.unwrap_or_default()
    )
}

/// What presses the holder, and what the holder answered.
fn supervision(client: &Client, names: &Names, case: &Case) -> String {
    let Some(it) = &case.supervision else { return String::new() };
    let counts = format!("催办{} 督办单{} 约谈{}", case.urgings, case.notices, case.talks);
    let asked =
        format!("{}  {} {}", client.when(it.time.as_ref()), names.beside(&it.unit), set_in(&it.reason));
    let answer = it.answer.as_ref().map(|it| {
        format!("\n{}  {} [答复] {}", client.when(it.time.as_ref()), names.beside(&it.unit), set_in(&it.text))
    });
    format!("{} ({counts})\n{asked}{}", it.level().both(), answer.unwrap_or_default())
}

pub(super) async fn count_supervised(session: &Session, client: &Client, year: i32) -> anyhow::Result<()> {
    let request = CountSupervisedRequest { district: client.district()?, year };
    let counted = client.cases(&client.reader()?)?.count_supervised(request).await?.into_inner();
    session.out.one(&counted, |counted| vec![("supervised", counted.items.to_string())])
}

/// How many, and the last one that the reporter reads; all of them are in the history.
fn notes(client: &Client, names: &Names, case: &Case) -> String {
    let last = case.last_public_note.as_ref().map(|note| {
        format!(
            "\n{}  {} [公开] {}",
            client.when(note.time.as_ref()),
            names.beside(&note.unit),
            set_in(&note.text)
        )
    });
    format!("{}{}", case.notes, last.unwrap_or_default())
}
