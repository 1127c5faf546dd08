//! 改类: routing is asked again, the time used counts, and the case goes elsewhere once.

use chrono::Duration;
use huying_casework::domain::{
    Case, ClockKind, Error, Known as _, Priority, State,
    case::{UnitRefusal, refusal::Arbitration, step::Recategorise},
    unit::Named,
};
use huying_proto::casework::v1 as pb;
use huying_testing::reason;

use super::{
    fixture::{self as f, Facts, after, case_at, facts, morning, take},
    support::{Town, fresh},
};

fn as_c2() -> Recategorise {
    Recategorise { category: "C2".into(), reason: "是绿化".into() }
}

/// An hour later; the right category is this unit's.
fn later(unit: huying_casework::domain::Unit) -> Facts {
    Facts { routed: f::routed(unit), ..facts().at(morning() + Duration::hours(1)) }
}

fn at_street(state: State) -> Case {
    Case { state, ..case_at(&f::street()) }
}

#[test]
fn the_time_used_counts_in_the_new_limits_and_the_unit_stays() {
    let known = later(f::street());
    let case = at_street(State::Assigned);
    let case = after(&case, take(&case, &f::by(&f::street()), &as_c2(), &known).unwrap(), known.now());
    assert_eq!(
        (case.category.as_str(), case.priority, case.state),
        ("C2", Priority::Urgent, State::Assigned)
    );
    assert_eq!((case.departments.clone(), case.rerouted), (vec!["DEP-1".to_owned()], false));
    let clock = |kind| case.clocks.get(kind).unwrap();
    let fresh = |kind| known.profile().clock(clock(kind).limit, morning());
    for kind in [ClockKind::Respond, ClockKind::Resolve] {
        assert_eq!(clock(kind).due_at, fresh(kind).due_at, "{kind}: as if it had been so from the beginning");
    }
    // The same again changes nothing.
    assert_eq!(take(&case, &f::by(&f::street()), &as_c2(), &known).unwrap(), []);
}

#[test]
fn it_goes_where_routing_says_once() {
    let known = later(f::community());
    let case = at_street(State::Working);
    let moved = after(&case, take(&case, &f::by(&f::street()), &as_c2(), &known).unwrap(), known.now());
    assert_eq!((moved.state, moved.holder.unit.as_str(), moved.rerouted), (State::Assigned, "C-1", true));
    let respond = moved.clocks.get(ClockKind::Respond).unwrap();
    assert_eq!((respond.started_at, respond.limit), (known.now(), known.routed.respond));
    // Called something else again, it stays.
    let again = Recategorise { category: "C3".into(), reason: "x".into() };
    let known = later(f::grid());
    let stays = after(&moved, take(&moved, &f::by(&f::community()), &again, &known).unwrap(), known.now());
    assert_eq!((stays.category.as_str(), stays.holder.unit.as_str()), ("C3", "C-1"));
}

#[test]
fn a_unit_that_it_was_decided_for_keeps_it() {
    let known = later(f::grid());
    let arbitration = |binding| Arbitration {
        to: Named::of(&f::street()),
        binding,
        reason: "x".into(),
        by: None,
        at: morning(),
    };
    for (binding, holder) in [(true, "S-1"), (false, "G-1")] {
        let (unit, reason) = (Named::of(&f::street()), "x".to_owned());
        let arbitration = Some(arbitration(binding));
        let refusal = UnitRefusal { unit, reason, at: morning(), arbitration };
        let case = Case { refusals: vec![refusal], ..at_street(State::Working) };
        let after = after(&case, take(&case, &f::by(&f::street()), &as_c2(), &known).unwrap(), known.now());
        assert_eq!(after.holder.unit, holder);
    }
}

#[test]
fn the_holder_or_whoever_stands_above_says_so_while_it_is_worked_on() {
    let known = later(f::street());
    let case = at_street(State::Working);
    for by in [f::by(&f::street()), f::leader(f::DISTRICT)] {
        assert!(take(&case, &by, &as_c2(), &known).is_ok());
    }
    let other = take(&case, &f::by(&f::grid()), &as_c2(), &known).unwrap_err();
    assert!(matches!(other, Error::NotHolder { .. }), "{other:?}");
    for state in [State::Returned, State::Suspended, State::Waiting, State::Resolved, State::Closed] {
        let late = take(&at_street(state), &f::by(&f::street()), &as_c2(), &known).unwrap_err();
        assert!(matches!(late, Error::StepNotAllowed { .. }), "{state:?}: {late:?}");
    }
}

#[tokio::test]
async fn it_is_asked_of_routing() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let ask = pb::RecategoriseCaseRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        category: "C2".into(),
        reason: "是绿化".into(),
    };
    let mut street = town.of(&f::street());
    let wrong = pb::RecategoriseCaseRequest { category: "绿化".into(), request_id: fresh(), ..ask.clone() };
    assert_eq!(reason(&street.recategorise_case(wrong).await.unwrap_err()), "BAD_FIELD");
    assert_eq!(reason(&street.recategorise_case(ask).await.unwrap_err()), "ROUTING_UNAVAILABLE");
    assert_eq!(town.case(&case.id).await.version, case.version);
}
