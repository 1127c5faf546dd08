//! 改派: the holder is no more, so somebody else goes on: the unit that whoever's area holds the case names, or the successor that the
//! profile names. It is accepted anew; what was resolved already is judged as it is, and only who answers for it changes.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::{Clock, place::related};
use serde::{Deserialize, Serialize};

use crate::domain::{
    case::{Case, Change, State, above, refusal::Arbitration},
    clocks::{ClockKind, Clocks},
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
    successor::{Replaced, Succeeds, Successor},
    unit::{Holder, Named},
};

/// Why a successor holds it, in the history.
const SUCCEEDS: &str = "承办单位已撤并";

#[derive(Clone, Debug)]
pub struct Relieve {
    /// The code of the unit to hold it.
    pub unit: String,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relieved {
    /// Who held it.
    pub from: Named,
    pub to: Holder,
    pub reason: String,
    /// All of them, as they are afterwards.
    pub clocks: Clocks,
}

/// From wherever somebody works on it, to be accepted.
pub(super) const TO: To<State> = To::Per(&[
    (State::Working, State::Assigned),
    (State::Returned, State::Assigned),
    (State::Suspended, State::Assigned),
    (State::Waiting, State::Assigned),
]);

impl Step<Case> for Relieve {
    const RULE: Rule<Case> = Rule::new("relieve", &State::OPEN, TO).by(above).fits(holder_is_gone);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        // The answer has as many as were asked for.
        let [target] = known.units(&case.district, std::slice::from_ref(&self.unit))? else {
            return Ok(Decided::AlreadyDone);
        };
        let within = known.by().sees(&case.district, &target.area);
        if !within || !related(&target.area, &case.area) {
            return Err(Error::UnitOutsideArea { unit: target.code.clone() }.into());
        }
        let respond = case.clocks.anew(ClockKind::Respond, known.profile(), known.now());
        Ok(Decided::one(relieved(case, Holder::of(target), self.reason.clone(), respond, known)))
    }
}

/// The directory does not know it any more, or its successor is named and has not got it yet.
fn holder_is_gone(case: &Case, known: &dyn Known) -> Answer<()> {
    let holder = &case.holder.unit;
    if known.profile().successors.contains_key(holder) || !known.knows(&case.district, holder)? {
        return Ok(());
    }
    Err(Error::HolderStands { holder: holder.clone() }.into())
}

/// The clocks that time what is over stop; of the time to resolve, what was used counts.
fn relieved(case: &Case, to: Holder, reason: String, respond: Option<Clock>, known: &dyn Known) -> Change {
    let clocks = clocks_after(case, respond, known);
    Relieved { from: Named::from(&case.holder), to, reason, clocks }.into()
}

/// The same of whoever goes on for another reason.
pub(super) fn clocks_after(case: &Case, respond: Option<Clock>, known: &dyn Known) -> Clocks {
    let (profile, now) = (known.profile(), known.now());
    let mut clocks = case.clocks.clone();
    if case.state != State::Resolved {
        for over in [ClockKind::Wait, ClockKind::Review, ClockKind::Arbitrate] {
            clocks.set(over, case.clocks.stopped(over, profile, now).as_ref());
        }
        clocks.set(ClockKind::Respond, respond.as_ref());
        clocks.set(ClockKind::Resolve, case.clocks.resumed(ClockKind::Resolve, profile, now).as_ref());
    }
    clocks
}

/// Another unit holds it, to be accepted. What was asked of the reporter, or waited for, is the new holder's to ask again.
pub(super) fn handed_over(case: &mut Case, to: &Holder, reason: &str, stamp: &Stamp) {
    (case.question, case.suspension) = (None, None);
    if let Some(refusal) = case.refusals.last_mut().filter(|it| it.arbitration.is_none()) {
        refusal.arbitration = Some(Arbitration {
            to: Named::from(to),
            binding: false,
            reason: reason.to_owned(),
            by: stamp.actor.unit.clone(),
            at: stamp.at,
        });
    }
    case.holder = to.clone();
}

/// Until it accepts, a successor has the time that was left; where it was accepted already, a time of its own.
fn to_successor(case: &Case, to: Holder, known: &dyn Known) -> Change {
    let (clocks, profile, now) = (&case.clocks, known.profile(), known.now());
    let accepted = clocks.get(ClockKind::Respond).is_some_and(Clock::is_stopped);
    let respond = match accepted {
        true => clocks.anew(ClockKind::Respond, profile, now),
        false => clocks.resumed(ClockKind::Respond, profile, now),
    };
    relieved(case, to, SUCCEEDS.to_owned(), respond, known)
}

impl Relieved {
    /// It comes to a unit that is no more, and nobody has had it there yet.
    pub fn at_once(from: &Holder, to: &Holder, clocks: Clocks) -> Self {
        Self { from: Named::from(from), to: to.clone(), reason: SUCCEEDS.to_owned(), clocks }
    }
}

impl Succeeds for Case {
    fn is_live(&self) -> bool {
        self.state.is_open()
    }

    fn units(&self) -> Vec<&str> {
        let others = [&self.arbiter, &self.verifier].into_iter().flatten();
        let holders = std::iter::once(&self.holder).chain(others).map(|it| it.unit.as_str());
        let called = self.dispatches.iter().map(|called| called.unit.as_str());
        holders.chain(called).chain(self.groups.iter().flat_map(|it| it.group.units())).collect()
    }

    fn replace(&mut self, successor: &Successor) {
        let others = [&mut self.arbiter, &mut self.verifier].into_iter().flatten();
        std::iter::once(&mut self.holder).chain(others).for_each(|one| successor.holder(one));
        self.dispatches.iter_mut().for_each(|called| successor.code(&mut called.unit));
        self.groups.iter_mut().for_each(|it| successor.group(&mut it.group));
    }

    /// Where its holder is among them, that is a relief, and the others come after it.
    fn succession(&self, known: &dyn Known) -> Vec<Change> {
        let holds = |it: &Successor| it.unit == self.holder.unit;
        let (held, others): (Vec<_>, Vec<_>) = self.successors(known).into_iter().partition(holds);
        let relieved = held.into_iter().map(|it| to_successor(self, it.to, known));
        let replaced = (!others.is_empty()).then(|| Replaced { successors: others }.into());
        relieved.chain(replaced).collect()
    }
}

impl Happened<Case> for Relieved {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Relieve::RULE)
    }

    /// Whatever else the unit had in the case goes with it.
    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        handed_over(case, &self.to, &self.reason, stamp);
        case.replace(&Successor { unit: self.from.unit.clone(), to: self.to.clone() });
        case.clocks = self.clocks.clone();
    }

    /// From whom to whom, and why.
    fn words(&self) -> String {
        format!("{} → {}: {}", self.from.shown(), Named::from(&self.to).shown(), self.reason)
    }
}
