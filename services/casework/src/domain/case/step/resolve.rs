//! 办结: the evidence that the category demands must be there, and every dispatch must be done or ended, a declined one by an arbiter
//! first. Of people who come first somebody was there. The resolve clock stops, or stands still until somebody has looked at it ([`Verify`](super::Verify)).

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::Clock;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    case::{
        Case, Change, State, holder,
        part::{parts, parts_done},
        step::{Closed, attach::has_evidence},
    },
    clocks::ClockKind,
    dispatch::Dispatch,
    error::Error,
    handling::Handling,
    known::{Answer, Known},
    parties::{self, CaseParty},
    rule::{Happened, Rule, Step, To},
    unit::Holder,
};

#[derive(Clone, Debug)]
pub struct Resolve {
    /// What the reporter is told.
    pub answer: String,
    /// How it was handled; none: nothing is said of it.
    pub handling: Option<Handling>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resolved {
    pub answer: String,
    /// The units that worked on it: the holder, then the others.
    pub units: Vec<String>,
    /// Every unit that had part in it, whenever, and who acted for it; none in what builds before wrote.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parties: Vec<CaseParty>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve: Option<Clock>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handling: Option<Handling>,
    /// Who is to look at it first, where the category demands that, and until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verifier: Option<Holder>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify: Option<Clock>,
}

impl Step<Case> for Resolve {
    const RULE: Rule<Case> =
        Rule::new("resolve", &[State::Working], To::At(State::Resolved)).by(holder).fits(ready);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let handling = self.handling.clone();
        let missing = handling.clone().unwrap_or_default().missing(case.required_handling(known.profile()));
        if !missing.is_empty() {
            return Err(Error::HandlingRequired { missing }.into());
        }
        if case.visit_first() && !handling.as_ref().is_some_and(Handling::was_visited) {
            return Err(Error::VisitFirst.into());
        }
        let (profile, now) = (known.profile(), known.now());
        let verifier = case.verified_by(known)?;
        // Until somebody has looked, the time is not up and not lost either.
        let resolve = match verifier {
            Some(_) => case.clocks.paused(ClockKind::Resolve, profile, now),
            None => case.clocks.stopped(ClockKind::Resolve, profile, now),
        };
        let verify = verifier.as_ref().map(|_| profile.clock(profile.policies.verify, now));
        let (answer, units, parties) =
            (self.answer.clone(), worked(case, known)?, parties::told(case, known)?);
        let resolved = Resolved { answer, units, parties, resolve, handling, verifier, verify };
        let mut changes = vec![resolved.into()];
        // Of a part nobody is told and nobody is asked: it is done.
        changes.extend(case.whole.is_some().then(|| Closed::STRUCK_OFF.into()));
        Ok(Decided::Done(changes))
    }
}

/// The holder, then the departments that completed a dispatch, who chairs or chaired its groups, and the holders of its parts; each once.
pub(super) fn worked(case: &Case, known: &dyn Known) -> Answer<Vec<String>> {
    let dispatches = known.dispatches(case)?;
    let done = dispatches.iter().filter(|(_, dispatch)| dispatch.is_done());
    let parts = parts(case, known)?;
    let all = std::iter::once(case.holder.unit.clone())
        .chain(done.map(|(_, dispatch)| dispatch.unit.clone()))
        .chain(case.chairs())
        .chain(parts.into_iter().map(|(_, part)| part.holder.unit.clone()));
    let mut units: Vec<String> = Vec::new();
    for unit in all {
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    Ok(units)
}

fn ready(case: &Case, known: &dyn Known) -> Answer<()> {
    has_evidence(case, known)?;
    parts_done(case, known)?;
    none_open(&known.dispatches(case)?)?;
    case.verified_by(known).map(|_| ())
}

/// Each of them is done or ended.
pub(super) fn none_open(dispatches: &[(Uuid, &Dispatch)]) -> Result<(), Error> {
    let open = dispatches.iter().filter(|(_, dispatch)| !dispatch.state.is_settled());
    let open: Vec<_> = open.map(|(id, dispatch)| (*id, dispatch.unit.clone(), dispatch.state)).collect();
    if open.is_empty() { Ok(()) } else { Err(Error::OpenDispatches { dispatches: open }) }
}

impl Happened<Case> for Resolved {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Resolve::RULE)
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        (case.answer, case.resolved_at) = (self.answer.clone(), Some(stamp.at));
        case.handling = self.handling.clone();
        case.verifier = self.verifier.clone();
        case.clocks.set(ClockKind::Resolve, self.resolve.as_ref());
        case.clocks.set(ClockKind::Verify, self.verify.as_ref());
    }

    fn words(&self) -> String {
        self.answer.clone()
    }
}
