//! 重新计时: the district's calendar, hours or amber per cent were changed while clocks run. Each is then as if it had been started by the
//! new ones: the runs and the limit are the same, the lamps that turned stay turned.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use super::{
    clocks::Clocks,
    error::Error,
    known::Known,
    lamp::Clocked,
    rule::{Happened, Rule, Step, To},
};

/// By the profile as it is now.
#[derive(Clone, Copy, Debug)]
pub struct Recompute;

/// The clocks that are otherwise now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recomputed {
    pub clocks: Clocks,
}

impl<A: Clocked> Step<A> for Recompute {
    /// Wherever it is: clocks that have stopped stay as they are.
    const RULE: Rule<A> = Rule::new("recompute", A::STATES, To::Same);

    fn decide(&self, it: &A, known: &dyn Known) -> Result<Decided<A::Change>, Halt<Error>> {
        Ok(match it.clocks().recomputed(known.profile()) {
            Some(clocks) => Decided::one(Recomputed { clocks }.into()),
            None => Decided::AlreadyDone,
        })
    }
}

impl Recomputed {
    /// How they are afterwards.
    pub(super) fn onto(&self, it: &mut impl Clocked) {
        for (kind, clock) in self.clocks.each() {
            it.clocks_mut().set(kind, Some(clock));
        }
    }
}

impl<A: Clocked> Happened<A> for Recomputed {
    fn rule(&self) -> Option<Rule<A>> {
        Some(<Recompute as Step<A>>::RULE)
    }

    fn fold(&self, it: &mut A, _: &Stamp) {
        self.onto(it);
    }

    fn stirs(&self) -> bool {
        false
    }
}
