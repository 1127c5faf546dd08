//! What happened to rounds and interviews: who is asked only by the case's number, who asks only by their unit, and none of their words.

use huying_chassis::{
    bus::{Event, PublishError},
    log::{Entry, Told},
};
use huying_proto::evaluation::v1 as pb;

use super::without_words;
use crate::{
    NAME,
    convert::round as convert,
    domain::{
        interview::{Interview, InterviewAbout, InterviewChange, InterviewState, Outcome},
        round::{Round, RoundAbout, RoundChange, RoundState},
    },
};

pub(super) fn round(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state, about } = entry.decode::<Round>()?;
    let round = Some(of_round(entry, state, about));
    match change {
        RoundChange::Begun(begun) => {
            let sample = convert::count(begun.plan.sample);
            let population = begun.strata.iter().map(|stratum| stratum.population).sum();
            Event::new(NAME, &pb::RoundBegun { round, sample, population })
        }
        RoundChange::Closed => Event::new(NAME, &pb::RoundClosed { round }),
    }
}

pub(super) fn interview(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state, about } = entry.decode::<Interview>()?;
    let interview = Some(of_interview(entry, state, about));
    match change {
        InterviewChange::Drawn(_) => Event::new(NAME, &pb::InterviewDrawn { interview }),
        InterviewChange::CalledUp { replaces, interviewer: _ } => {
            Event::new(NAME, &pb::InterviewCalledUp { interview, replaces: replaces.to_string() })
        }
        InterviewChange::HandedOut { interviewer } => {
            Event::new(NAME, &pb::InterviewHandedOut { interview, unit: interviewer.unit })
        }
        InterviewChange::Recorded(recorded) => {
            let outcome = convert::outcome(&recorded.outcome).into();
            let verdict = match recorded.outcome {
                Outcome::Answered(verdict) => without_words(verdict),
                Outcome::Refused | Outcome::Unreachable => None,
            };
            Event::new(NAME, &pb::InterviewRecorded { interview, outcome, verdict })
        }
    }
}

fn of_round(entry: &Entry, state: RoundState, about: RoundAbout) -> pb::RoundRef {
    pb::RoundRef {
        id: entry.head.aggregate.to_string(),
        district: about.district,
        area: about.area,
        state: convert::round_state(state).into(),
    }
}

fn of_interview(entry: &Entry, state: InterviewState, about: InterviewAbout) -> pb::InterviewRef {
    pb::InterviewRef {
        id: entry.head.aggregate.to_string(),
        round: about.round.to_string(),
        district: about.district,
        case: about.case.to_string(),
        number: about.number,
        state: convert::interview_state(state).into(),
    }
}
