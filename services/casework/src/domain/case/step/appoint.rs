//! 指派承办人: who of the holder's people has it in hand. The unit stays responsible; when the case goes to another, nobody has.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use crate::domain::{
    case::{Case, Change, State, holder},
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
    unit::Officer,
};

#[derive(Clone, Debug)]
pub struct Appoint {
    /// None: nobody any more.
    pub officer: Option<Officer>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointed {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<Officer>,
    /// Why it came about by itself; empty: by hand.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

impl Appointed {
    pub fn by_hand(officer: Option<Officer>) -> Self {
        Self { officer, why: String::new() }
    }

    /// Who it was and why, as a history tells.
    pub fn shown(&self) -> String {
        let officer = self.officer.as_ref().map_or("", |it| it.shown());
        format!("{officer} {}", self.why).trim().to_owned()
    }
}

impl Step<Case> for Appoint {
    const RULE: Rule<Case> =
        Rule::new("appoint", &[State::Assigned, State::Working, State::Waiting, State::Suspended], To::Same)
            .by(holder);

    fn decide(&self, case: &Case, _: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        if case.officer == self.officer {
            return Ok(Decided::AlreadyDone);
        }
        Ok(Decided::one(Appointed::by_hand(self.officer.clone()).into()))
    }
}

impl Happened<Case> for Appointed {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(<Appoint as Step<Case>>::RULE)
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        case.officer.clone_from(&self.officer);
        case.appointed_at = self.officer.is_some().then_some(stamp.at);
    }

    fn words(&self) -> String {
        self.shown()
    }
}
