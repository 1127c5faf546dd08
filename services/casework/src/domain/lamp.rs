//! 亮灯: a clock of whatever has clocks reached amber or red. Due twice is harmless: a lamp that turned is already done.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};

use super::{
    clocks::{Clocks, LampTurned},
    error::Error,
    known::Known,
    recompute::Recomputed,
    rule::{Happened, Rule, Ruled, Step, To},
};

/// What has clocks.
pub trait Clocked: Ruled<Change: From<LampTurned> + From<Recomputed>> {
    fn clocks(&self) -> &Clocks;
    fn clocks_mut(&mut self) -> &mut Clocks;
}

/// All lamps that turn by now.
#[derive(Clone, Copy, Debug)]
pub struct TurnLamps;

impl<A: Clocked> Step<A> for TurnLamps {
    /// Wherever it is.
    const RULE: Rule<A> = Rule::new("turn_lamps", A::STATES, To::Same);

    fn decide(&self, it: &A, known: &dyn Known) -> Result<Decided<A::Change>, Halt<Error>> {
        Ok(Decided::Done(it.clocks().turns(known.now()).into_iter().map(Into::into).collect()))
    }
}

impl<A: Clocked> Happened<A> for LampTurned {
    fn rule(&self) -> Option<Rule<A>> {
        Some(<TurnLamps as Step<A>>::RULE)
    }

    fn fold(&self, it: &mut A, _: &Stamp) {
        it.clocks_mut().turn(self.clock, self.lamp);
    }

    fn stirs(&self) -> bool {
        false
    }

    fn words(&self) -> String {
        format!("{} {}", self.clock, self.lamp)
    }
}
