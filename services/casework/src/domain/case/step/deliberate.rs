//! 协商议事: an open meeting deliberated on the case. Its outcome stands in the case's history, wherever the case has come to by then.

use huying_chassis::log::Stamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    case::Case,
    meeting::Outcome,
    rule::{Happened, Rule},
};

/// Beside the record of the meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deliberated {
    pub meeting: Uuid,
    /// What the meeting was called.
    pub title: String,
    pub outcome: Outcome,
}

impl Happened<Case> for Deliberated {
    fn rule(&self) -> Option<Rule<Case>> {
        None
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.meetings.push(self.meeting);
    }

    fn words(&self) -> String {
        let settled = if self.outcome.settled { "已解决" } else { "未解决" };
        format!("{}：{}（{settled}）", self.title, self.outcome.text)
    }
}
