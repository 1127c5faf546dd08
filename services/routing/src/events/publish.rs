//! From a log entry to its event: the one exhaustive match. Pure; a function of the log entry alone.

use huying_chassis::{
    bus::{Event, PublishError},
    log::{Aggregate as _, Entry, Head, Told},
};
use huying_proto::routing::v1 as pb;
use huying_wire::{actor, instant};

use crate::{
    NAME, convert,
    domain::{change::Change, route::Route},
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
        "model" => {
            let Head { district, version, .. } = entry.head.clone();
            Event::new(NAME, &pb::ModelApplied { district, version })
        }
        other => Err(PublishError::unsayable(format!("{other} is no kind of routing's"))),
    }
}

fn route(entry: &Entry, Told { change, state, about }: Told<Route>) -> Result<Event, PublishError> {
    let route = Some(pb::RouteRef {
        request: about.request.to_string(),
        number: about.number.clone(),
        district: entry.head.district.clone(),
        state: convert::state(state).into(),
        submit_time: Some(instant::write(about.submitted_at)),
    });
    match change {
        Change::Decided { submission, decision } => Event::new(
            NAME,
            &pb::RouteDecided {
                route,
                decision: Some(convert::decision(&decision)),
                content: submission.content,
                location: Some(convert::located(&submission.location, &decision)),
                decided_by: None,
            },
        ),
        Change::Triaged { content, location, decision } => Event::new(
            NAME,
            &pb::RouteDecided {
                route,
                decision: Some(convert::decision(&decision)),
                content,
                location: Some(convert::located(&location, &decision)),
                decided_by: Some(actor::write(entry.actor())),
            },
        ),
        Change::Queued { undecided, .. } => {
            let undecided = undecided.iter().map(|part| part.name().to_owned()).collect();
            Event::new(NAME, &pb::RouteQueued { route, undecided })
        }
        Change::Withdrawn => Event::new(NAME, &pb::RouteWithdrawn { route }),
    }
}
