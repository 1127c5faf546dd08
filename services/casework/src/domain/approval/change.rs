//! How an approval is after what happened to it, and what its events say of it.

use huying_chassis::log::{Aggregate, Stamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Approval, ApprovalChange, ApprovalState, Ask, AskKind};
use crate::domain::successor::{Succeeds, Successor};

/// What every event says of an approval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApprovalAbout {
    pub case: Uuid,
    pub number: String,
    pub district: String,
    pub area: String,
    pub kind: AskKind,
    pub asked_by: String,
    pub granter: String,
}

impl Aggregate for Approval {
    const KIND: &'static str = "approval";
    type Change = ApprovalChange;
    type State = ApprovalState;
    type About = ApprovalAbout;

    fn leads_to(before: Option<&Self>, change: &ApprovalChange) -> Option<ApprovalState> {
        match before {
            None => matches!(change, ApprovalChange::Asked(_)).then_some(ApprovalState::Asked),
            Some(it) => change.happened().rule().map_or(Some(it.state), |rule| rule.leads(it.state)),
        }
    }

    fn first(change: &ApprovalChange, state: ApprovalState, stamp: &Stamp) -> Option<Self> {
        let ApprovalChange::Asked(asked) = change else { return None };
        let mut approval = asked.begin(state, stamp);
        approval.find_due();
        Some(approval)
    }

    fn apply(&mut self, change: &ApprovalChange, state: ApprovalState, stamp: &Stamp) {
        self.state = state;
        change.happened().fold(self, stamp);
        self.find_due();
    }

    fn district(&self) -> &str {
        &self.district
    }

    fn about(&self) -> ApprovalAbout {
        ApprovalAbout {
            case: self.case,
            number: self.number.clone(),
            district: self.district.clone(),
            area: self.area.clone(),
            kind: (&self.ask).into(),
            asked_by: self.asked_by.unit.clone(),
            granter: self.granter.unit.clone(),
        }
    }
}

impl Approval {
    /// What the row is found by follows from the clocks.
    fn find_due(&mut self) {
        (self.due_at, self.overdue) = (self.clocks.next_due(), self.clocks.overdue());
    }
}

impl Succeeds for Approval {
    fn is_live(&self) -> bool {
        self.state == ApprovalState::Asked
    }

    fn units(&self) -> Vec<&str> {
        let group = match &self.ask {
            Ask::CallGroup { group, .. } => Some(group.units()),
            Ask::Extend { .. } | Ask::Suspend { .. } | Ask::Decline { .. } => None,
        };
        let own = [self.granter.unit.as_str(), &self.asked_by.unit];
        own.into_iter().chain(group.into_iter().flatten()).collect()
    }

    fn replace(&mut self, successor: &Successor) {
        successor.holder(&mut self.granter);
        successor.holder(&mut self.asked_by);
        match &mut self.ask {
            Ask::CallGroup { group, dispatches, .. } => {
                successor.group(group);
                dispatches.iter_mut().for_each(|called| successor.code(&mut called.unit));
            }
            Ask::Extend { .. } | Ask::Suspend { .. } | Ask::Decline { .. } => {}
        }
    }
}
