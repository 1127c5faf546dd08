//! What happened, told to the world: the one exhaustive match. Pure; a function of the log entry alone.

use huying_chassis::{
    bus::{Event, PublishError},
    log::{Aggregate as _, Entry},
    profile,
};
use huying_proto::routing::v1 as pb;

use crate::{
    NAME,
    domain::{
        change::{About, Change},
        route::Route,
    },
    grpc::convert,
};

/// A log entry's event.
///
/// # Errors
/// An entry of a kind or a form that this build does not know.
pub fn publish(entry: &Entry) -> Result<Event, PublishError> {
    match entry.kind.as_str() {
        Route::KIND => {
            let (change, about) = entry.decode::<Route>()?;
            route(entry, change, &about)
        }
        // The part itself stays here: it is large, and whoever wants it asks.
        "profile" => {
            let profile::About { district } = serde_json::from_str(entry.about.get())?;
            Event::new(NAME, &pb::DirectoryApplied { district, version: entry.version })
        }
        other => Err(PublishError(format!("{other} is no kind of routing's"))),
    }
}

fn route(entry: &Entry, change: Change, about: &About) -> Result<Event, PublishError> {
    let route = Some(pb::RouteRef {
        request: about.request.to_string(),
        number: about.number.clone(),
        district: entry.district.clone(),
        state: convert::state(about.state).into(),
        submit_time: Some(convert::timestamp(about.submitted_at)),
    });
    match change {
        Change::Decided { submission, decision } => Event::new(
            NAME,
            &pb::RouteDecided {
                route,
                decision: Some(convert::decision(&decision)),
                content: submission.content,
                location: Some(convert::location(&submission.location)),
                decided_by: None,
            },
        ),
        Change::Triaged { content, location, decision } => Event::new(
            NAME,
            &pb::RouteDecided {
                route,
                decision: Some(convert::decision(&decision)),
                content,
                location: Some(convert::location(&location)),
                decided_by: Some(convert::actor(&entry.actor)),
            },
        ),
        Change::Queued { undecided, .. } => {
            let undecided = undecided.iter().map(|part| part.name().to_owned()).collect();
            Event::new(NAME, &pb::RouteQueued { route, undecided })
        }
        Change::Withdrawn => Event::new(NAME, &pb::RouteWithdrawn { route }),
    }
}
