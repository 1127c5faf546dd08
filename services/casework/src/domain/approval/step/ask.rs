//! 申请: what an approval begins with, beside its holder's step on the case.

use huying_chassis::log::Stamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    approval::{Approval, ApprovalState, Ask},
    clocks::Clocks,
    rule::{Happened, Rule},
    unit::Holder,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    pub case: Uuid,
    pub number: String,
    pub district: String,
    pub area: String,
    pub ask: Ask,
    pub reason: String,
    pub asked_by: Holder,
    pub granter: Holder,
    pub clocks: Clocks,
}

impl Asked {
    pub(in crate::domain::approval) fn begin(&self, state: ApprovalState, stamp: &Stamp) -> Approval {
        let asked = self.clone();
        Approval {
            case: asked.case,
            number: asked.number,
            district: asked.district,
            area: asked.area,
            ask: asked.ask,
            reason: asked.reason,
            asked_by: asked.asked_by,
            granter: asked.granter,
            state,
            clocks: asked.clocks,
            ruling: String::new(),
            asked_at: stamp.at,
            due_at: None,
            overdue: false,
        }
    }
}

impl Happened<Approval> for Asked {
    /// It begins; it never happens to an approval that is there.
    fn rule(&self) -> Option<Rule<Approval>> {
        None
    }

    fn fold(&self, _: &mut Approval, _: &Stamp) {}

    fn words(&self) -> String {
        self.reason.clone()
    }
}
