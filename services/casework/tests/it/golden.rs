//! What casework's log keeps of each change, and the event it becomes.

use huying_casework::{
    NAME,
    domain::{
        Called, Case, CaseworkProfile, Change, ClockKind, Clocks, Dispatch, DispatchChange, Holder,
        Judgement, Location, Opening, Outcome, Point, Prelude, Priority, Task,
        clocks::{paused, resumed, stopped},
        prelude::PreludeChange,
    },
    events::publish::publish,
};
use huying_chassis::profile::{self, Profile};
use huying_terms::{Calendar, Clock, Lamp};
use huying_testing::golden::{Golden, instant};
use uuid::Uuid;

use super::fixture as f;

const CASE: Uuid = Uuid::from_u128(1);
const REQUEST: Uuid = Uuid::from_u128(2);
const DISPATCH: Uuid = Uuid::from_u128(3);
const NUMBER: &str = "SY-20260302-000001";

#[test]
fn golden_files() {
    Golden::of(NAME, env!("CARGO_MANIFEST_DIR"), publish)
        .lives::<Case>(CASE, &[case()])
        .lives::<Dispatch>(DISPATCH, &dispatches())
        .lives::<Prelude>(REQUEST, &preludes())
        .lives::<Profile<CaseworkProfile>>(Uuid::from_u128(4), &[vec![profile::Change::Applied(part())]])
        .check();
}

/// The clocks of whatever begins with the life.
fn clocks() -> Clocks {
    Clocks::start(f::limits(), &f::profile(), instant(0))
}

/// Up to its street, down to a community, out to a department, struck off and reopened.
fn case() -> Vec<Change> {
    let clocks = clocks();
    let anew = |n| clocks.respond_anew(&f::profile(), instant(n));
    let at_rest = |clock: &Clock, n| stopped(clock, &f::profile(), instant(n));
    vec![
        Change::Opened { opening: Box::new(opening()), clocks: clocks.clone() },
        Change::LampTurned {
            clock: ClockKind::Respond,
            lamp: Lamp::Amber,
            due_at: clocks.respond.due_at.unwrap(),
        },
        Change::Escalated {
            from: "G-1".into(),
            to: Holder::of(&f::street()),
            reason: "超出能力".into(),
            respond: anew(2),
        },
        Change::Delegated {
            from: "S-1".into(),
            to: Holder::of(&f::community()),
            reason: "社区可以处置".into(),
            respond: anew(3),
        },
        Change::Accepted { respond: at_rest(&anew(3), 4) },
        Change::Supplemented { request: REQUEST, text: "还压着电线".into() },
        Change::Noted { text: "在路上".into(), public: true },
        Change::Called {
            dispatches: vec![Called { dispatch: DISPATCH, unit: "DEP-parks".into(), lead: true }],
        },
        Change::Resolved {
            answer: "已修剪".into(),
            units: vec!["C-1".into(), "DEP-parks".into()],
            resolve: at_rest(&clocks.resolve, 8),
        },
        Change::Judged { judgement: Judgement::Passed },
        Change::Answered { request: REQUEST },
        Change::Closed { outcome: Outcome::StruckOff, clocks: None },
        Change::Reopened {
            to: Holder::of(&f::street()),
            reason: "又倒了".into(),
            clocks: Clocks::start(f::limits(), &f::profile(), instant(12)),
        },
    ]
}

fn opening() -> Opening {
    Opening { priority: Priority::High, location: location(), ..f::opening(REQUEST, &f::grid()) }
}

fn location() -> Location {
    Location {
        address: "胜利街一号".into(),
        area: f::GRID.into(),
        point: Some(Point { latitude: 30.5, longitude: 114.25 }),
    }
}

/// Completed; declined, insisted on and ended.
fn dispatches() -> [Vec<DispatchChange>; 2] {
    let clocks = clocks();
    let declined = Clocks {
        respond: stopped(&clocks.respond, &f::profile(), instant(2)),
        resolve: paused(&clocks.resolve, &f::profile(), instant(2)),
    };
    let insisted = Clocks {
        respond: clocks.respond_anew(&f::profile(), instant(3)),
        resolve: resumed(&declined.resolve, &f::profile(), instant(3)),
    };
    let ended = insisted.stopped(&f::profile(), instant(4));
    [
        vec![
            sent(),
            DispatchChange::Accepted {
                note: "到场".into(),
                respond: stopped(&clocks.respond, &f::profile(), instant(1)),
            },
            DispatchChange::Completed {
                note: "修剪完毕".into(),
                resolve: stopped(&clocks.resolve, &f::profile(), instant(2)),
            },
        ],
        vec![
            sent(),
            DispatchChange::LampTurned {
                clock: ClockKind::Resolve,
                lamp: Lamp::Red,
                due_at: clocks.resolve.due_at.unwrap(),
            },
            DispatchChange::Declined { note: "不是我们的".into(), clocks: declined },
            DispatchChange::Insisted { reason: "是你们的".into(), clocks: insisted },
            DispatchChange::Ended { reason: "诉求已撤回".into(), clocks: ended },
        ],
    ]
}

fn sent() -> DispatchChange {
    let task = Task {
        case: CASE,
        number: NUMBER.into(),
        district: f::DISTRICT.into(),
        unit: "DEP-parks".into(),
        caller: Holder::of(&f::street()),
        lead: true,
        task: "修剪".into(),
        category: "C1".into(),
        area: f::GRID.into(),
        location: location(),
    };
    DispatchChange::Sent { task: Box::new(task), clocks: clocks() }
}

/// Taken over by the case, or no case at all.
fn preludes() -> [Vec<PreludeChange>; 2] {
    let (number, district) = (NUMBER.to_owned(), f::DISTRICT.to_owned());
    let added = PreludeChange::Added {
        number: number.clone(),
        district: district.clone(),
        text: "还压着电线".into(),
    };
    [vec![added, PreludeChange::Taken { case: CASE }], vec![PreludeChange::Withdrawn { number, district }]]
}

fn part() -> CaseworkProfile {
    let day = |text: &str| text.parse().unwrap();
    CaseworkProfile {
        calendar: Calendar {
            holidays: [day("2026-10-01")].into(),
            makeup: [day("2026-10-10")].into(),
            ..Calendar::default()
        },
        ..f::profile()
    }
}
