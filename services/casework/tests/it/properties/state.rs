//! 1, 4, and what must fit together in every state.

use std::collections::HashSet;

use huying_casework::domain::{ApprovalState, Case, ClockKind, Dispatch, Outcome, State, lamp::TurnLamps};
use huying_terms::Clock;
use uuid::Uuid;

use super::{
    model::{Kept, REQUESTS, World},
    town,
};

/// Digits of a district, a street, a community and a grid.
const LEVELS: [usize; 4] = [6, 9, 12, 15];

pub fn check(world: &World) {
    for kept in &world.cases {
        one_holder(&kept.it);
        clocks(&kept.it);
        returned(&kept.it);
        asked(world, kept);
        dispatches(&kept.it, &world.called(&kept.it));
        parts(world, kept);
        pressed(&kept.it);
        struck_off(&kept.it);
    }
    requests(world);
}

/// 1: of the directory, and the area that it answers for there has the case's in it: the same codes down to its own level.
fn one_holder(case: &Case) {
    let area = town::unit(&case.holder.unit).area;
    assert_eq!(case.holder.area, area);
    let level = LEVELS.iter().position(|digits| *digits == area.len()).unwrap();
    let codes = |area: &str| LEVELS.map(|digits| area.get(..digits).map(str::to_owned));
    assert_eq!(codes(&case.area)[..=level], codes(&area)[..=level], "{} holds {}", area, case.area);
}

/// 4: what is struck off was judged and every reporter has the answer. A part has none of either.
fn struck_off(case: &Case) {
    if case.outcome == Some(Outcome::StruckOff) && case.whole.is_none() {
        let answered = case.requests.iter().all(|request| request.answered);
        assert!(case.judgement.is_some() && answered, "{:?}, {:?}", case.judgement, case.requests);
    }
}

/// 4: each request is on one case, of two that are merged on the other one; what was taken back may have left.
fn requests(world: &World) {
    for request in REQUESTS {
        let has = |case: &Case| case.requests.iter().any(|one| one.id == request);
        let on = world.cases.iter().filter(|kept| has(&kept.it)).count();
        assert!(on == 1 || (on == 0 && world.withdrawn.contains(&request)), "{request} is on {on} cases");
    }
    for kept in &world.cases {
        let merged = kept.it.outcome == Some(Outcome::Merged);
        assert_eq!((merged, merged), (kept.it.merged.is_some(), merged && kept.it.requests.is_empty()));
    }
}

fn clocks(case: &Case) {
    let runs = |kind| case.clocks.get(kind).is_some_and(Clock::is_running);
    let running = match case.state {
        State::Assigned => (true, true),
        State::Returned | State::Suspended | State::Waiting => (false, false),
        State::Working => (false, true),
        State::Resolved | State::Closed => (false, false),
    };
    assert_eq!((runs(ClockKind::Respond), runs(ClockKind::Resolve)), running, "{:?}", case.state);
    let waiting = case.state == State::Waiting;
    assert_eq!(
        (runs(ClockKind::Wait), case.question.is_some()),
        (waiting, waiting),
        "it waits for an answer"
    );
    let suspended = case.state == State::Suspended;
    assert_eq!((runs(ClockKind::Review), case.suspension.is_some()), (suspended, suspended));
    assert_eq!(case.state == State::Closed, case.outcome.is_some());
    assert_eq!(runs(ClockKind::Verify), case.verifier.is_some(), "somebody is to look");
    assert!(case.verifier.is_none() || case.state == State::Resolved);
    assert!(case.idle_at.is_none() || running.1, "only what is worked on lies idle");
}

/// Somebody is to decide while it is returned, and everybody but the last was decided on. Nobody returns what they were bound to.
fn returned(case: &Case) {
    let is = case.state == State::Returned;
    assert_eq!(case.arbiter.is_some(), is);
    let decided = case.refusals.iter().rev().skip(1).all(|it| it.arbitration.is_some());
    assert!(case.refusals.len() <= 2 && decided);
    assert!(!is || !case.binds());
    assert_eq!(case.clocks.get(ClockKind::Arbitrate).is_some_and(Clock::is_running), is);
}

/// What is asked for is open for as long as the case says so, and lapses when it moves on.
fn asked(world: &World, kept: &Kept<Case>) {
    let of_case = world.approvals.iter().filter(|one| one.it.case == kept.id);
    let asked = of_case.filter(|one| one.it.state == ApprovalState::Asked).map(|one| one.id);
    let asked: HashSet<Uuid> = asked.collect();
    assert_eq!(asked, kept.it.approvals.iter().map(|pending| pending.approval).collect());
    let settled = matches!(kept.it.state, State::Returned | State::Resolved | State::Closed);
    assert!(asked.is_empty() || !settled);
}

/// One of those open leads; what is resolved or closed waits for nobody. Groups work on what is open, and no longer than their spans.
fn dispatches(case: &Case, called: &[&Kept<Dispatch>]) {
    let open: Vec<_> = called.iter().filter(|kept| !kept.it.state.is_settled()).collect();
    let leads = open.iter().filter(|kept| kept.it.lead).count();
    assert_eq!(leads, open.len().min(1), "exactly one of those open leads");
    assert!(case.groups.is_empty() || case.state.is_open());
    assert_eq!(case.groups_end_at, case.groups.iter().filter_map(|it| it.group.until).min());
    if matches!(case.state, State::Resolved | State::Closed) {
        assert!(open.is_empty(), "{:?} waits for nobody", case.state);
        let pressed = case.unanswered().is_some() && case.state.is_open();
        assert!(case.due_at.is_none() || pressed || case.verifier.is_some());
    }
}

/// A whole is done after its parts. A part has no reporter: nobody is asked, told or waited for.
fn parts(world: &World, kept: &Kept<Case>) {
    let case = &kept.it;
    let open = case.parts.iter().any(|part| world.case(part.name.case).state.is_open());
    assert!(!open || !matches!(case.state, State::Resolved | State::Closed), "its parts are done first");
    if let Some(whole) = &case.whole {
        assert!(world.case(whole.case).parts.iter().any(|part| part.name.case == kept.id));
        assert!(case.requests.is_empty() && case.merged.is_none() && case.declined.is_none());
        assert!(!matches!(case.state, State::Waiting | State::Resolved), "{:?}", case.state);
    }
}

/// Only an answer that is still owed is timed, and a supervised item stays one.
fn pressed(case: &Case) {
    let reply = case.clocks.get(ClockKind::Reply);
    assert!(!reply.is_some_and(Clock::is_running) || case.unanswered().is_some());
    assert_eq!(case.supervised_at.is_some(), case.pressed.notices + case.pressed.talks > 0);
}

/// 5: what the timer would do now is turn what is due, each once.
pub fn lamps(world: &World) {
    let nobody = huying_casework::domain::By::default();
    for kept in &world.cases {
        let knows = super::knows::Knows::new(world, kept.id, &nobody);
        let (changes, _) = super::told::agrees(&kept.it, &knows, &TurnLamps).unwrap();
        let lamps = changes.iter().filter(|it| matches!(it, huying_casework::domain::Change::LampTurned(_)));
        assert_eq!(lamps.count(), kept.it.clocks.turns(world.now).len());
    }
}
