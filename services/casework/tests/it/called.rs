//! 被呼叫部门看到什么: what a department sees of a case that it is only called on, and what its holder does.

use huying_casework::{
    convert,
    domain::{
        AskKind, By, Case, Group, GroupKind, Holder, Sight,
        case::{Pending, Summoned},
        group::AtWork,
        known::Glance,
        unit::Named,
    },
};
use huying_chassis::log::Versioned;
use huying_proto::casework::v1 as pb;
use uuid::Uuid;

use super::fixture::{self as f, morning};

/// With two departments called, one of them in a task force, something asked for, a meeting, and resolved.
fn busy() -> Case {
    let mut case = f::case_at(&f::street());
    let called = |n, unit: &str| Summoned { dispatch: Uuid::from_u128(n), unit: unit.into(), lead: n == 7 };
    case.dispatches = vec![called(7, "DEP-parks"), called(8, "DEP-traffic")];
    let group = Group {
        code: "T-1".into(),
        kind: GroupKind::TaskForce,
        name: "专班".into(),
        chair: Holder::of(&f::district()),
        members: vec![Named::of(&f::traffic())],
        until: None,
        cases: Vec::new(),
    };
    case.groups = vec![AtWork { group, since: morning() }];
    case.approvals = vec![Pending { approval: Uuid::from_u128(9), kind: AskKind::Extend }];
    case.meetings = vec![Uuid::from_u128(10)];
    case.answer = "已修剪".into();
    case
}

fn seen(case: &Case, by: &By) -> pb::Case {
    let versioned = Versioned { id: Uuid::from_u128(2), version: 5, hash: [0; 32], it: case.clone() };
    let whole = case.sight(by) == Some(Sight::Whole);
    let (id, profile) = (versioned.id, f::profile());
    convert::case(&versioned, whole, &Glance { id, now: morning(), by, profile: &profile, dispatches: None })
}

#[test]
fn a_called_department_sees_what_it_works_on() {
    let mut case = busy();
    let [parks, traffic, street] = [f::parks(), f::traffic(), f::street()].map(|unit| f::by(&unit));
    let of = |n| Uuid::from_u128(n).to_string();
    for (by, dispatch, groups) in [(&parks, of(7), 0), (&traffic, of(8), 1)] {
        let seen = seen(&case, by);
        assert_eq!((&seen.dispatches, seen.groups.len()), (&vec![dispatch], groups));
        assert_eq!((seen.content.as_str(), seen.answer.as_str()), ("", ""));
        assert!(seen.requests.is_empty() && seen.approvals.is_empty() && seen.meetings.is_empty());
        assert_eq!((seen.number, seen.category), (case.number.clone(), case.category.clone()));
    }
    let all = seen(&case, &street);
    assert_eq!((all.dispatches.len(), all.groups.len(), all.requests.len()), (2, 1, 1));
    assert_eq!((all.approvals.len(), all.meetings.len(), all.answer.as_str()), (1, 1, "已修剪"));

    // Public, once its reporter has it.
    case.requests[0].answered = true;
    assert_eq!(seen(&case, &parks).answer, "已修剪");
}
