//! What can be asked for, and what comes of it when it is granted: a step on the case, in the same commit.

use chrono::NaiveDate;
use huying_chassis::run::Halt;
use huying_terms::{Limit, Tier};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumDiscriminants, VariantArray};
use uuid::Uuid;

use super::Approval;
use crate::domain::{
    beside::Beside,
    case::{
        Case, Summoned,
        step::{ApprovalRuled, CallGroup, Decline, Extend, Ruling, Suspend},
    },
    error::Error,
    group::Group,
    known::{Answer, Known},
    policies::{Granter, Ground},
    rule::Step,
    unit::By,
};

/// What is asked for, with all that granting it needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, EnumDiscriminants)]
#[serde(rename_all = "snake_case")]
#[strum_discriminants(
    name(AskKind),
    derive(Hash, PartialOrd, Ord, Serialize, Deserialize, Display, VariantArray),
    serde(rename_all = "snake_case"),
    strum(serialize_all = "snake_case")
)]
pub enum Ask {
    /// 延期: so much more for the resolve clock.
    Extend { more: Limit },
    /// 挂账: with a plan, until a day on which it is looked at again.
    Suspend { plan: String, review: NaiveDate },
    /// 不予受理: what is asked with it, as its reason, is what the reporter is told.
    Decline { ground: Ground },
    /// 启动专项响应组: this group, to do this; each of its departments with its dispatch.
    CallGroup { group: Box<Group>, task: String, dispatches: Vec<Summoned> },
}

impl AskKind {
    /// Who grants it where the profile does not say.
    pub const fn usual_granter(self) -> Granter {
        match self {
            Self::Extend => Granter::Superior,
            Self::Suspend => Granter::Tier(Tier::District),
            Self::Decline => Granter::Tier(Tier::District),
            Self::CallGroup => Granter::Chair,
        }
    }

    /// Whether a case for which it is granted counts in no rate: who worked on it would look better by that.
    pub const fn leaves_the_rates(self) -> bool {
        match self {
            Self::Decline => true,
            Self::Extend | Self::Suspend | Self::CallGroup => false,
        }
    }
}

impl Approval {
    /// What happens to the case once it is granted.
    pub(super) fn effect(&self, id: Uuid, reason: &str, known: &dyn Known) -> Answer<Vec<Beside>> {
        match &self.ask {
            Ask::Extend { more } => self.then(&Extend { more: *more }, id, reason, known),
            Ask::Suspend { plan, review } => {
                self.then(&Suspend { plan: plan.clone(), review: *review }, id, reason, known)
            }
            Ask::Decline { ground } => {
                let decline = Decline { ground: ground.clone(), answer: self.reason.clone() };
                self.then(&decline, id, reason, known)
            }
            Ask::CallGroup { group, task, dispatches } => {
                let (group, task, dispatches) = (Group::clone(group), task.clone(), dispatches.clone());
                self.then(&CallGroup { group, task, dispatches }, id, reason, known)
            }
        }
    }

    /// The case is told of the ruling, and then takes the step.
    fn then(&self, step: &impl Step<Case>, id: Uuid, reason: &str, known: &dyn Known) -> Answer<Vec<Beside>> {
        let (case, on_case) = (known.case(self.case)?, known.on(self.case));
        let case = case.without(id);
        let (decided, mut beside) = step
            .take(&case, &By::default(), &*on_case)
            .map_err(|halt: Halt<_>| halt.map(|refusal| -> Error { refusal.why }))?;
        let mut changes = vec![self.ruled(id, Ruling::Granted, reason).into()];
        changes.extend(decided.changes());
        beside.insert(0, Beside::Case(self.case, changes));
        Ok(beside)
    }

    /// What its case says of the ruling.
    pub(super) fn ruled(&self, id: Uuid, ruling: Ruling, reason: &str) -> ApprovalRuled {
        ApprovalRuled { approval: id, kind: (&self.ask).into(), ruling, reason: reason.to_owned() }
    }
}
