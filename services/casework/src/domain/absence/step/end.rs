//! 销假: the officer is back, or does not go after all.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use crate::domain::{
    absence::{Absence, AbsenceChange, AbsenceState, lasts},
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Copy, Debug)]
pub struct End;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {}

impl Step<Absence> for End {
    /// By whoever reaches it.
    const RULE: Rule<Absence> = Rule::new("end", &[AbsenceState::Recorded], To::At(AbsenceState::Ended))
        .by(|_, _| Ok(()))
        .fits(lasts);

    fn decide(&self, _: &Absence, _: &dyn Known) -> Result<Decided<AbsenceChange>, Halt<Error>> {
        Ok(Decided::one(Ended {}.into()))
    }
}

impl Happened<Absence> for Ended {
    fn rule(&self) -> Option<Rule<Absence>> {
        Some(End::RULE)
    }

    fn fold(&self, absence: &mut Absence, stamp: &Stamp) {
        absence.ended_at = Some(stamp.at);
    }
}
