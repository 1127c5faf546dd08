//! 延期: the holder asks for more time before it is up, and whoever is above grants it. The time used counts.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::{Clock, Limit};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::approval::{ask, asked, not_asked};
use crate::domain::{
    approval::{Ask, AskKind},
    beside::Beside,
    case::{Case, Change, State, holder},
    clocks::ClockKind,
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
};

/// The holder asks for it.
#[derive(Clone, Debug)]
pub struct AskExtension {
    /// The id of the approval that it becomes.
    pub approval: Uuid,
    /// So much more, in the measure of the resolve clock's limit.
    pub more: Limit,
    pub reason: String,
}

/// It was granted.
#[derive(Clone, Copy, Debug)]
pub struct Extend {
    pub more: Limit,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extended {
    pub more: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve: Option<Clock>,
}

impl Step<Case> for AskExtension {
    const RULE: Rule<Case> =
        Rule::new("ask_extension", &[State::Working], To::Same).by(holder).fits(may_be_extended);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        longer(case, self.more, known)?;
        Ok(Decided::one(asked(self.approval, AskKind::Extend, &self.reason)))
    }

    fn beside(&self, case: &Case, known: &dyn Known) -> Answer<Vec<Beside>> {
        ask(case, self.approval, Ask::Extend { more: self.more }, &self.reason, known)
    }
}

/// In time, not too often, and not while it is asked for.
fn may_be_extended(case: &Case, known: &dyn Known) -> Answer<()> {
    not_asked(case, AskKind::Extend)?;
    let most = known.profile().policies.extensions;
    if case.extensions >= most {
        return Err(Error::TooManyExtensions { most }.into());
    }
    match case.clocks.get(ClockKind::Resolve).and_then(|clock| clock.due_at) {
        Some(due_at) if known.now() < due_at => Ok(()),
        Some(_) | None => Err(Error::DeadlinePassed.into()),
    }
}

/// The resolve clock's limit with so much more, within what one extension may give.
fn longer(case: &Case, more: Limit, known: &dyn Known) -> Answer<Limit> {
    let profile = known.profile();
    let Some(clock) = case.clocks.get(ClockKind::Resolve) else { return Err(Error::DeadlinePassed.into()) };
    let longest = profile.policies.longest_extension;
    if more.kind != clock.limit.kind {
        return Err(Error::OtherMeasure { kind: clock.limit.kind }.into());
    }
    // Two measures are compared by the instants they lead to.
    let from = clock.due_at.unwrap_or_else(|| known.now());
    if profile.clock(more, from).due_at > profile.clock(longest, from).due_at {
        return Err(Error::ExtensionTooLong { longest }.into());
    }
    Limit::new(more.kind, clock.limit.amount.saturating_add(more.amount))
        .map_err(|_| Error::ExtensionTooLong { longest }.into())
}

impl Step<Case> for Extend {
    /// Once granted it is given, also when the clock has gone red or stands still by then.
    const RULE: Rule<Case> =
        Rule::new("extend", &[State::Working, State::Waiting, State::Suspended], To::Same);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let limit = longer(case, self.more, known)?;
        let resolve = case.clocks.extended(ClockKind::Resolve, limit, known.profile(), known.now());
        Ok(Decided::one(Extended { more: self.more, resolve }.into()))
    }
}

impl Happened<Case> for Extended {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Extend::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.extensions += 1;
        case.clocks.set(ClockKind::Resolve, self.resolve.as_ref());
    }

    fn words(&self) -> String {
        self.more.to_string()
    }
}
