//! From a log entry to its event: the one exhaustive match. Pure; a function of the log entry alone.

use huying_chassis::{
    bus::{Event, PublishError},
    log::{Aggregate as _, Entry, Head, Told},
};
use huying_proto::routing::v1 as pb;
use huying_terms::Location;
use huying_wire::{actor, instant, lamp, limit, priority, tier};

use crate::{
    NAME, convert,
    domain::{
        change::{About, Change},
        decision::Decision,
        route::Route,
        state::State,
    },
};

/// A log entry's event.
///
/// # Errors
/// An entry of a kind or a form that this build does not know.
pub fn publish(entry: &Entry) -> Result<Event, PublishError> {
    match entry.head.kind.as_str() {
        Route::KIND => route(entry, entry.decode()?),
        // The part itself stays here: it is large, and whoever wants it asks.
        "profile" => {
            let Head { district, version, .. } = entry.head.clone();
            Event::new(NAME, &pb::DirectoryApplied { district, version })
        }
        "model" => model(entry, pb::ModelOf::Category),
        "unit_model" => model(entry, pb::ModelOf::Unit),
        other => Err(PublishError::unsayable(format!("{other} is no kind of routing's"))),
    }
}

fn model(entry: &Entry, of: pb::ModelOf) -> Result<Event, PublishError> {
    let Head { district, version, .. } = entry.head.clone();
    Event::new(NAME, &pb::ModelApplied { district, version, of: of.into() })
}

fn route(entry: &Entry, Told { change, state, about }: Told<Route>) -> Result<Event, PublishError> {
    let route = Some(reference(entry, state, about));
    match change {
        Change::Decided { submission, decision } => {
            Event::new(NAME, &decided(entry, route, (submission.content, &submission.location), &decision))
        }
        Change::Triaged { content, location, decision, queued_at } => Event::new(
            NAME,
            &pb::RouteDecided {
                decided_by: Some(actor::write(entry.actor())),
                queue_time: queued_at.map(instant::write),
                ..decided(entry, route, (content, &location), &decision)
            },
        ),
        Change::Queued { undecided, partial, wait, .. } => Event::new(
            NAME,
            &pb::RouteQueued {
                route,
                undecided: undecided.iter().map(|part| part.name().to_owned()).collect(),
                priority: wait.as_ref().map(|wait| priority::write(wait.priority)).unwrap_or_default().into(),
                due_time: wait.and_then(|wait| wait.clock.due_at).map(instant::write),
                area: partial.area.map(|area| area.to_string()).unwrap_or_default(),
            },
        ),
        Change::Kept { known, .. } => {
            let area = known.area.map(|area| area.to_string()).unwrap_or_default();
            Event::new(NAME, &pb::RouteKept { route, area, category: known.category.unwrap_or_default() })
        }
        Change::LampTurned { lamp, due_at } => {
            let (lamp, due_time) = (lamp::write(lamp).into(), Some(instant::write(due_at)));
            Event::new(NAME, &pb::RouteLampTurned { route, lamp, due_time })
        }
        Change::Climbed { unit, tier } => {
            Event::new(NAME, &pb::RouteClimbed { route, unit, tier: tier::write(tier).into() })
        }
        Change::Claimed { until } => {
            let (claimed_by, expire_time) = (Some(actor::write(entry.actor())), Some(instant::write(until)));
            Event::new(NAME, &pb::RouteClaimed { route, claimed_by, expire_time })
        }
        Change::Released => Event::new(NAME, &pb::RouteReleased { route }),
        Change::Recomputed { wait } => {
            let (priority, due_time) =
                (priority::write(wait.priority).into(), wait.clock.due_at.map(instant::write));
            Event::new(NAME, &pb::RouteRecomputed { route, priority, due_time })
        }
        Change::DangerTold { dangers, wait, .. } => {
            let (dangers, due_time) = (convert::dangers(&dangers), wait.clock.due_at.map(instant::write));
            Event::new(NAME, &pb::RouteDangerTold { route, dangers, due_time, ..Default::default() })
        }
        Change::DangerRaised { dangers, decision, limits } => Event::new(
            NAME,
            &pb::RouteDangerTold {
                route,
                dangers: convert::dangers(&dangers),
                due_time: None,
                decision: Some(convert::decision(&decision)),
                respond: Some(limit::write(limits.respond)),
                resolve: Some(limit::write(limits.resolve)),
            },
        ),
        Change::Corrected { decision, reason, from_holder } => {
            let (decision, corrected_by) =
                (Some(convert::decision(&decision)), Some(actor::write(entry.actor())));
            Event::new(NAME, &pb::RouteCorrected { route, decision, reason, corrected_by, from_holder })
        }
        Change::Withdrawn => Event::new(NAME, &pb::RouteWithdrawn { route }),
    }
}

fn reference(entry: &Entry, state: State, about: About) -> pb::RouteRef {
    pb::RouteRef {
        request: about.request.to_string(),
        number: about.number,
        district: entry.head.district.clone(),
        state: convert::state(state).into(),
        submit_time: Some(instant::write(about.submitted_at)),
    }
}

/// As rules decide.
fn decided(
    entry: &Entry,
    route: Option<pb::RouteRef>,
    (content, location): (String, &Location),
    decision: &Decision,
) -> pb::RouteDecided {
    pb::RouteDecided {
        route,
        decision: Some(convert::decision(decision)),
        content,
        location: Some(convert::located(location, decision)),
        decided_by: None,
        queue_time: None,
        decide_time: Some(instant::write(entry.head.at)),
    }
}
