//! 承继: a unit is no more and the profile says who goes on with what it had. Cases, dispatches and approvals that are open then are the
//! successor's, in every part that the unit had in them; what is settled keeps who it was.

use std::collections::BTreeMap;

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use super::{
    error::Error,
    group::Group,
    known::Known,
    lamp::Clocked,
    recompute::Recomputed,
    rule::{Happened, Rule, Step, To},
    unit::{Holder, Named},
};

/// Most units of a profile, and most that have a successor.
pub const MOST_UNITS: usize = 20_000;
pub const MOST_SUCCESSORS: usize = 1000;

/// A unit that is no more, and who goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Successor {
    /// Its code.
    pub unit: String,
    pub to: Holder,
}

/// Units that had a part in it, other than holding it, are replaced by their successors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    pub successors: Vec<Successor>,
}

/// What units have to do with.
pub trait Succeeds: Clocked<Change: From<Replaced>> + Clone {
    /// Whether anybody has something to do with it still.
    fn is_live(&self) -> bool;
    /// The codes of all units that have to do with it.
    fn units(&self) -> Vec<&str>;
    /// Whatever a unit had is its successor's.
    fn replace(&mut self, successor: &Successor);

    /// What happens to it where units have successors by the profile.
    fn succession(&self, known: &dyn Known) -> Vec<Self::Change> {
        let successors = self.successors(known);
        if successors.is_empty() { Vec::new() } else { vec![Replaced { successors }.into()] }
    }

    /// Who goes on for its units that are no more, in the order of their codes.
    fn successors(&self, known: &dyn Known) -> Vec<Successor> {
        let gone = |unit: &str| Some((unit.to_owned(), known.profile().successors.get(unit)?.clone()));
        let gone: BTreeMap<String, Holder> = self.units().into_iter().filter_map(gone).collect();
        gone.into_iter().map(|(unit, to)| Successor { unit, to }).collect()
    }
}

/// The profile as it is now is carried into it: its clocks go by it, and successors go on.
#[derive(Clone, Copy, Debug)]
pub struct Carry;

impl<A: Succeeds> Step<A> for Carry {
    /// Wherever it is: what is settled has nothing to change.
    const RULE: Rule<A> = Rule::new("carry", A::STATES, To::Same);

    fn decide(&self, it: &A, known: &dyn Known) -> Result<Decided<A::Change>, Halt<Error>> {
        let (mut it, mut changes) = (it.clone(), Vec::new());
        if let Some(clocks) = it.clocks().recomputed(known.profile()) {
            let recomputed = Recomputed { clocks };
            recomputed.onto(&mut it);
            changes.push(recomputed.into());
        }
        if it.is_live() {
            changes.extend(it.succession(known));
        }
        Ok(if changes.is_empty() { Decided::AlreadyDone } else { Decided::Done(changes) })
    }
}

impl<A: Succeeds> Happened<A> for Replaced {
    fn rule(&self) -> Option<Rule<A>> {
        Some(<Carry as Step<A>>::RULE)
    }

    fn fold(&self, it: &mut A, _: &Stamp) {
        self.successors.iter().for_each(|successor| it.replace(successor));
    }

    fn stirs(&self) -> bool {
        false
    }

    /// Who goes on for whom.
    fn words(&self) -> String {
        let one = |it: &Successor| format!("{} → {}", it.unit, Named::from(&it.to).shown());
        self.successors.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

impl Successor {
    pub(super) fn holder(&self, one: &mut Holder) {
        if one.unit == self.unit {
            one.clone_from(&self.to);
        }
    }

    pub(super) fn named(&self, one: &mut Named) {
        if one.unit == self.unit {
            *one = Named::from(&self.to);
        }
    }

    pub(super) fn code(&self, one: &mut String) {
        if *one == self.unit {
            one.clone_from(&self.to.unit);
        }
    }

    /// The chair and the members of a group.
    pub(super) fn group(&self, group: &mut Group) {
        self.holder(&mut group.chair);
        group.members.iter_mut().for_each(|member| self.named(member));
    }
}

impl Group {
    /// The codes of its chair and its members.
    pub fn units(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.chair.unit.as_str()).chain(self.members.iter().map(|it| it.unit.as_str()))
    }
}
