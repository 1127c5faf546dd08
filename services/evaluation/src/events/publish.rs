//! From a log entry to its event: the one exhaustive match. Nothing of the reporter's words, nor of whoever asked.

mod inquiry;
mod rating;
mod round;
mod sign;
mod topic;

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
        change::{About, Change, Ended},
        inquiry::Inquiry,
        inspection::Inspection,
        interview::Interview,
        profile::EvaluationProfile,
        rating::Rating,
        round::Round,
        sign::Sign,
        state::State,
        topic::Topic,
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
        Topic::KIND => topic::publish(entry),
        Sign::KIND => sign::sign(entry),
        Inquiry::KIND => inquiry::inquiry(entry),
        Inspection::KIND => inquiry::inspection(entry),
        Rating::KIND => rating::rating(entry),
        other => Err(PublishError::unsayable(format!("evaluation has no {other}"))),
    }
}

fn callback(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state, about } = entry.decode::<Callback>()?;
    let callback = Some(reference(entry, state, about));
    match change {
        Change::Opened(opened) => {
            let (due_time, by) = (Some(instant::write(opened.due_at)), convert::by(opened.by).into());
            Event::new(NAME, &pb::CallbackOpened { callback, due_time, by })
        }
        Change::Attempted { tries, note: _, by } => {
            Event::new(NAME, &pb::CallbackAttempted { callback, tries, by: convert::by(by).into() })
        }
        Change::Passed(judged) => {
            let (verdict, settles) = (without_words(judged.verdict), settles(judged.ended));
            Event::new(NAME, &pb::CallbackPassed { callback, verdict, settles })
        }
        Change::Failed(judged) => {
            let (verdict, settles) = (without_words(judged.verdict), settles(judged.ended));
            Event::new(NAME, &pb::CallbackFailed { callback, verdict, settles })
        }
        Change::Lapsed => Event::new(NAME, &pb::CallbackLapsed { callback, settles: None }),
        Change::RanOut(ended) => Event::new(NAME, &pb::CallbackLapsed { callback, settles: settles(ended) }),
        Change::Refused { note: _, by, ended } => {
            let (by, settles) = (convert::by(by).into(), settles(ended));
            Event::new(NAME, &pb::CallbackRefused { callback, by, settles })
        }
        Change::Recomputed { due_at } => {
            Event::new(NAME, &pb::CallbackRecomputed { callback, due_time: Some(instant::write(due_at)) })
        }
        Change::Cancelled { cause: _ } => Event::new(NAME, &pb::CallbackCancelled { callback }),
        Change::Withdrawn(ended) => {
            Event::new(NAME, &pb::CallbackWithdrawn { callback, settles: settles(ended) })
        }
        Change::Spared(_) => Event::new(NAME, &pb::CallbackSpared { callback }),
        Change::Appealed(lodged) => {
            let ground = convert::appeal::ground(lodged.ground).into();
            Event::new(NAME, &pb::CallbackAppealed { callback, ground })
        }
        Change::AppealDecided(ruling) => {
            Event::new(NAME, &pb::CallbackAppealDecided { callback, upheld: ruling.upheld })
        }
        // Neither the token, which is not here, nor its hash.
        Change::LinkIssued(link) => {
            Event::new(NAME, &pb::CallbackLinkIssued { callback, by: convert::by(link.by).into() })
        }
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
        request: about.request.map(|request| request.to_string()).unwrap_or_default(),
        attempt: about.attempt,
        state: convert::state(state).into(),
    }
}

fn without_words(verdict: Verdict) -> Option<pb::Verdict> {
    Some(convert::verdict(Verdict { comment: String::new(), ..verdict }))
}

fn settles(ended: Ended) -> Option<pb::Settlement> {
    ended.settles.map(convert::settlement)
}
