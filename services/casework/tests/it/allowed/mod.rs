//! What is told as allowed is what happens: for every step, in every state, for every kind of caller.

mod attempts;
mod calls;
mod rows;

use std::collections::BTreeSet;

use chrono::TimeDelta;
use huying_casework::{
    domain::{Absence, Approval, Case, Dispatch, Error, Meeting, Ruled},
    grpc::access::rpc_of,
};
use huying_chassis::run::Halt;
use huying_proto::access::ACCESS;

use self::{
    attempts::{Attempt, on_approvals, on_cases, on_dispatches, on_meetings},
    rows::{callers, cases, other},
};
use super::{
    fixture::{self as f, Facts, facts},
    meetings::meeting,
};

pub use attempts::photo;

/// What is told of it agrees with what happens; gives the steps that somebody may take.
fn agrees<A: Ruled>(it: &A, facts: &Facts, attempts: &[Attempt<A>]) -> BTreeSet<&'static str> {
    let told = it.told(facts);
    let names = |steps: Vec<&'static str>| steps.into_iter().collect::<BTreeSet<_>>();
    assert_eq!(
        names(told.iter().map(|one| one.0).collect()),
        names(attempts.iter().map(|one| one.0).collect())
    );
    let mut may_take = BTreeSet::new();
    for (step, may) in told {
        let (_, attempt) = attempts.iter().find(|(name, _)| *name == step).unwrap();
        // The server lets nobody in whose roles may not call the rpc.
        let happens = match facts.by.may_ask(A::KIND, step) {
            true => attempt(it, &facts.by, facts),
            false => Err(Error::NotForRole { step }),
        };
        let may = may.map_err(|halt| match halt {
            Halt::Refused(why) => why,
            Halt::More | Halt::NotFound { .. } | Halt::Stale { .. } | Halt::Draft(_) => panic!("{halt:?}"),
        });
        assert_eq!(may, happens, "{step} while {} by {:?}", it.state_name(), facts.by);
        may_take.extend(may.is_ok().then_some(step));
    }
    let allowed: BTreeSet<_> = it.allowed(facts).into_iter().collect();
    assert_eq!(allowed, may_take);
    may_take
}

#[test]
fn what_is_told_of_a_case_is_what_happens() {
    let (attempts, mut taken) = (on_cases(), BTreeSet::new());
    for (case, facts) in cases() {
        for by in callers() {
            taken.extend(agrees(
                &case,
                &facts.clone().of(&case).beside(f::OTHER, &other(&case)).asked_by(&by),
                &attempts,
            ));
        }
    }
    assert_eq!(taken.len(), attempts.len(), "each is allowed somewhere: {taken:?}");
}

#[test]
fn what_is_told_of_a_dispatch_is_what_happens() {
    let (attempts, mut taken) = (on_dispatches(), BTreeSet::new());
    for (case, facts) in cases().into_iter().filter(|(_, facts)| !facts.dispatches.is_empty()) {
        let (id, sent) = facts.dispatches[0].clone();
        for state in Dispatch::STATES {
            for (binding, lead, silent) in [(false, true, true), (true, false, false)] {
                let dispatch = Dispatch { state: *state, binding, lead, silent, ..sent.clone() };
                for by in callers() {
                    let facts = facts.clone().of(&case).on(id).asked_by(&by);
                    let facts = facts.dispatches(&[(id, dispatch.clone())]);
                    taken.extend(agrees(&dispatch, &facts, &attempts));
                }
            }
        }
    }
    assert_eq!(taken.len(), attempts.len(), "each is allowed somewhere: {taken:?}");
}

#[test]
fn what_is_told_of_an_approval_is_what_happens() {
    let (attempts, mut taken, mut refused) = (on_approvals(), BTreeSet::new(), BTreeSet::new());
    for (case, facts) in cases().into_iter().filter(|(_, facts)| !facts.approvals.is_empty()) {
        let (id, asked) = facts.approvals[0].clone();
        for state in Approval::STATES {
            let approval = Approval { state: *state, ..asked.clone() };
            for by in callers() {
                let facts = facts.clone().of(&case).on(id).asked_by(&by);
                let may = agrees(&approval, &facts, &attempts);
                // What is offered to be refused, and not to be granted, does not fit any more.
                refused
                    .extend((!may.contains("grant") && may.contains("refuse")).then_some(case.state.name()));
                taken.extend(may);
            }
        }
    }
    assert_eq!(taken.len(), attempts.len(), "each is allowed somewhere: {taken:?}");
    assert!(refused.contains("waiting") && refused.contains("working"), "{refused:?}");
}

#[test]
fn what_is_told_of_a_meeting_is_what_happens() {
    let (attempts, mut taken) = (on_meetings(), BTreeSet::new());
    for state in Meeting::STATES {
        for starts_at in [-1, 1].map(|hours| f::morning() + TimeDelta::hours(hours)) {
            let meeting = Meeting { state: *state, starts_at, items: Vec::new(), ..meeting() };
            for by in callers() {
                taken.extend(agrees(&meeting, &facts().asked_by(&by), &attempts));
            }
        }
    }
    assert_eq!(taken.len(), attempts.len(), "each is allowed somewhere: {taken:?}");
}

/// Beside which rpc a step stands is said once, in the contract.
#[test]
fn each_step_that_can_be_asked_for_stands_beside_one_rpc() {
    fn asked<A: Ruled>() -> Vec<String> {
        let asked = A::rules().iter().filter(|rule| rule.by.is_some());
        asked.map(|rule| format!("{}.{}", A::KIND, rule.name)).collect()
    }
    let steps =
        [asked::<Case>(), asked::<Dispatch>(), asked::<Approval>(), asked::<Meeting>(), asked::<Absence>()]
            .concat();
    for step in &steps {
        let (kind, name) = step.split_once('.').unwrap();
        assert!(rpc_of(kind, name).is_some(), "no rpc says that it asks for {step}: steps: [\"{step}\"]");
    }
    let declared: Vec<&str> = ACCESS.iter().flat_map(|rpc| rpc.steps).copied().collect();
    assert_eq!(declared.iter().collect::<BTreeSet<_>>().len(), declared.len(), "beside two");
    assert_eq!(declared.len(), steps.len(), "{declared:?} but {steps:?}");
}
