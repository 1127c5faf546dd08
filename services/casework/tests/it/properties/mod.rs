//! What is always true of cases (life-of-a-case, 1, 2, 4, 5, 6, 7), whatever happens in whatever order and whoever asks for it; and that what
//! somebody is told that they may do is what happens.

mod asked;
mod command;
mod history;
mod knows;
mod model;
mod run;
mod sight;
mod state;
mod succeed;
mod told;
mod town;

use std::{cell::RefCell, collections::BTreeMap};

use huying_casework::domain::{Approval, Case, Dispatch, Ruled, State};
use proptest::{collection::vec, prelude::*, test_runner::TestRunner};

use command::{Command, Drawn, drawn};
use model::World;

/// As many sequences as are asked for (PROPTEST_CASES), and not fewer than this.
const SEQUENCES: u32 = 600;

fn config() -> ProptestConfig {
    let config = ProptestConfig::default();
    ProptestConfig { cases: config.cases.max(SEQUENCES), failure_persistence: None, ..config }
}

fn step(world: &mut World, drawn: Drawn) {
    let before: Vec<_> = world.cases.iter().map(|kept| kept.it.verifier.is_some()).collect();
    let written = world.written();
    run::run(world, drawn);
    if world.written() == written {
        return;
    }
    state::check(world);
    state::lamps(world);
    sight::check(world);
    // What is to be looked at closes only when somebody did, or the reporter took it back.
    for (kept, looked_at) in world.cases.iter().zip(before) {
        let closed = looked_at && kept.it.state == State::Closed;
        assert!(!closed || matches!(drawn.command, Command::Verify(true) | Command::Withdraw(_)));
    }
}

#[test]
fn what_is_always_true() {
    let taken = RefCell::new(BTreeMap::<_, usize>::new());
    let sequences = (0usize..5, any::<bool>(), vec(drawn(), 1..120));
    let run = |(start, verified, steps): (usize, bool, Vec<Drawn>)| {
        let mut world = World::new(&town::targets()[start], verified);
        steps.into_iter().for_each(|drawn| step(&mut world, drawn));
        history::check(&world);
        world.dispatches.iter().for_each(sight::of_log);
        world.taken.into_iter().for_each(|step| *taken.borrow_mut().entry(step).or_default() += 1);
        Ok(())
    };
    TestRunner::new(config()).run(&sequences, run).unwrap_or_else(|failed| panic!("{failed}"));
    each_was_taken::<Case>(&taken.borrow());
    each_was_taken::<Dispatch>(&taken.borrow());
    each_was_taken::<Approval>(&taken.borrow());
}

/// Whoever adds a step draws it, and it fits somewhere.
fn each_was_taken<A: Ruled>(taken: &BTreeMap<(&str, &str), usize>) {
    // What is reconciled is struck off by itself before anybody can do so by hand.
    let asked = A::rules().iter().filter(|rule| rule.by.is_some() && rule.name != "strike_off");
    for rule in asked {
        assert!(taken.contains_key(&(A::KIND, rule.name)), "nobody took {} on a {}", rule.name, A::KIND);
    }
}
