//! 挂账: work that takes long is suspended by the district's leave, with a plan and a day on which somebody above looks at it again. Its
//! clocks stand still; nothing of the time used is lost.

use chrono::NaiveDate;
use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::{Limit, LimitKind};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::approval::{ask, asked, not_asked};
use crate::domain::{
    approval::{Ask, AskKind},
    beside::Beside,
    case::{Case, Change, State, Suspension, holder},
    clocks::{ClockKind, Clocks},
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
};

/// The holder asks for it.
#[derive(Clone, Debug)]
pub struct AskSuspension {
    /// The id of the approval that it becomes.
    pub approval: Uuid,
    pub plan: String,
    pub review: NaiveDate,
    pub reason: String,
}

/// It was granted.
#[derive(Clone, Debug)]
pub struct Suspend {
    pub plan: String,
    pub review: NaiveDate,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suspended {
    pub plan: String,
    pub review: NaiveDate,
    pub clocks: Clocks,
}

impl Step<Case> for AskSuspension {
    const RULE: Rule<Case> = Rule::new("ask_suspension", &[State::Working], To::Same)
        .by(holder)
        .fits(|case, _| Ok(not_asked(case, AskKind::Suspend)?));

    fn decide(&self, _: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        until(self.review, known)?;
        Ok(Decided::one(asked(self.approval, AskKind::Suspend, &self.reason)))
    }

    fn beside(&self, case: &Case, known: &dyn Known) -> Answer<Vec<Beside>> {
        let suspend = Ask::Suspend { plan: self.plan.clone(), review: self.review };
        ask(case, self.approval, suspend, &self.reason, known)
    }
}

impl Step<Case> for Suspend {
    const RULE: Rule<Case> = Rule::new("suspend", &[State::Working], To::At(State::Suspended));

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let review = (ClockKind::Review, until(self.review, known)?);
        let clocks = case.clocks.standing_still(review, known.profile(), known.now());
        Ok(Decided::one(Suspended { plan: self.plan.clone(), review: self.review, clocks }.into()))
    }
}

/// So many days until a review: one at least, and no longer than the profile lets. It is due on that day, at the time of day that it is now.
pub(super) fn until(review: NaiveDate, known: &dyn Known) -> Answer<Limit> {
    let (profile, now) = (known.profile(), known.now());
    let days = (review - now.with_timezone(&profile.calendar.zone).date_naive()).num_days();
    if days < 1 {
        return Err(Error::ReviewPast.into());
    }
    let longest = profile.policies.review;
    let limit = u32::try_from(days).ok().and_then(|days| Limit::new(LimitKind::NaturalDay, days).ok());
    match limit {
        Some(limit) if profile.clock(limit, now).due_at <= profile.clock(longest, now).due_at => Ok(limit),
        Some(_) | None => Err(Error::ReviewTooLate { longest }.into()),
    }
}

impl Happened<Case> for Suspended {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Suspend::RULE)
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        let (plan, review) = (self.plan.clone(), self.review);
        case.suspension = Some(Suspension { plan, review, remark: String::new(), since: stamp.at });
        case.clocks = self.clocks.clone();
    }

    fn words(&self) -> String {
        format!("{} {}", self.review, self.plan)
    }
}
