//! 走访计划: when a visit is due, that a missed one is told once, and that a visit settles it.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Asia::Shanghai;
use huying_chassis::{auth::Role, clock::Clock};
use huying_intake::domain::archive::{
    ArchiveKind, Place,
    due::{Due, Obliging, Plan, Plans},
};
use huying_proto::intake::v1::{self as pb, archive_service_client::ArchiveServiceClient};
use huying_testing::{Wire, eventually, reason};

use super::{
    support::{DISTRICT, Town, profile},
    visits::{GRID, archives, household, key, team},
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    let local = text.parse().unwrap();
    Shanghai.from_local_datetime(&local).unwrap().to_utc()
}

fn plans(kind: ArchiveKind, key: bool, days: &[u32]) -> Plans {
    let plan = Plan { name: "走访日".into(), kind, key, days: days.iter().copied().collect() };
    Plans { zone: Shanghai, plans: vec![plan], obliged: BTreeMap::new(), visitors: BTreeMap::new() }
}

fn place(kind: ArchiveKind, key: bool) -> Place {
    Place { district: DISTRICT.into(), area: GRID.into(), kind, key }
}

/// 孙埠镇: the 15th and the 30th, and February's last day.
#[test]
fn visiting_days_are_those_of_the_month() {
    let (plans, home) =
        (plans(ArchiveKind::Household, false, &[15, 30]), place(ArchiveKind::Household, false));
    let on = |due: Option<Due>| due.unwrap().on;
    for (since, first) in [
        ("2026-11-01", "2026-11-15"),
        ("2026-11-15", "2026-11-15"),
        ("2026-11-16", "2026-11-30"),
        ("2026-12-31", "2027-01-15"),
        ("2027-02-16", "2027-02-28"),
        ("2028-02-16", "2028-02-29"),
    ] {
        assert_eq!(on(plans.first(&home, day(since))), day(first), "{since}");
    }
    // A visit counts for the next of these days.
    for (visited, next) in [
        ("2026-11-10", "2026-11-30"),
        ("2026-11-15", "2026-11-30"),
        ("2026-11-30", "2026-12-15"),
        ("2027-02-20", "2027-03-15"),
    ] {
        assert_eq!(on(plans.next(&home, day(visited))), day(next), "{visited}");
    }
    let due = plans.first(&home, day("2026-11-01")).unwrap();
    assert_eq!(due.due_at, at("2026-11-16T00:00:00"), "until the day is over");
    assert_eq!(plans.first(&place(ArchiveKind::Enterprise, true), day("2026-11-01")), None);
}

/// 江北: each key enterprise at least monthly.
#[test]
fn the_31st_is_once_a_month() {
    let plans = plans(ArchiveKind::Enterprise, true, &[31]);
    let (firm, other) = (place(ArchiveKind::Enterprise, true), place(ArchiveKind::Enterprise, false));
    for (visited, next) in
        [("2026-01-05", "2026-02-28"), ("2026-01-31", "2026-02-28"), ("2026-02-01", "2026-03-31")]
    {
        assert_eq!(plans.next(&firm, day(visited)).unwrap().on, day(next), "{visited}");
    }
    assert_eq!(plans.first(&other, day("2026-01-05")), None, "only of key enterprises");
}

#[test]
fn what_obliges_a_visit_is_due_some_days_later() {
    let obliged = [(Obliging::SafetyAccident, 1)].into();
    let plans = Plans { obliged, ..plans(ArchiveKind::Household, false, &[15]) };
    let due = plans.obliged(Obliging::SafetyAccident, day("2026-11-27"));
    assert_eq!(due.due_at, at("2026-11-29T00:00:00"));
    let due = plans.obliged(Obliging::MajorLabourDispute, day("2026-11-27"));
    assert_eq!(due.due_at, at("2026-12-01T00:00:00"), "three days where the profile does not say");
}

fn planned() -> pb::IntakeProfile {
    let household = pb::VisitPlan {
        name: "走访日".into(),
        kind: pb::ArchiveKind::Household.into(),
        key: false,
        days: vec![15, 30],
    };
    let accident = pb::ObligedVisit { reason: pb::DueReason::SafetyAccident.into(), days: 1 };
    let visitor = |area: &str, unit: &str| pb::FixedVisitor {
        area: area.into(),
        unit: unit.into(),
        officer: "包网干部".into(),
    };
    pb::IntakeProfile {
        visit_plans: vec![household],
        obliged_visits: vec![accident],
        fixed_visitors: vec![visitor("990101001", "S-1"), visitor(GRID, "DEP-1")],
        ..profile()
    }
}

struct Days {
    town: Town,
    clock: Clock,
    desk: ArchiveServiceClient<Wire>,
}

impl Days {
    async fn open() -> Self {
        let clock = Clock::manual(at("2026-11-02T09:00:00"));
        let town = Town::open_at(clock.clone()).await;
        town.apply(planned()).await;
        let desk = archives(&town, Role::Desk, None, DISTRICT);
        Self { town, clock, desk }
    }

    async fn known(&self, address: &str) -> pb::Archive {
        let open = pb::OpenArchiveRequest {
            request_id: key(),
            district: DISTRICT.into(),
            area: GRID.into(),
            kind: pb::ArchiveKind::Household.into(),
            visited: Some(pb::Visited { address: address.into(), ..Default::default() }),
            unit: "G-1".into(),
            ..Default::default()
        };
        self.desk.clone().open_archive(open).await.unwrap().into_inner()
    }

    async fn archive(&self, id: &str) -> pb::Archive {
        self.desk.clone().get_archive(pb::GetArchiveRequest { id: id.into() }).await.unwrap().into_inner()
    }

    /// Whose visits are due by then, by their ids.
    async fn due(&self, area: &str) -> Vec<String> {
        let list =
            pb::ListVisitsDueRequest { district: DISTRICT.into(), area: area.into(), ..Default::default() };
        let due = self.desk.clone().list_visits_due(list).await.unwrap().into_inner().archives;
        due.into_iter().map(|it| it.id).collect()
    }

    async fn missed(&self) -> i64 {
        let sql = "select count(*) from log where kind = 'archive' and entry::jsonb -> 'change' ? 'missed'";
        sqlx::query_scalar(sql).fetch_one(&self.town.pool().await).await.unwrap()
    }
}

/// 孙埠镇: no household is skipped on the 15th; who was is told once, and is on the list until somebody comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visiting_day_that_is_missed_is_told_once() {
    let days = Days::open().await;
    let (skipped, visited) = (days.known("一号").await, days.known("二号").await);
    assert_eq!((skipped.dues[0].reason(), skipped.dues[0].on.as_str()), (pb::DueReason::Plan, "2026-11-15"));
    let recorded =
        team(&days.town).record_visit(household("二号")).await.unwrap().into_inner().visit.unwrap();
    assert_eq!(recorded.archive, visited.id);
    assert_eq!(days.archive(&visited.id).await.dues[0].on, "2026-11-30", "the visit counts for the 15th");
    assert_eq!(days.due("").await, [""; 0]);

    days.clock.set(at("2026-11-16T00:00:01"));
    let told = eventually("the missed visit is told", async || {
        Some(days.archive(&skipped.id).await).filter(|it| it.dues[0].missed)
    });
    assert_eq!(told.await.dues.len(), 1);
    for area in ["", "990101001", "990101001001", GRID] {
        assert_eq!(days.due(area).await, [skipped.id.as_str()], "{area}");
    }
    assert_eq!(days.due("990101002").await, [""; 0]);

    // The other is missed on the 30th; the first is not told again.
    days.clock.set(at("2026-12-01T00:00:01"));
    eventually("the other is told", async || days.archive(&visited.id).await.dues[0].missed.then_some(()))
        .await;
    assert_eq!((days.missed().await, days.due("").await), (2, vec![skipped.id.clone(), visited.id.clone()]));

    let recorded =
        team(&days.town).record_visit(household("一号")).await.unwrap().into_inner().visit.unwrap();
    let now = days.archive(&recorded.archive).await;
    assert_eq!((now.dues.len(), now.dues[0].on.as_str(), now.dues[0].missed), (1, "2026-12-30", false));
    assert_eq!(days.due("").await, [visited.id]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happened_obliges_a_visit_until_one_comes() {
    let days = Days::open().await;
    let known = days.known("一号").await;
    let oblige = pb::ObligeVisitRequest {
        request_id: key(),
        id: known.id.clone(),
        version: known.version,
        reason: pb::DueReason::SafetyAccident.into(),
        on: "2026-11-02".into(),
    };
    let mut desk = days.desk.clone();
    for wrong in [
        pb::ObligeVisitRequest { reason: pb::DueReason::Plan.into(), ..oblige.clone() },
        pb::ObligeVisitRequest { on: "2025-01-01".into(), ..oblige.clone() },
        pb::ObligeVisitRequest { on: "11-02".into(), ..oblige.clone() },
    ] {
        assert_eq!(reason(&desk.oblige_visit(wrong).await.unwrap_err()), "BAD_FIELD");
    }
    let obliged = desk.oblige_visit(oblige.clone()).await.unwrap().into_inner();
    assert_eq!(
        obliged.dues.iter().map(pb::Due::reason).collect::<Vec<_>>(),
        [pb::DueReason::Plan, pb::DueReason::SafetyAccident]
    );
    let again = pb::ObligeVisitRequest { request_id: key(), version: obliged.version, ..oblige };
    assert_eq!(
        desk.oblige_visit(again).await.unwrap().into_inner().version,
        obliged.version,
        "the same again"
    );
    let soon = pb::ListVisitsDueRequest {
        district: DISTRICT.into(),
        until_time: Some(at("2026-11-05T00:00:00").into()),
        ..Default::default()
    };
    let soon = desk.list_visits_due(soon).await.unwrap().into_inner().archives;
    assert_eq!(soon.iter().map(|it| &it.id).collect::<Vec<_>>(), [&known.id]);

    // A visit of the day before it happened does not settle it.
    let early =
        pb::RecordVisitRequest { visit_time: Some(at("2026-11-01T20:00:00").into()), ..household("一号") };
    team(&days.town).record_visit(early).await.unwrap();
    assert_eq!(days.archive(&known.id).await.dues.len(), 2);
    days.clock.advance(Duration::from_secs(3600));
    team(&days.town).record_visit(household("一号")).await.unwrap();
    let settled = days.archive(&known.id).await.dues;
    assert_eq!(settled.iter().map(pb::Due::reason).collect::<Vec<_>>(), [pb::DueReason::Plan]);
}

/// 萧山: each grid has one officer of the district or the town who visits it for good.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_grid_has_a_fixed_visitor() {
    let days = Days::open().await;
    let (own, near) = (days.known("一号").await, "990101001001002");
    assert_eq!((own.visitor_unit.as_str(), own.visitor.as_str()), ("DEP-1", "包网干部"));
    let open = pb::OpenArchiveRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: near.into(),
        kind: pb::ArchiveKind::Household.into(),
        visited: Some(pb::Visited { address: "一号".into(), ..Default::default() }),
        unit: "G-2".into(),
        ..Default::default()
    };
    let near = days.desk.clone().open_archive(open).await.unwrap().into_inner();
    assert_eq!(near.visitor_unit, "S-1", "of the street around it");
    let list = pb::ListArchivesRequest { district: DISTRICT.into(), ..Default::default() };
    let listed = days.desk.clone().list_archives(list).await.unwrap().into_inner().archives;
    assert_eq!(listed.iter().map(|it| it.visitor_unit.as_str()).collect::<Vec<_>>(), ["DEP-1", "S-1"]);
    let twice =
        pb::IntakeProfile { fixed_visitors: vec![planned().fixed_visitors[0].clone(); 2], ..planned() };
    assert!(huying_intake::grpc::profile::check(twice).is_err());
}

/// A plan that is new, or is no more, is carried into the archives that there are; nobody is late by a plan that they did not have.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replaced_plan_reaches_the_archives() {
    let days = Days::open().await;
    let known = days.known("一号").await;
    let plan = |plans: Vec<pb::VisitPlan>| pb::IntakeProfile { visit_plans: plans, ..planned() };
    days.town.apply(plan(Vec::new())).await;
    assert_eq!(days.archive(&known.id).await.dues, []);
    days.clock.set(at("2026-11-20T09:00:00"));
    let tenth = pb::VisitPlan { days: vec![10], ..planned().visit_plans[0].clone() };
    days.town.apply(plan(vec![tenth])).await;
    let dues = days.archive(&known.id).await.dues;
    assert_eq!((dues.len(), dues[0].on.as_str(), dues[0].missed), (1, "2026-12-10", false));
    let wrong = pb::VisitPlan { days: vec![0, 32], ..planned().visit_plans[0].clone() };
    assert!(huying_intake::grpc::profile::check(plan(vec![wrong])).is_err());
}
