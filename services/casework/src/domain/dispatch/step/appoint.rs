//! 指派承办人: who of the called department's people has it in hand.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};

use crate::domain::{
    case::step::{Appoint, Appointed},
    dispatch::{Dispatch, DispatchChange, DispatchState, called},
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
};

impl Step<Dispatch> for Appoint {
    const RULE: Rule<Dispatch> =
        Rule::new("appoint", &[DispatchState::Sent, DispatchState::Accepted], To::Same).by(called);

    fn decide(&self, dispatch: &Dispatch, _: &dyn Known) -> Result<Decided<DispatchChange>, Halt<Error>> {
        if dispatch.officer == self.officer {
            return Ok(Decided::AlreadyDone);
        }
        Ok(Decided::one(Appointed::by_hand(self.officer.clone()).into()))
    }
}

impl Happened<Dispatch> for Appointed {
    fn rule(&self) -> Option<Rule<Dispatch>> {
        Some(<Appoint as Step<Dispatch>>::RULE)
    }

    fn fold(&self, dispatch: &mut Dispatch, _: &Stamp) {
        dispatch.officer.clone_from(&self.officer);
    }

    fn words(&self) -> String {
        self.shown()
    }
}
