//! 告知进度: by the holder or a department whose dispatch on it is open. Public notes reach the reporter, internal ones never.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use crate::domain::{
    case::{self, Case, Change, State, holder_or_at_work, holder_or_called},
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Debug)]
pub struct Note {
    pub text: String,
    pub public: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    pub text: String,
    pub public: bool,
}

impl Step<Case> for Note {
    const RULE: Rule<Case> = Rule::new("note", &[State::Working, State::Waiting, State::Suspended], To::Same)
        .by(holder_or_called)
        .fits(holder_or_at_work);

    fn decide(&self, _: &Case, _: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        Ok(Decided::one(Noted { text: self.text.clone(), public: self.public }.into()))
    }
}

impl Happened<Case> for Noted {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Note::RULE)
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        case.notes += 1;
        if self.public {
            let unit = stamp.actor.unit.clone().unwrap_or_default();
            case.last_public_note = Some(case::Note { text: self.text.clone(), unit, at: stamp.at });
        }
    }

    fn words(&self) -> String {
        self.text.clone()
    }

    fn is_public(&self) -> bool {
        self.public
    }
}
