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
pub mod told;
mod town;

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashSet},
    mem::{Discriminant, discriminant},
};

use huying_casework::domain::{Approval, Case, Dispatch, Ruled, State};
use huying_chassis::log::Aggregate;
use huying_testing::golden::variants;
use proptest::{collection::vec, prelude::*, test_runner::TestRunner};

use command::{Command, Drawn, drawn};
use model::{Kept, World};

/// As many sequences as are asked for (PROPTEST_CASES), and not fewer than this.
const SEQUENCES: u32 = 2000;

fn config() -> ProptestConfig {
    let config = ProptestConfig::default();
    ProptestConfig { cases: config.cases.max(SEQUENCES), failure_persistence: None, ..config }
}

/// Whether something came of it.
fn step(world: &mut World, drawn: Drawn) -> bool {
    let before: Vec<_> = world.cases.iter().map(|kept| kept.it.verifier.is_some()).collect();
    let written = world.written();
    run::run(world, drawn);
    if world.written() == written {
        return false;
    }
    state::check(world);
    state::lamps(world);
    sight::check(world);
    // What is to be looked at closes only when somebody did, or the reporter took it back.
    for (kept, looked_at) in world.cases.iter().zip(before) {
        let closed = looked_at && kept.it.state == State::Closed;
        assert!(!closed || matches!(drawn.command, Command::Verify(true) | Command::Withdraw(_)));
    }
    true
}

/// What came of all the sequences: by what it happened to, and its name.
#[derive(Default)]
struct Seen {
    taken: BTreeSet<(&'static str, String)>,
    happened: BTreeSet<(&'static str, String)>,
    /// The commands that something came of.
    commands: HashSet<Discriminant<Command>>,
}

impl Seen {
    fn note(&mut self, world: &World) {
        self.taken.extend(world.taken.iter().map(|(kind, step)| (*kind, (*step).to_owned())));
        self.note_changes(&world.cases);
        self.note_changes(&world.dispatches);
        self.note_changes(&world.approvals);
    }

    fn note_changes<A: Aggregate>(&mut self, of: &[Kept<A>]) {
        let changes = of.iter().flat_map(|kept| &kept.log);
        self.happened.extend(changes.map(|(change, _)| (A::KIND, variants::name(change))));
    }

    /// Whoever adds a step draws it, and it fits somewhere; a change that a command no longer brings about is missed.
    fn has_all<A: Ruled>(&self) {
        let missing = |steps: &mut dyn Iterator<Item = &'static str>, seen: &BTreeSet<_>| {
            let missing = steps.filter(|name| !seen.contains(&(A::KIND, (*name).to_owned())));
            missing.collect::<Vec<_>>()
        };
        // What is reconciled is struck off by itself before anybody can do so by hand.
        let asked = A::rules().iter().filter(|rule| rule.by.is_some() && rule.name != "strike_off");
        let steps = missing(&mut asked.map(|rule| rule.name), &self.taken);
        assert_eq!(steps, [""; 0], "nobody took these on a {}", A::KIND);
        let here = variants::of::<A::Change>().iter().filter(|it| !ELSEWHERE.contains(&(A::KIND, **it)));
        let changes = missing(&mut here.copied(), &self.happened);
        assert_eq!(changes, [""; 0], "these never happened to a {}", A::KIND);
    }
}

/// What comes of a meeting, of another calendar, and of routing that corrects itself: none of these commands. And what hardly ever happens: that nobody settles a decline
/// or a silence, or rules on what is asked for, for days, while nothing else ends it.
const ELSEWHERE: &[(&str, &str)] = &[
    ("case", "corrected"),
    ("case", "deliberated"),
    ("case", "recomputed"),
    ("dispatch", "recomputed"),
    ("dispatch", "arbitration_climbed"),
    ("approval", "climbed"),
    ("approval", "recomputed"),
];

#[test]
fn what_is_always_true() {
    let seen = RefCell::new(Seen::default());
    let sequences = (0usize..5, any::<bool>(), vec(drawn(), 1..120));
    let run = |(start, verified, steps): (usize, bool, Vec<Drawn>)| {
        let mut world = World::new(&town::targets()[start], verified);
        for drawn in steps {
            if step(&mut world, drawn) {
                seen.borrow_mut().commands.insert(discriminant(&drawn.command));
            }
        }
        history::check(&world);
        world.dispatches.iter().for_each(sight::of_log);
        seen.borrow_mut().note(&world);
        Ok(())
    };
    TestRunner::new(config()).run(&sequences, run).unwrap_or_else(|failed| panic!("{failed}"));
    let seen = seen.into_inner();
    seen.has_all::<Case>();
    seen.has_all::<Dispatch>();
    seen.has_all::<Approval>();
    let idle = command::each().filter(|it| !seen.commands.contains(&discriminant(it)));
    assert!(idle.clone().next().is_none(), "nothing ever came of {:?}", idle.collect::<Vec<_>>());
}
