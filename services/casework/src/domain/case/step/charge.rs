//! 领办: a leader takes a hard case into their own charge, with a plan, until it is closed, or somebody of the leader's area or above ends that
//! or takes it over. How it gets on is reported at it. The holder stays the holder, and no clock changes.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use crate::domain::{
    By, Error,
    case::{Case, Change, State, above, holder},
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
};

/// In whose charge a case is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The leader's name.
    pub leader: String,
    /// What they will see done.
    pub plan: String,
    /// Since when.
    #[serde(with = "ts_microseconds")]
    pub since: DateTime<Utc>,
    /// What whoever took it answers for; empty in what builds before wrote.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub area: String,
    /// How it got on, as reported last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub text: String,
    /// The unit that reported it.
    pub unit: String,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
}

/// Where a case may be in somebody's charge: wherever it is worked on.
const WORKED: &[State] =
    &[State::Assigned, State::Working, State::Returned, State::Suspended, State::Waiting];

/// A leader takes it, or another takes it over.
#[derive(Clone, Debug)]
pub struct TakeCharge {
    pub leader: String,
    pub plan: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeTaken {
    pub leader: String,
    pub plan: String,
    /// What whoever took it answers for, in the case's district.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub area: String,
}

impl Step<Case> for TakeCharge {
    const RULE: Rule<Case> = Rule::new("take_charge", WORKED, To::Same).by(above).fits(may_take);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let Self { leader, plan } = self.clone();
        let area = known.by().reach.part_of(&case.district).unwrap_or_default().to_owned();
        Ok(Decided::one(ChargeTaken { leader, plan, area }.into()))
    }
}

impl Happened<Case> for ChargeTaken {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(TakeCharge::RULE)
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        let Self { leader, plan, area } = self.clone();
        case.charge = Some(Charge { leader, plan, since: stamp.at, area, progress: None });
    }

    fn words(&self) -> String {
        format!("{} {}", self.leader, self.plan)
    }
}

/// How it gets on, by its holder or by whoever is above.
#[derive(Clone, Debug)]
pub struct ReportCharge {
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeReported {
    pub text: String,
}

impl Step<Case> for ReportCharge {
    const RULE: Rule<Case> = Rule::new("report_charge", WORKED, To::Same).by(holder_or_above).fits(in_charge);

    fn decide(&self, _: &Case, _: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        Ok(Decided::one(ChargeReported { text: self.text.clone() }.into()))
    }
}

impl Happened<Case> for ChargeReported {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(ReportCharge::RULE)
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        if let Some(charge) = &mut case.charge {
            let unit = stamp.actor.unit.clone().unwrap_or_default();
            charge.progress = Some(Progress { text: self.text.clone(), unit, at: stamp.at });
        }
    }

    fn words(&self) -> String {
        self.text.clone()
    }
}

/// It is in nobody's charge any more.
#[derive(Clone, Debug)]
pub struct EndCharge {
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeEnded {
    pub reason: String,
}

impl Step<Case> for EndCharge {
    const RULE: Rule<Case> = Rule::new("end_charge", WORKED, To::Same).by(above).fits(may_end);

    fn decide(&self, _: &Case, _: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        Ok(Decided::one(ChargeEnded { reason: self.reason.clone() }.into()))
    }
}

impl Happened<Case> for ChargeEnded {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(EndCharge::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.charge = None;
    }

    fn words(&self) -> String {
        self.reason.clone()
    }
}

fn holder_or_above(case: &Case, by: &By) -> Result<(), Error> {
    if above(case, by).is_ok() { Ok(()) } else { holder(case, by) }
}

fn in_charge(case: &Case, _: &dyn Known) -> Answer<()> {
    case.charge.as_ref().map(drop).ok_or_else(|| Error::NotInCharge.into())
}

/// From another leader only by somebody who might end it.
fn may_take(case: &Case, known: &dyn Known) -> Answer<()> {
    if case.charge.is_some() { may_end(case, known) } else { Ok(()) }
}

/// By whoever took it or stands above: a holder's own desk does not rid it of a leader's eye.
fn may_end(case: &Case, known: &dyn Known) -> Answer<()> {
    let charge = case.charge.as_ref().ok_or(Error::NotInCharge)?;
    let area = if charge.area.is_empty() { &case.area } else { &charge.area };
    if known.by().sees(&case.district, area) {
        Ok(())
    } else {
        Err(Error::NotAboveCharge { area: area.clone() }.into())
    }
}
