//! 险情: the reporter added that life is in danger, as routing has read it. It is a correction of how pressing the case is, by nobody: area,
//! category and holder stay as they are by now, and it has no longer than a danger has from now on. Where nobody works on it any more, the
//! addition alone is in its history.

use huying_chassis::{log::Decided, run::Halt};
use huying_terms::{Limit, Priority};
use uuid::Uuid;

use super::{Corrected, correct::WORKED_ON};
use crate::domain::{
    case::{Case, Change},
    clocks::ClockKind,
    error::Error,
    known::Known,
    rule::{Rule, Step, To},
    unit::Named,
};

#[derive(Clone, Debug)]
pub struct Endanger {
    pub request: Uuid,
    /// From now on.
    pub respond: Limit,
    pub resolve: Limit,
    pub reason: String,
}

impl Step<Case> for Endanger {
    const RULE: Rule<Case> = Rule::new("endanger", &WORKED_ON, To::Same);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let (profile, now) = (known.profile(), known.now());
        let mut clocks = case.clocks.clone();
        for (kind, limit) in [(ClockKind::Respond, self.respond), (ClockKind::Resolve, self.resolve)] {
            clocks.set(kind, case.clocks.shortened(kind, limit, profile, now).as_ref());
        }
        let stays = case.priority == Priority::Urgent && clocks == case.clocks;
        if stays || !case.has(self.request) {
            return Ok(Decided::AlreadyDone);
        }
        let corrected = Corrected {
            from: Named::from(&case.holder),
            to: case.holder.clone(),
            area: case.area.clone(),
            category: case.category.clone(),
            departments: case.departments.clone(),
            priority: Priority::Urgent,
            reason: self.reason.clone(),
            clocks: Some(clocks),
            demands: case.demands.clone(),
            not_to: None,
        };
        Ok(Decided::one(corrected.into()))
    }
}
