//! Units are no more, and a profile with their successors is carried into everything.

use std::collections::BTreeMap;

use huying_casework::domain::{Approval, By, Case, Dispatch, Holder, successor::Carry};
use uuid::Uuid;

use super::{model::World, town::targets};
use crate::fixture as f;

impl World {
    /// The holder of a case, or every other time whoever is to grant what is asked for on it, and a department have successors. Applied
    /// twice, nothing moves twice.
    pub fn succeed(&mut self, case: Uuid, n: usize) {
        let granter = self.pending(case).first().map(|id| self.get::<Approval>(*id).it.granter.unit.clone());
        let holder = self.case(case).holder.unit.clone();
        let (to, old) = (targets()[n / 2].clone(), granter.filter(|_| n % 2 == 1).unwrap_or(holder));
        let gone = [(old.clone(), to.clone()), (f::parks().code, f::traffic())];
        // No profile names a successor that is gone itself.
        let gone = gone.into_iter().filter(|(gone, next)| *gone != to.code && next.code != old);
        let successors: BTreeMap<_, _> = gone.map(|(old, to)| (old, Holder::of(&to))).collect();
        self.profile.successors.clone_from(&successors);
        self.carry();
        let once = self.written();
        self.carry();
        assert_eq!(once, self.written(), "applied twice nothing moves twice");
        let held = |unit: &String| successors.contains_key(unit);
        assert!(self.cases.iter().all(|kept| !kept.it.state.is_open() || !held(&kept.it.holder.unit)));
        self.profile.successors.clear();
    }

    fn carry(&mut self) {
        let nobody = By::default();
        for id in self.cases.iter().map(|kept| kept.id).collect::<Vec<_>>() {
            self.take::<Case, _>(id, &nobody, &Carry);
        }
        for id in self.dispatches.iter().map(|kept| kept.id).collect::<Vec<_>>() {
            self.take::<Dispatch, _>(id, &nobody, &Carry);
        }
        for id in self.approvals.iter().map(|kept| kept.id).collect::<Vec<_>>() {
            self.take::<Approval, _>(id, &nobody, &Carry);
        }
    }
}
