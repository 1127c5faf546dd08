//! 会商: units met about the case. Its minutes are kept, and what each is to do becomes a dispatch in the same commit.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::call::{Call, at_street};
use crate::domain::{
    beside::Beside,
    case::{Case, Change, State, Summoned, holder_or_chair},
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
    unit::{Named, Unit},
};

/// A consultation was held.
#[derive(Clone, Debug)]
pub struct Consult {
    /// The units that took part, 1 or more, none twice.
    pub participants: Vec<String>,
    pub minutes: String,
    /// What was settled on, by unit; may summon nobody.
    pub call: Call,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consulted {
    pub participants: Vec<Named>,
    pub minutes: String,
    /// The lead first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dispatches: Vec<Summoned>,
}

impl Step<Case> for Consult {
    const RULE: Rule<Case> =
        Rule::new("consult", &[State::Working], To::Same).by(holder_or_chair).fits(at_street);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let (present, called) = self.units(case, known)?;
        if !called.is_empty() {
            self.call.check(case, called, known)?;
        }
        let participants = present.iter().map(Named::of).collect();
        let (minutes, dispatches) = (self.minutes.clone(), self.call.summoned());
        Ok(Decided::one(Consulted { participants, minutes, dispatches }.into()))
    }

    fn beside(&self, case: &Case, known: &dyn Known) -> Answer<Vec<Beside>> {
        let (_, called) = self.units(case, known)?;
        if called.is_empty() { Ok(Vec::new()) } else { self.call.send(case, called, known) }
    }
}

impl Consult {
    /// Those present, and those with a task, each in the order given.
    fn units<'a>(&self, case: &Case, known: &'a dyn Known) -> Answer<(&'a [Unit], &'a [Unit])> {
        let codes: Vec<String> = self.participants.iter().cloned().chain(self.call.codes()).collect();
        let units = known.units(&case.district, &codes)?;
        Ok(units.split_at_checked(self.participants.len()).unwrap_or((units, &[])))
    }
}

impl Happened<Case> for Consulted {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Consult::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.consultations = case.consultations.saturating_add(1);
        case.dispatches.extend(self.dispatches.iter().cloned());
    }

    fn words(&self) -> String {
        let present: Vec<&str> = self.participants.iter().map(Named::shown).collect();
        format!("{}：{}", present.join("、"), self.minutes)
    }

    fn called(&self) -> Vec<Uuid> {
        self.dispatches.iter().map(|it| it.dispatch).collect()
    }
}
