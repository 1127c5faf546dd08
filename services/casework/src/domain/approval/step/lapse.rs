//! 失效: the case moved on before anybody ruled, so what was asked for no longer fits.

use huying_chassis::log::Stamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    approval::{Approval, ApprovalChange, ApprovalState},
    clocks::Clocks,
    known::Known,
    rule::{Happened, Rule, To},
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lapsed {
    pub clocks: Clocks,
}

/// Beside a step on its case.
pub(super) const LAPSE: Rule<Approval> =
    Rule::new("lapse", &[ApprovalState::Asked], To::At(ApprovalState::Lapsed));

/// The end of one that nobody ruled on.
pub fn lapse(approval: &Approval, known: &dyn Known) -> ApprovalChange {
    Lapsed { clocks: approval.clocks.all_stopped(known.profile(), known.now()) }.into()
}

impl Happened<Approval> for Lapsed {
    fn rule(&self) -> Option<Rule<Approval>> {
        Some(LAPSE)
    }

    fn fold(&self, approval: &mut Approval, _: &Stamp) {
        approval.clocks = self.clocks.clone();
    }
}
