//! From a log entry to its event: the one exhaustive match. Nothing of the reporter's words, nor of whoever asked.

mod round;

use huying_chassis::{
    bus::{Event, PublishError},
    log::{Aggregate, Entry, Told},
    profile::{self, Profile},
};
use huying_proto::evaluation::v1 as pb;
use huying_wire::instant;

use crate::{
    NAME, convert,
    domain::{
        callback::Callback,
        change::{About, Change},
        interview::Interview,
        profile::EvaluationProfile,
        round::Round,
        state::State,
        verdict::Verdict,
    },
};

/// A log entry's event.
///
/// # Errors
/// An entry of another build that says more than this one can read.
pub fn publish(entry: &Entry) -> Result<Event, PublishError> {
    match entry.head.kind.as_str() {
        Callback::KIND => callback(entry),
        Profile::<EvaluationProfile>::KIND => profile(entry),
        Round::KIND => round::round(entry),
        Interview::KIND => round::interview(entry),
        other => Err(PublishError::unsayable(format!("evaluation has no {other}"))),
    }
}

fn callback(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state, about } = entry.decode::<Callback>()?;
    let callback = Some(reference(entry, state, about));
    match change {
        Change::Opened(opened) => {
            Event::new(NAME, &pb::CallbackOpened { callback, due_time: Some(instant::write(opened.due_at)) })
        }
        Change::Attempted { tries, note: _ } => Event::new(NAME, &pb::CallbackAttempted { callback, tries }),
        Change::Passed(verdict) => {
            Event::new(NAME, &pb::CallbackPassed { callback, verdict: Some(without_words(verdict)) })
        }
        Change::Failed(verdict) => {
            Event::new(NAME, &pb::CallbackFailed { callback, verdict: Some(without_words(verdict)) })
        }
        Change::Lapsed => Event::new(NAME, &pb::CallbackLapsed { callback }),
        Change::Recomputed { due_at } => {
            Event::new(NAME, &pb::CallbackRecomputed { callback, due_time: Some(instant::write(due_at)) })
        }
        Change::Cancelled { cause: _ } => Event::new(NAME, &pb::CallbackCancelled { callback }),
    }
}

fn profile(entry: &Entry) -> Result<Event, PublishError> {
    let profile::About { district } = entry.decode::<Profile<EvaluationProfile>>()?.about;
    Event::new(NAME, &pb::EvaluationProfileApplied { district, version: entry.head.version })
}

fn reference(entry: &Entry, state: State, about: About) -> pb::CallbackRef {
    pb::CallbackRef {
        id: entry.head.aggregate.to_string(),
        case: about.case.to_string(),
        number: about.number,
        district: about.district,
        unit: about.unit,
        requests: about.requests.iter().map(ToString::to_string).collect(),
        attempt: about.attempt,
        state: convert::state(state).into(),
    }
}

fn without_words(verdict: Verdict) -> pb::Verdict {
    convert::verdict(Verdict { comment: String::new(), ..verdict })
}
