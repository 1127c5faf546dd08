//! 更正研判: the triage desk puts another decision in a wrong one's place, and the case follows while somebody works on it.

use chrono::Duration;
use huying_casework::domain::{
    Case, ClockKind, Demands, Holder, Known as _, Priority, State, Unit,
    case::{
        CaseName, MergedInto,
        step::{Correct, DeskStay},
    },
};
use huying_proto::{casework::v1 as pb, common::v1 as common, routing::v1 as routing};
use huying_terms::{Clock, Limit, LimitKind};
use huying_testing::eventually;
use uuid::Uuid;

use super::{
    fixture::{self as f, Facts, after, case_at, caused, facts, morning},
    support::{Town, decided, number},
};

fn hours(amount: u32) -> Limit {
    Limit { kind: LimitKind::UrgentHour, amount }
}

/// It was decided for the grid and is a unit's.
pub fn to(unit: &Unit) -> Correct {
    Correct {
        request: Uuid::from_u128(1),
        area: f::COMMUNITY.into(),
        category: "C2".into(),
        departments: vec!["DEP-1".into()],
        priority: Priority::Urgent,
        holder: Holder::of(unit),
        moves: unit.code != f::grid().code,
        respond: hours(1),
        resolve: hours(6),
        reason: "不是这里".into(),
        demands: Demands::default(),
        by: None,
    }
}

fn later() -> Facts {
    facts().at(morning() + Duration::hours(2))
}

fn corrected(case: &Case, step: &Correct, known: &Facts) -> Case {
    after(case, caused(case, step, known), known.now())
}

fn words(case: &Case, step: &Correct, known: &Facts) -> Vec<String> {
    caused(case, step, known).iter().map(|change| change.happened().words()).collect()
}

#[test]
fn it_goes_to_the_right_unit_with_the_time_it_has_used() {
    let known = later();
    for state in [State::Assigned, State::Working, State::Returned, State::Waiting] {
        let case = Case { state, ..case_at(&f::grid()) };
        let after = corrected(&case, &to(&f::community()), &known);
        assert_eq!((after.state, after.holder.unit.as_str()), (State::Assigned, "C-1"), "{state:?}");
        assert_eq!((after.category.as_str(), after.area.as_str()), ("C2", f::COMMUNITY));
        assert_eq!(
            (after.priority, after.departments.as_slice()),
            (Priority::Urgent, &["DEP-1".to_owned()][..])
        );
        let clock = |kind| after.clocks.get(kind).unwrap();
        // To accept it the unit has its own time; to resolve it, as if it had been so from the beginning.
        assert_eq!(
            (clock(ClockKind::Respond).started_at, clock(ClockKind::Respond).limit),
            (known.now(), hours(1))
        );
        assert_eq!(clock(ClockKind::Resolve).due_at, Some(morning() + Duration::hours(6)));
        assert_eq!(words(&case, &to(&f::community()), &known).len(), 1, "one entry");
        // The same once more changes nothing.
        assert!(caused(&after, &to(&f::community()), &known).is_empty());
    }
}

#[test]
fn a_suspended_case_runs_on() {
    let known = later();
    let mut case = Case { state: State::Suspended, ..case_at(&f::grid()) };
    let paused = case.clocks.paused(ClockKind::Resolve, known.profile(), morning() + Duration::hours(1));
    case.clocks.set(ClockKind::Resolve, paused.as_ref());
    let after = corrected(&case, &to(&f::community()), &known);
    let resolve = after.clocks.get(ClockKind::Resolve).unwrap();
    assert!(resolve.is_running() && after.suspension.is_none());
    assert_eq!(resolve.used_at(&known.profile().calendar, known.now()), Duration::hours(1));
}

#[test]
fn where_only_the_rest_was_wrong_whoever_has_it_keeps_it() {
    let known = later();
    // Escalated meanwhile, and accepted there.
    let case = Case { state: State::Working, ..case_at(&f::street()) };
    let after = corrected(&case, &to(&f::grid()), &known);
    assert_eq!((after.state, after.holder.clone()), (State::Working, case.holder.clone()));
    assert_eq!((after.category.as_str(), after.priority), ("C2", Priority::Urgent));
    assert_eq!(after.clocks.get(ClockKind::Resolve).map(|it: &Clock| it.limit), Some(hours(6)));
}

#[test]
fn what_came_too_late_is_only_written_down() {
    let known = later();
    let merged = MergedInto {
        into: CaseName { case: f::OTHER, number: f::OTHER_NUMBER.into() },
        requests: Vec::new(),
        at: morning(),
    };
    let merged = Case { state: State::Closed, merged: Some(merged), ..case_at(&f::grid()) };
    let joined = Case { opened_on: Uuid::from_u128(9), ..case_at(&f::grid()) };
    let resolved = Case { state: State::Resolved, ..case_at(&f::grid()) };
    for case in [merged, joined, resolved, Case { state: State::Closed, ..case_at(&f::grid()) }] {
        let changes = caused(&case, &to(&f::community()), &known);
        let told = words(&case, &to(&f::community()), &known).concat();
        assert!(told.starts_with("更正来得太晚"), "{told}");
        let after = after(&case, changes, known.now());
        assert_eq!(Case { updated_at: case.updated_at, idle_at: case.idle_at, ..after }, case);
    }
}

fn correction(request: Uuid, at: &Unit) -> routing::RouteCorrected {
    let routing::RouteDecided { route, decision, .. } = decided(request, at);
    let resolve = Some(common::Limit { kind: common::LimitKind::UrgentHour.into(), amount: 6 });
    routing::RouteCorrected {
        route,
        decision: decision.map(|it| routing::Decision { category: "C2".into(), resolve, ..it }),
        reason: "不在一网格".into(),
        corrected_by: None,
        from_holder: f::grid().code,
    }
}

#[tokio::test]
async fn the_case_follows_routing_and_says_when_it_cannot() {
    let town = Town::open().await;
    let (request, case) = town.case_at(&f::grid()).await;
    town.tell("routing", "route", request, &correction(request, &f::community())).await;
    let moved = town.case_when("it has moved", &case.id, |case| case.holder == "C-1").await;
    assert_eq!((moved.state(), moved.category.as_str()), (pb::CaseState::Assigned, "C2"));
    let (_, event) = town.events(&case.id).await.pop().unwrap();
    assert_eq!((event["fromUnit"].as_str(), event["unit"].as_str()), (Some("G-1"), Some("C-1")));
    assert_eq!(event["reason"].as_str(), Some("不在一网格"));

    // A request that was taken back before its case opened has none to correct.
    let gone = Uuid::now_v7();
    town.withdrawn(gone).await;
    town.tell("routing", "route", gone, &decided(gone, &f::grid())).await;
    town.tell("routing", "route", gone, &correction(gone, &f::community())).await;

    town.withdrawn(request).await;
    town.case_when("it is closed", &case.id, |case| case.state() == pb::CaseState::Closed).await;
    town.tell("routing", "route", request, &correction(request, &f::street())).await;
    let last = eventually("it was too late", async || {
        let (name, event) = town.events(&case.id).await.pop()?;
        (name == "CaseCorrected" && event["tooLate"] == true).then_some(event)
    })
    .await;
    assert_eq!(last["unit"].as_str(), Some("S-1"));
    assert_eq!(town.case(&case.id).await.holder, "C-1");
}

/// Routing tells who corrected it, and once more from the same unit where somebody else names the unit that they named.
#[tokio::test]
async fn a_case_stays_where_its_holder_s_own_people_correct_it() {
    let town = Town::open().await;
    let (request, case) = town.accepted(&f::grid()).await;
    let by = |subject: &str, unit: &str| routing::RouteCorrected {
        corrected_by: Some(common::Actor { subject: subject.into(), unit: unit.into(), name: String::new() }),
        ..correction(request, &f::community())
    };
    // Who accepted it for the grid, and somebody else of the grid.
    for (version, own) in [(3, by("test-officer", "")), (4, by("somebody", "G-1"))] {
        town.tell("routing", "route", request, &own).await;
        let kept = town.case_when("it is corrected", &case.id, |case| case.version == version).await;
        assert_eq!((kept.holder.as_str(), kept.category.as_str()), ("G-1", "C2"));
        assert_eq!(kept.state(), pb::CaseState::Working);
    }
    // Somebody else puts only the rest right: routing has the community by now, and they do not name it.
    let mut rest = routing::RouteCorrected { from_holder: f::community().code, ..by("another", "D-1") };
    rest.decision.as_mut().unwrap().category = "C3".into();
    town.tell("routing", "route", request, &rest).await;
    let kept = town.case_when("the rest is right", &case.id, |case| case.category == "C3").await;
    assert_eq!((kept.holder.as_str(), kept.state()), ("G-1", pb::CaseState::Working));
    town.tell("routing", "route", request, &by("another", "D-1")).await;
    let moved = town.case_when("it has moved", &case.id, |case| case.holder == "C-1").await;
    assert_eq!(moved.state(), pb::CaseState::Assigned);
}

/// What the desk used stands beside the clock that counts it.
#[tokio::test]
async fn the_share_used_at_the_desk_stays_visible() {
    let town = Town::open().await;
    let at_once = town.case_at(&f::grid()).await.1;
    assert_eq!(at_once.desk, None);
    let request = Uuid::now_v7();
    let time = |at| Some(huying_chassis::log_service::timestamp(at));
    let submitted = morning() - Duration::hours(30);
    let mut late = decided(request, &f::grid());
    late.route.as_mut().unwrap().submit_time = time(submitted);
    (late.queue_time, late.decide_time) = (time(submitted), time(morning() - Duration::hours(12)));
    town.tell("routing", "route", request, &late).await;
    let case = town.case(&number(request)).await;
    let desk = case.desk.unwrap();
    // 18 hours of the 24 to resolve it.
    assert_eq!((desk.used_seconds, desk.percent), (18 * 3600, 75));
    let red = |case: &pb::Case| case.lamp() == common::Lamp::Red;
    let red = town.case_when("it opened red", &case.id, red).await;
    assert_eq!(red.desk.unwrap(), desk);
}

#[test]
fn more_than_all_of_it_may_be_used() {
    let stay = DeskStay::of(&f::profile(), hours(2), (morning(), morning() + Duration::hours(5)));
    assert_eq!((stay.used_seconds, stay.percent), (5 * 3600, 250));
}

#[test]
fn a_correction_says_from_whom_to_whom() {
    let case = case_at(&f::grid());
    let told = words(&case, &to(&f::community()), &later());
    assert_eq!(told, [format!("G-1 → C-1, C2, {}: 不是这里", f::COMMUNITY)]);
}
