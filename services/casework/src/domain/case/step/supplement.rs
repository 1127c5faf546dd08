//! 补充: the reporter added something, and the holder should read it.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    case::{Case, Change, State},
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Debug)]
pub struct Supplement {
    pub request: Uuid,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplemented {
    pub request: Uuid,
    pub text: String,
}

impl Step<Case> for Supplement {
    const RULE: Rule<Case> = Rule::new("supplement", &State::OPEN, To::Same);

    fn decide(&self, case: &Case, _: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        if !case.has(self.request) {
            return Ok(Decided::AlreadyDone);
        }
        Ok(Decided::one(Supplemented { request: self.request, text: self.text.clone() }.into()))
    }
}

impl Happened<Case> for Supplemented {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Supplement::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.notes += 1;
    }

    fn words(&self) -> String {
        self.text.clone()
    }
}
