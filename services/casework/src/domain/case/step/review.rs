//! 复查: somebody above looked at a suspended case and lets it stay so until another day.

use chrono::NaiveDate;
use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use super::suspend::until;
use crate::domain::{
    case::{Case, Change, State, reviewer},
    clocks::{ClockKind, Clocks},
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Debug)]
pub struct ReviewSuspension {
    /// The day of the next review.
    pub review: NaiveDate,
    pub remark: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SuspensionReviewed {
    pub review: NaiveDate,
    pub remark: String,
    pub clocks: Clocks,
}

impl Step<Case> for ReviewSuspension {
    const RULE: Rule<Case> = Rule::new("review_suspension", &[State::Suspended], To::Same).by(reviewer);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let review = (ClockKind::Review, until(self.review, known)?);
        let clocks = case.clocks.standing_still(review, known.profile(), known.now());
        let remark = self.remark.clone();
        Ok(Decided::one(SuspensionReviewed { review: self.review, remark, clocks }.into()))
    }
}

impl Happened<Case> for SuspensionReviewed {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(ReviewSuspension::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.clocks = self.clocks.clone();
        if let Some(suspension) = &mut case.suspension {
            (suspension.review, suspension.remark) = (self.review, self.remark.clone());
        }
    }

    fn words(&self) -> String {
        format!("{} {}", self.review, self.remark)
    }
}
