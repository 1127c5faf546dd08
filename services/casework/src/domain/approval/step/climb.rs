//! 逾期上移: nobody ruled in time, so whoever is above is to rule.

use huying_chassis::log::Stamp;
use huying_terms::Clock;
use serde::{Deserialize, Serialize};

use crate::domain::{
    approval::{Approval, ApprovalState},
    clocks::ClockKind,
    rule::{Happened, Rule, To},
    unit::Holder,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Climbed {
    /// The unit that was to rule.
    pub from: String,
    pub to: Holder,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approve: Option<Clock>,
}

/// With its clock at red.
pub(super) const CLIMB: Rule<Approval> = Rule::new("climb", &[ApprovalState::Asked], To::Same);

impl Happened<Approval> for Climbed {
    fn rule(&self) -> Option<Rule<Approval>> {
        Some(CLIMB)
    }

    fn fold(&self, approval: &mut Approval, _: &Stamp) {
        approval.granter = self.to.clone();
        approval.clocks.set(ClockKind::Approve, self.approve.as_ref());
    }
}
