//! 险情: the reporter added that life is in danger. Whoever has the case by now keeps it, and has no longer than a danger has.

use chrono::{DateTime, Duration, Utc};
use huying_casework::domain::{Case, ClockKind, Known as _, Priority, State, case::step::Endanger};
use huying_proto::{casework::v1 as pb, common::v1 as common, routing::v1 as routing};
use huying_terms::{Limit, LimitKind};
use uuid::Uuid;

use super::{
    fixture::{self as f, Facts, after, case_at, caused, facts, morning},
    support::{Town, decided},
};

fn hours(amount: u32) -> Limit {
    Limit { kind: LimitKind::UrgentHour, amount }
}

fn danger() -> Endanger {
    Endanger {
        request: Uuid::from_u128(1),
        respond: hours(1),
        resolve: hours(1),
        reason: "补充提到起火".into(),
    }
}

fn later() -> Facts {
    facts().at(morning() + Duration::hours(2))
}

fn endangered(case: &Case, step: &Endanger, known: &Facts) -> Case {
    after(case, caused(case, step, known), known.now())
}

fn due(case: &Case, kind: ClockKind) -> Option<DateTime<Utc>> {
    case.clocks.get(kind).unwrap().due_at
}

#[test]
fn it_has_an_hour_from_then_on_and_is_nobody_elses() {
    let known = later();
    for state in [State::Assigned, State::Working, State::Returned] {
        // Called something else by now, and at the street.
        let case = Case { state, category: "C9".into(), ..case_at(&f::street()) };
        let it = endangered(&case, &danger(), &known);
        assert_eq!(
            (it.state, it.priority, it.holder.clone()),
            (state, Priority::Urgent, case.holder.clone())
        );
        assert_eq!(
            (&it.category, &it.area, &it.departments),
            (&case.category, &case.area, &case.departments)
        );
        assert_eq!(due(&it, ClockKind::Resolve), Some(known.now() + Duration::hours(1)), "{state:?}");
        let resolve = it.clocks.get(ClockKind::Resolve).unwrap();
        assert_eq!(
            resolve.limit,
            Limit { kind: LimitKind::UrgentMinute, amount: 180 },
            "the time used counts"
        );
        assert!(caused(&it, &danger(), &known).is_empty(), "the same once more changes nothing");
    }
}

#[test]
fn a_clock_that_ends_sooner_is_not_put_off() {
    let (known, case) = (later(), case_at(&f::grid()));
    let long = Endanger { respond: hours(1000), resolve: hours(1000), ..danger() };
    let it = endangered(&case, &long, &known);
    assert_eq!((it.priority, &it.clocks), (Priority::Urgent, &case.clocks));
}

#[test]
fn what_stands_still_has_an_hour_once_it_runs_on() {
    let known = later();
    let paused = case_at(&f::grid()).clocks.paused(
        ClockKind::Resolve,
        known.profile(),
        morning() + Duration::minutes(30),
    );
    let mut case = Case { state: State::Suspended, ..case_at(&f::grid()) };
    case.clocks.set(ClockKind::Resolve, paused.as_ref());
    let it = endangered(&case, &danger(), &known);
    assert_eq!((it.state, due(&it, ClockKind::Resolve)), (State::Suspended, None));
    let on = morning() + Duration::hours(9);
    let resumed = it.clocks.resumed(ClockKind::Resolve, known.profile(), on).unwrap();
    assert_eq!(resumed.due_at, Some(on + Duration::hours(1)));
}

#[test]
fn where_nobody_works_on_it_nothing_changes() {
    let known = later();
    for state in [State::Resolved, State::Closed] {
        assert!(caused(&Case { state, ..case_at(&f::grid()) }, &danger(), &known).is_empty(), "{state:?}");
    }
    let others = Endanger { request: Uuid::from_u128(77), ..danger() };
    assert!(caused(&case_at(&f::grid()), &others, &known).is_empty());
}

#[tokio::test]
async fn the_case_is_told_by_routing() {
    let town = Town::open().await;
    let (request, case) = town.case_at(&f::grid()).await;
    let routing::RouteDecided { route, decision, .. } = decided(request, &f::community());
    let limit = |amount| Some(common::Limit { kind: common::LimitKind::UrgentHour.into(), amount });
    let reason = |part: &str, text: &str| routing::Reason {
        part: part.into(),
        rule: format!("{part}.fire"),
        text: text.into(),
    };
    let reasons = vec![reason("area", "在一网格"), reason("danger", "补充内容提到“着火了”")];
    let waiting = routing::RouteDangerTold { route: route.clone(), ..Default::default() };
    town.tell("routing", "route", request, &waiting).await;
    let told = routing::RouteDangerTold {
        route,
        decision: decision.map(|it| routing::Decision { reasons, category: "C2".into(), ..it }),
        respond: limit(1),
        resolve: limit(1),
        ..Default::default()
    };
    town.tell("routing", "route", request, &told).await;
    let urgent = |case: &pb::Case| case.priority() == common::Priority::Urgent;
    let it = town.case_when("it is urgent", &case.id, urgent).await;
    assert_eq!((it.holder, it.category), (case.holder, case.category), "as it is by now");
    let (name, event) = town.events(&case.id).await.pop().unwrap();
    assert_eq!((name.as_str(), event["reason"].as_str()), ("CaseCorrected", Some("补充内容提到“着火了”")));
}
