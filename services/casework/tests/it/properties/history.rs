//! 2, 5, 6 and the ladder, by what was written.

use std::collections::HashSet;

use huying_casework::domain::{
    Case, Change, ClockKind, DispatchChange, State, case::step::Escalated, clocks::LampTurned,
};
use huying_chassis::log::{Aggregate, Stamp};
use huying_terms::Lamp;
use huying_testing::after;

use super::{
    model::{Kept, World},
    town::{AMBER, IDLE, LATE, RED, SILENT},
};

pub fn check(world: &World) {
    for kept in &world.cases {
        replays(kept);
        moves(&kept.log);
        climbs(world, kept);
    }
    world.dispatches.iter().for_each(replays);
    world.approvals.iter().for_each(replays);
}

/// 2: replaying what was written, as it is read again, gives the row.
fn replays<A: Aggregate>(kept: &Kept<A>) {
    let mut it: Option<A> = None;
    for (change, stamp) in &kept.log {
        let change: A::Change = serde_json::from_value(serde_json::to_value(change).unwrap()).unwrap();
        it = after(it, &change, stamp);
    }
    assert_eq!(serde_json::to_value(it.unwrap()).unwrap(), serde_json::to_value(&kept.it).unwrap());
}

/// 5: each lamp of each deadline turns at most once, and only while its clock runs; it is told once that a case lies idle, until somebody
/// takes a step. 6: nothing leads out of closed but a reopening and an un-merging.
fn moves(log: &[(Change, Stamp)]) {
    let (mut told, mut idle, mut case) = (HashSet::new(), false, None::<Case>);
    for (change, stamp) in log {
        let next = after(case.clone(), change, stamp).unwrap();
        if let Some(case) = &case {
            if let Change::LampTurned(LampTurned { clock, lamp, due_at }) = change {
                let running = case.clocks.get(*clock).unwrap();
                assert!(running.is_running() && running.due_at == Some(*due_at));
                let turn = (format!("{clock:?}{lamp:?}"), running.started_at, *due_at);
                assert!(told.insert(turn), "{clock:?} {lamp:?} told twice");
            }
            if case.state == State::Closed && next.state != State::Closed {
                assert!(matches!(change, Change::Reopened(_) | Change::Unmerged(_)), "{change:?}");
                assert!(case.merged.is_some() || next.attempt == case.attempt + 1);
            }
        }
        let idles = matches!(change, Change::Idled(_));
        assert!(!(idles && idle), "told twice that it is idle");
        idle = idles || (idle && !change.happened().stirs());
        case = Some(next);
    }
}

/// 到点做什么: for each occasion its rung was run once, also where the level before was missed or nobody ever accepted.
fn climbs(world: &World, kept: &Kept<Case>) {
    let count = |is: &dyn Fn(&Change) -> bool| kept.log.iter().filter(|(change, _)| is(change)).count();
    let own = |clock| matches!(clock, ClockKind::Respond | ClockKind::Resolve | ClockKind::Review);
    let turned = |to| count(&|it| matches!(it, Change::LampTurned(it) if own(it.clock) && it.lamp == to));
    let urged = |why| count(&|change| matches!(change, Change::Supervised(it) if it.reason == why));
    let told = |why| count(&|change| matches!(change, Change::ToldUpward(it) if it.reason == why));
    let gone_up =
        |why| count(&|change| matches!(change, Change::Escalated(Escalated { reason, .. }) if reason == why));
    assert_eq!(turned(Lamp::Amber), urged(AMBER), "urged at each amber lamp");
    assert_eq!(turned(Lamp::Red), told(RED) + gone_up(RED), "gone up, or told, at each red lamp");
    let idled = count(&|change| matches!(change, Change::Idled(_)));
    assert_eq!((urged(IDLE), told(IDLE)), (idled, idled));
    let of_case = || world.dispatches.iter().filter(|it| it.it.case == kept.id).flat_map(|it| &it.log);
    let silent = of_case().filter(|(change, _)| matches!(change, DispatchChange::Silent(_)));
    assert_eq!(silent.count(), urged(SILENT), "supervised at each silence");
    let late =
        |it: &DispatchChange| matches!(it, DispatchChange::LampTurned(it) if it.is_red(ClockKind::Resolve));
    assert_eq!(of_case().filter(|(change, _)| late(change)).count(), told(LATE), "told of who is late");
}
