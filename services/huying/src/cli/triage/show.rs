//! How the desk's requests are shown: names beside codes, and of what waits how long, how pressing, in whose hands and what is doubted.

use huying_proto::common::v1::Limit;
use huying_proto::routing::v1::{CountTriageResponse, Decision, Route, RouteState, SuggestedUnit};
use pbjson_types::Timestamp;

use super::super::{Session, case::lamp, names::Names, page::head};
use crate::client::Client;
use crate::words::{self, Word};

pub(super) async fn list(session: &Session, client: &Client, routes: &[Route]) -> anyhow::Result<()> {
    let mut names = Names::new(client)?;
    if !session.out.is_json() {
        names.learn_areas(routes.iter().filter_map(|it| it.decision.as_ref()).map(|it| &it.area)).await?;
    }
    head(session, client, "triage 研判")?;
    let columns = [
        "number",
        "priority",
        "danger",
        "lamp",
        "due",
        "since",
        "undecided",
        "known so far",
        "in hand",
        "content",
    ];
    session.out.list(&columns, routes, |route| {
        let known = route.decision.clone().unwrap_or_default();
        vec![
            route.number.clone(),
            route.priority().both(),
            dangers(&known),
            lamp(route.lamp()),
            client.when(route.due_time.as_ref()),
            client.when(route.queue_time.as_ref()),
            route.undecided.join(", "),
            [names.beside(&known.area), known.category].join(" ").trim().to_owned(),
            in_hand(client, route),
            said(route).chars().take(30).collect(),
        ]
    })
}

/// What it is called, or else what is asked.
fn said(route: &Route) -> &str {
    if route.title.is_empty() { &route.content } else { &route.title }
}

/// The dangers to life that a request speaks of.
fn dangers(decision: &Decision) -> String {
    decision.dangers().map(Word::both).collect::<Vec<_>>().join(", ")
}

/// One request: what was decided and why, or how it waits.
pub(super) async fn one(session: &Session, client: &Client, route: &Route) -> anyhow::Result<()> {
    let mut names = Names::new(client)?;
    let decision = route.decision.clone().unwrap_or_default();
    if !session.out.is_json() {
        names.learn_areas(decision.candidates.iter().chain([&decision.area])).await?;
        let suggested = decision.suggested_units.iter().map(|it| &it.unit);
        let units = decision.departments.iter().chain(suggested).chain([&decision.holder, &route.climbed_to]);
        names.learn_units(units).await?;
    }
    head(session, client, &route.number)?;
    session.out.one(route, |route| fields(client, &names, route, &decision))
}

fn fields(client: &Client, names: &Names, route: &Route, decision: &Decision) -> Vec<(&'static str, String)> {
    let reasons = decision.reasons.iter().map(|it| format!("{}: {} ({})", it.part, it.text, it.rule));
    let suggested = decision.suggested_units.iter().map(|it| suggestion(names, it));
    let candidates = decision.candidates.iter().map(|it| names.beside(it));
    let departments = decision.departments.iter().map(|it| names.beside(it)).collect::<Vec<_>>();
    vec![
        ("number", route.number.clone()),
        ("request", route.request.clone()),
        ("state", route.state().both()),
        ("danger", dangers(decision)),
        ("undecided", route.undecided.join(", ")),
        ("waits", waits(client, route)),
        ("in hand", in_hand(client, route)),
        ("told", names.beside(&route.climbed_to)),
        ("title", route.title.clone()),
        ("content", route.content.clone()),
        ("area", names.beside(&decision.area)),
        ("may be", candidates.collect::<Vec<_>>().join("\n")),
        ("category", decision.category.clone()),
        ("units likely", suggested.collect::<Vec<_>>().join("\n")),
        ("tier", decision.tier().both()),
        ("holder", names.beside(&decision.holder)),
        ("departments", departments.join(", ")),
        ("priority", decision.priority().both()),
        ("respond", clock(client, decision.respond.as_ref(), decision.respond_due_time.as_ref())),
        ("resolve", clock(client, decision.resolve.as_ref(), decision.resolve_due_time.as_ref())),
        ("why", reasons.collect::<Vec<_>>().join("\n")),
        ("decided by", route.decided_by.clone().unwrap_or_default().subject),
        ("corrected", route.correction.clone()),
        ("version", route.version.to_string()),
    ]
}

/// A unit whose business it may be, and how sure that is.
pub(in crate::cli) fn suggestion(names: &Names, it: &SuggestedUnit) -> String {
    format!("{:.0} %  {}", it.confidence * 100.0, names.beside(&it.unit))
}

/// `urgent 紧急, since 2026-11-20 16:00, due 2026-11-20 17:00 🔴 red 红灯`; only the times once it is decided.
fn waits(client: &Client, route: &Route) -> String {
    if route.queue_time.is_none() {
        return String::new();
    }
    let (since, due) = (client.when(route.queue_time.as_ref()), client.when(route.due_time.as_ref()));
    let mark = if route.state() == RouteState::Queued { lamp(route.lamp()) } else { String::new() };
    format!("{}, since {since}, due {due} {mark}", route.priority().both()).trim_end().to_owned()
}

/// Who has it, and until when.
fn in_hand(client: &Client, route: &Route) -> String {
    route.claim.as_ref().map_or_else(String::new, |claim| {
        let actor = claim.actor.clone().unwrap_or_default();
        let who = format!("{} {}", actor.subject, actor.unit).trim_end().to_owned();
        format!("{who} until {}", client.when(claim.expire_time.as_ref()))
    })
}

fn clock(client: &Client, limit: Option<&Limit>, due: Option<&Timestamp>) -> String {
    let limit = words::limit(limit);
    if limit.is_empty() { limit } else { format!("{limit}, by {}", client.when(due)) }
}

/// How much waits, in three parts: all, by street, by what is undecided.
pub(super) async fn counted(
    session: &Session,
    client: &Client,
    counted: &CountTriageResponse,
) -> anyhow::Result<()> {
    let mut names = Names::new(client)?;
    if !session.out.is_json() {
        names.learn_areas(counted.areas.iter().map(|it| &it.key)).await?;
    }
    head(session, client, "triage 研判")?;
    session.out.one(counted, |counted| {
        let areas = counted.areas.iter().map(|it| format!("{}  {}", it.count, names.beside(&it.key)));
        let undecided = counted.undecided.iter().map(|it| format!("{}  {}", it.count, it.key));
        let more = if counted.more { "+" } else { "" };
        vec![
            ("waiting", format!("{}{more}", counted.waiting)),
            ("overdue", counted.overdue.to_string()),
            ("in hand", counted.claimed.to_string()),
            ("by area", areas.collect::<Vec<_>>().join("\n")),
            ("by part", undecided.collect::<Vec<_>>().join("\n")),
        ]
    })
}
