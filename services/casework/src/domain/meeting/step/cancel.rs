//! 取消: it is not held. Its cases go on as they are.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use crate::domain::{
    error::Error,
    known::Known,
    meeting::{Meeting, MeetingChange, MeetingState, office},
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Debug)]
pub struct Cancel {
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    pub reason: String,
}

impl Step<Meeting> for Cancel {
    const RULE: Rule<Meeting> =
        Rule::new("cancel", &[MeetingState::Convened], To::At(MeetingState::Cancelled)).by(office);

    fn decide(&self, _: &Meeting, _: &dyn Known) -> Result<Decided<MeetingChange>, Halt<Error>> {
        Ok(Decided::one(Cancelled { reason: self.reason.clone() }.into()))
    }
}

impl Happened<Meeting> for Cancelled {
    fn rule(&self) -> Option<Rule<Meeting>> {
        Some(Cancel::RULE)
    }

    fn fold(&self, meeting: &mut Meeting, _: &Stamp) {
        meeting.minutes.clone_from(&self.reason);
    }

    fn words(&self) -> String {
        self.reason.clone()
    }
}
