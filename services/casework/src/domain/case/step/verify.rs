//! 核查: somebody who neither holds the case nor worked on it looks on site whether it is done. Until then nobody is told and nobody asked
//! about it. Passed, it stays resolved; failed, it is worked on again, with the time that it had used. What nobody looks at in time is the
//! next above's to look at.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::Clock;
use serde::{Deserialize, Serialize};

use super::{
    Closed,
    resolve::{Resolved, worked},
};
use crate::domain::{
    case::{Case, Change, State, turns_red, verification::Verification},
    clocks::{ClockKind, Clocks},
    error::Error,
    handling::Handling,
    known::{Answer, Known},
    parties,
    rule::{Happened, Rule, Step, To},
    unit::{By, Holder, Named},
};

#[derive(Clone, Debug)]
pub struct Verify {
    pub passed: bool,
    /// What was found.
    pub finding: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verified {
    pub finding: String,
    /// What it stays resolved with; the contact stands in its resolution alone.
    pub resolved: Resolved,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify: Option<Clock>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerificationFailed {
    pub finding: String,
    pub clocks: Clocks,
}

/// Nobody looked in time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerificationClimbed {
    /// The unit that was to look.
    pub from: Named,
    pub to: Holder,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify: Option<Clock>,
}

impl Step<Case> for Verify {
    const RULE: Rule<Case> =
        Rule::new("verify", &[State::Resolved], To::Same).by(verifier).fits(may_be_verified);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let (finding, profile, now) = (self.finding.clone(), known.profile(), known.now());
        if !self.passed {
            let clocks = case.clocks.running_on(ClockKind::Verify, profile, now);
            return Ok(Decided::one(VerificationFailed { finding, clocks }.into()));
        }
        let verify = case.clocks.stopped(ClockKind::Verify, profile, now);
        let verified = Verified { finding, resolved: stood(case, known)?, verify };
        let mut changes = vec![verified.into()];
        // Nobody is asked before, but whatever was said is not lost.
        changes.extend(case.is_answered_and_judged().then(|| Closed::STRUCK_OFF.into()));
        Ok(Decided::Done(changes))
    }
}

/// What a case that is to be looked at stands resolved with.
pub(super) fn stood(case: &Case, known: &dyn Known) -> Answer<Resolved> {
    Ok(Resolved {
        answer: case.answer.clone(),
        units: worked(case, known)?,
        parties: parties::told(case, known)?,
        resolve: case.clocks.stopped(ClockKind::Resolve, known.profile(), known.now()),
        handling: case.handling.clone().map(|it| Handling { contact: None, ..it }),
        verifier: None,
        verify: None,
    })
}

/// The unit that is to look, or whoever's area holds its; never one that worked on it.
fn verifier(case: &Case, by: &By) -> Result<(), Error> {
    // Where nothing is to be looked at, that refuses.
    let Some(verifier) = &case.verifier else { return Ok(()) };
    let looks = case.is_verifier(by) || by.sees(&case.district, &verifier.area);
    if looks && !case.is_worker(by) {
        Ok(())
    } else {
        Err(Error::NotVerifier { verifier: verifier.unit.clone() })
    }
}

/// By somebody who did not work on it in another unit either, with a photo.
fn may_be_verified(case: &Case, known: &dyn Known) -> Answer<()> {
    if case.verifier.is_none() {
        return Err(Error::NothingToVerify.into());
    }
    let works = case.all_workers(known)?.iter().any(|unit| known.by().is(&case.district, unit));
    if works || known.parties(case)?.have(&case.district, known.by()) {
        return Err(Error::WorkedOnIt.into());
    }
    if case.has_photo_of(known.by()) { Ok(()) } else { Err(Error::PhotoRequired.into()) }
}

pub(super) const FAIL: Rule<Case> =
    Rule::new("fail_verification", &[State::Resolved], To::At(State::Working));

pub(super) const CLIMB: Rule<Case> = Rule::new("climb_verification", &[State::Resolved], To::Same);

/// What comes with the lamps that turn: at red the next above who did not work on it is to look, in a time of its own. At the top it stays.
///
/// # Errors
/// [`Halt::More`].
pub(in crate::domain::case) fn unverified(
    case: &Case,
    changes: &[Change],
    known: &dyn Known,
) -> Answer<Option<Change>> {
    let Some(verifier) = case.verifier.as_ref().filter(|_| turns_red(changes, ClockKind::Verify)) else {
        return Ok(None);
    };
    let climbed = case.unconcerned_above(&verifier.unit, known)?.map(|unit| VerificationClimbed {
        from: Named::from(verifier),
        to: Holder::of(unit),
        verify: case.clocks.anew(ClockKind::Verify, known.profile(), known.now()),
    });
    Ok(climbed.map(Into::into))
}

fn found(passed: bool, finding: &str, stamp: &Stamp) -> Option<Verification> {
    let unit = stamp.actor.unit.clone();
    Some(Verification { passed, finding: finding.to_owned(), unit, at: stamp.at })
}

impl Happened<Case> for Verified {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Verify::RULE)
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        (case.verifier, case.verification) = (None, found(true, &self.finding, stamp));
        case.clocks.set(ClockKind::Resolve, self.resolved.resolve.as_ref());
        case.clocks.set(ClockKind::Verify, self.verify.as_ref());
    }

    fn words(&self) -> String {
        self.finding.clone()
    }
}

impl Happened<Case> for VerificationFailed {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(FAIL)
    }

    /// What was to be told stays in the log: nobody was told.
    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        (case.verification, case.clocks) = (found(false, &self.finding, stamp), self.clocks.clone());
        (case.handling, case.judgement) = (None, None);
        case.answer.clear();
        for request in &mut case.requests {
            request.answered = false;
        }
    }

    fn words(&self) -> String {
        self.finding.clone()
    }
}

impl Happened<Case> for VerificationClimbed {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(CLIMB)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.verifier = Some(self.to.clone());
        case.clocks.set(ClockKind::Verify, self.verify.as_ref());
    }

    fn stirs(&self) -> bool {
        false
    }

    fn words(&self) -> String {
        format!("{} → {}", self.from.shown(), Named::from(&self.to).shown())
    }
}
