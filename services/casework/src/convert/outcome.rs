//! How a case closed, in the contract's words.

use huying_proto::casework::v1 as pb;

use crate::domain::Outcome;

pub fn write(outcome: Option<Outcome>) -> pb::Outcome {
    match outcome {
        None => pb::Outcome::Unspecified,
        Some(Outcome::StruckOff) => pb::Outcome::StruckOff,
        Some(Outcome::Withdrawn) => pb::Outcome::Withdrawn,
        Some(Outcome::Declined) => pb::Outcome::Declined,
        Some(Outcome::Merged) => pb::Outcome::Merged,
    }
}

pub fn read(outcome: pb::Outcome) -> Option<Outcome> {
    match outcome {
        pb::Outcome::Unspecified => None,
        pb::Outcome::StruckOff => Some(Outcome::StruckOff),
        pb::Outcome::Withdrawn => Some(Outcome::Withdrawn),
        pb::Outcome::Declined => Some(Outcome::Declined),
        pb::Outcome::Merged => Some(Outcome::Merged),
    }
}
