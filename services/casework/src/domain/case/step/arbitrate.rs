//! 裁定: somebody above says whose a returned case is: another unit's, or after all the one's that handed it back. What nobody decides in
//! time is the next above's to decide.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::{
    Clock,
    place::{contains, related},
};
use serde::{Deserialize, Serialize};

use crate::domain::{
    case::{Case, Change, State, refusal::Arbitration, turns_red},
    clocks::{ClockKind, Clocks},
    error::Error,
    known::{Answer, Known, higher},
    rule::{Happened, Rule, Step, To},
    unit::{By, Holder, Named, Unit},
};

#[derive(Clone, Debug)]
pub struct Arbitrate {
    /// The code of the unit to hold it.
    pub unit: String,
    /// It may not hand it back. So it is in any case for the unit that did, and after as many returns as the profile lets.
    pub binding: bool,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arbitrated {
    /// Who handed it back.
    pub from: Named,
    /// Who is responsible.
    pub to: Holder,
    pub binding: bool,
    pub reason: String,
    pub clocks: Clocks,
}

/// Nobody decided in time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArbitrationClimbed {
    /// The unit that was to decide.
    pub from: Named,
    pub to: Holder,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arbitrate: Option<Clock>,
}

impl Step<Case> for Arbitrate {
    const RULE: Rule<Case> = Rule::new("arbitrate", &[State::Returned], To::At(State::Assigned)).by(arbiter);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        // The answer has as many as were asked for.
        let [target] = known.units(&case.district, std::slice::from_ref(&self.unit))? else {
            return Ok(Decided::AlreadyDone);
        };
        if !may_be_given(case, target, known.by()) {
            return Err(Error::UnitOutsideArea { unit: target.code.clone() }.into());
        }
        let same = target.code == case.holder.unit;
        let often = case.refusals.len() >= known.profile().policies.returns as usize;
        Ok(Decided::one(
            Arbitrated {
                from: Named::from(&case.holder),
                to: Holder::of(target),
                binding: self.binding || same || often,
                reason: self.reason.clone(),
                clocks: decided(case, same, known),
            }
            .into(),
        ))
    }
}

/// A unit whose area has to do with the case's and lies in the arbiter's, or in that of whoever decides for them.
fn may_be_given(case: &Case, target: &Unit, by: &By) -> bool {
    let within = |arbiter: &Holder| contains(&arbiter.area, &target.area);
    let reached = case.arbiter.as_ref().is_some_and(within) || by.sees(&case.district, &target.area);
    reached && related(&target.area, &case.area)
}

/// The same unit goes on with the time that it has left to accept, another begins anew; of the time to resolve, what was used counts.
fn decided(case: &Case, same: bool, known: &dyn Known) -> Clocks {
    let (profile, now) = (known.profile(), known.now());
    let respond = match same {
        true => case.clocks.resumed(ClockKind::Respond, profile, now),
        false => case.clocks.anew(ClockKind::Respond, profile, now),
    };
    let mut clocks = case.clocks.clone();
    clocks.set(ClockKind::Respond, respond.as_ref());
    clocks.set(ClockKind::Resolve, case.clocks.resumed(ClockKind::Resolve, profile, now).as_ref());
    clocks.set(ClockKind::Arbitrate, case.clocks.stopped(ClockKind::Arbitrate, profile, now).as_ref());
    clocks
}

/// The unit that is to decide, or whoever's area holds the arbiter's; never the unit that handed it back.
fn arbiter(case: &Case, by: &By) -> Result<(), Error> {
    // Where it is not returned, its state refuses.
    let Some(arbiter) = &case.arbiter else { return Ok(()) };
    let decides = case.is_arbiter(by) || by.sees(&case.district, &arbiter.area);
    if decides && !case.is_held(by) {
        Ok(())
    } else {
        Err(Error::NotArbiter { arbiter: arbiter.unit.clone() })
    }
}

pub(super) const CLIMB: Rule<Case> = Rule::new("climb", &[State::Returned], To::Same);

/// What comes with the lamps that turn: at red the unit above the arbiter is to decide, in a time of its own. At the top it stays.
///
/// # Errors
/// [`Halt::More`].
pub(in crate::domain::case) fn climbing(
    case: &Case,
    changes: &[Change],
    known: &dyn Known,
) -> Answer<Option<Change>> {
    let Some(arbiter) = case.arbiter.as_ref().filter(|_| turns_red(changes, ClockKind::Arbitrate)) else {
        return Ok(None);
    };
    let climbed = higher(known, &case.district, arbiter)?.map(|unit| ArbitrationClimbed {
        from: Named::from(arbiter),
        to: Holder::of(unit),
        arbitrate: case.clocks.anew(ClockKind::Arbitrate, known.profile(), known.now()),
    });
    Ok(climbed.map(Into::into))
}

impl Happened<Case> for Arbitrated {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Arbitrate::RULE)
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        if let Some(refusal) = case.refusals.last_mut() {
            refusal.arbitration = Some(Arbitration {
                to: Named::from(&self.to),
                binding: self.binding,
                reason: self.reason.clone(),
                by: stamp.actor.unit.clone(),
                at: stamp.at,
            });
        }
        (case.holder, case.clocks) = (self.to.clone(), self.clocks.clone());
    }

    /// Who refused, who is responsible, and why.
    fn words(&self) -> String {
        format!("{} → {}: {}", self.from.shown(), Named::from(&self.to).shown(), self.reason)
    }
}

impl Happened<Case> for ArbitrationClimbed {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(CLIMB)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.arbiter = Some(self.to.clone());
        case.clocks.set(ClockKind::Arbitrate, self.arbitrate.as_ref());
    }

    fn words(&self) -> String {
        format!("{} → {}", self.from.shown(), Named::from(&self.to).shown())
    }
}
