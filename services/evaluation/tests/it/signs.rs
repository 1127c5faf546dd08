//! Early signs, end to end: from casework's events over the figures to what is raised, told and listed.

use chrono::{DateTime, Duration, Utc};
use huying_chassis::auth::Role;
use huying_evaluation::store::{ALL, Store};
use huying_proto::{
    evaluation::v1::{self as pb, sign_service_client::SignServiceClient},
    intake::v1::Channel,
};
use huying_testing::{Wire, eventually};
use uuid::Uuid;

use crate::{
    rates::count,
    received::repeating,
    store::{migrated, plan},
    support::{COMMUNITY, Case, DISTRICT, HOLDER, World, monday},
};

const STREET: &str = "420102003";

fn client(world: &World, role: Role, area: &str) -> SignServiceClient<Wire> {
    SignServiceClient::new(world.wire(world.bench.bearer(role, Some(HOLDER), Some(area))))
}

fn listing() -> pb::ListSignsRequest {
    pb::ListSignsRequest { district: DISTRICT.into(), ..Default::default() }
}

async fn listed(world: &World, area: &str) -> Vec<pb::Sign> {
    let list = client(world, Role::Leader, area).list_signs(listing()).await.unwrap();
    list.into_inner().signs
}

/// So many cases are opened on this day, and are counted with those before: `all` then.
async fn opened(world: &World, at: DateTime<Utc>, cases: usize, all: i64) {
    world.clock.set(at);
    for _ in 0..cases {
        let case = Case::new();
        world.send(DISTRICT, case.id, 1, &case.opened()).await;
    }
    counted(world, "opened", all).await;
}

async fn counted(world: &World, measure: &str, all: i64) {
    let year = pb::GetRatesRequest {
        district: DISTRICT.into(),
        from_date: "2026-11-01".into(),
        to_date: "2027-02-01".into(),
        ..Default::default()
    };
    let mut rates = world.rates(Role::Leader, None, Some(DISTRICT));
    eventually("they are counted", async || {
        let total = rates.get_rates(year.clone()).await.ok()?.into_inner().total?;
        (count(&total, measure) == all).then_some(())
    })
    .await;
}

/// A call that repeats a first one, of which there were so many.
async fn called(world: &World, (first, before): (Uuid, u32)) {
    let door = (COMMUNITY, Channel::Hotline, world.clock.now());
    let event = repeating(DISTRICT, door, (first.to_string(), before));
    world.send_of(("intake", "request"), DISTRICT, (Uuid::now_v7(), 1), &event).await;
}

/// When the district is looked at next.
async fn next_look(pool: &sqlx::PgPool) -> DateTime<Utc> {
    sqlx::query_scalar("select look_at from sign_watch").fetch_one(pool).await.unwrap()
}

async fn looked(world: &World, pool: &sqlx::PgPool) {
    let now = world.clock.now();
    eventually("the district is looked at", async || (next_look(pool).await > now).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_surge_is_raised_once_and_told() {
    let world = World::new().await;
    let pool = world.pool().await;
    opened(&world, monday(), 1, 1).await;
    // Far too much, but nobody knows yet what is usual.
    opened(&world, monday() + Duration::days(1), 9, 10).await;
    world.clock.set(monday() + Duration::days(2));
    looked(&world, &pool).await;
    let signs = "select count(*) from sign";
    assert_eq!(sqlx::query_scalar::<_, i64>(signs).fetch_one(&pool).await.unwrap(), 0);

    opened(&world, monday() + Duration::days(42), 12, 22).await;
    // At one in the morning, and no earlier.
    world.clock.set("2027-01-04T17:00:00Z".parse().unwrap());
    looked(&world, &pool).await;
    assert_eq!(next_look(&pool).await, "2027-01-05T17:00:00Z".parse::<DateTime<Utc>>().unwrap());
    let mut raised = listed(&world, DISTRICT).await;
    raised.sort_by(|a, b| a.area.cmp(&b.area));
    let told: Vec<_> =
        raised.iter().map(|it| (it.kind(), &*it.area, &*it.date, it.number, it.usual)).collect();
    let surge = |area| (pb::SignKind::Surge, area, "2027-01-04", 12, Some(0.0));
    assert_eq!(told, [surge(DISTRICT), surge(STREET)]);
    let events = world.events(&raised[1].id).await;
    assert_eq!((events.len(), &*events[0].0), (1, "SignRaised"));
    assert_eq!(
        (&events[0].1["sign"]["area"], &events[0].1["sign"]["category"]),
        (&STREET.into(), &"0101".into())
    );

    // Whoever looks once more raises nothing more.
    sqlx::query("update sign_watch set look_at = $1").bind(world.clock.now()).execute(&pool).await.unwrap();
    looked(&world, &pool).await;
    assert_eq!(listed(&world, DISTRICT).await.len(), 2);

    assert_eq!(listed(&world, STREET).await.len(), 1, "a street's own");
    for area in ["420102004", "420102003005"] {
        assert!(listed(&world, area).await.is_empty(), "{area}");
    }
    let refused = client(&world, Role::Leader, "420103").list_signs(listing()).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::PermissionDenied);
    let refused = client(&world, Role::Officer, DISTRICT).list_signs(listing()).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::PermissionDenied);
    pool.close().await;
    world.assert_log_is_true().await;
    world.stop().await;
}

/// Nothing happens and they are overdue all the same, as long as nobody resolves them; one is raised in a week, and one in the next.
#[tokio::test(flavor = "multi_thread")]
async fn what_piles_up_is_told_once_a_week() {
    let world = World::new().await;
    let pool = world.pool().await;
    let due = Some(monday() + Duration::hours(4));
    let pile: Vec<Case> = (0..5).map(|_| Case { due_at: due, ..Case::new() }).collect();
    for case in &pile {
        world.send(DISTRICT, case.id, 1, &case.opened()).await;
    }
    counted(&world, "opened", 5).await;
    let mut signs = Vec::new();
    // Tuesday, Wednesday, and Tuesday a week later.
    for day in [1, 2, 8] {
        world.clock.set(monday() + Duration::days(day));
        looked(&world, &pool).await;
        signs.push(listed(&world, DISTRICT).await.len());
    }
    // Of the district and of its street.
    assert_eq!(signs, [2, 2, 4]);
    let told = listed(&world, STREET).await;
    let piles: Vec<_> = told.iter().map(|it| (it.kind(), &*it.date, it.number, it.open)).collect();
    let pile_at = |day| (pb::SignKind::Ageing, day, 5, Some(5));
    assert_eq!(piles, [pile_at("2026-11-30"), pile_at("2026-11-23")]);

    let done = Case { due_at: None, ..pile[0].clone() };
    world.send(DISTRICT, done.id, 2, &done.resolved()).await;
    counted(&world, "overdue_open", 4).await;
    world.clock.set(monday() + Duration::days(15));
    looked(&world, &pool).await;
    assert_eq!(listed(&world, DISTRICT).await.len(), 4, "four are no pile");
    pool.close().await;
    world.assert_log_is_true().await;
    world.stop().await;
}

/// The second call asks how it stands; the third is a sign, of the matter's first request, and the fourth of the same week is none.
#[tokio::test(flavor = "multi_thread")]
async fn who_calls_again_and_again_is_told_once_a_week() {
    let world = World::new().await;
    let pool = world.pool().await;
    let [first, other] = [Uuid::now_v7(), Uuid::now_v7()];
    let days: [&[(Uuid, u32)]; 4] =
        [&[(first, 1)], &[(first, 2), (first, 3), (other, 1)], &[(first, 4)], &[(first, 5), (other, 2)]];
    let (mut calls, mut signs) = (0, Vec::new());
    // The first Monday, the two days after it, and the next Monday.
    for (day, called_then) in [0, 1, 2, 7].into_iter().zip(days) {
        world.clock.set(monday() + Duration::days(day));
        for call in called_then {
            called(&world, *call).await;
        }
        calls += called_then.len() as i64;
        counted(&world, "requests", calls).await;
        world.clock.set(monday() + Duration::days(day + 1));
        looked(&world, &pool).await;
        signs.push(listed(&world, DISTRICT).await.len());
    }
    assert_eq!(signs, [0, 1, 1, 3]);
    let told = listed(&world, DISTRICT).await;
    let oldest = told.last().unwrap();
    assert_eq!((oldest.kind(), &*oldest.area, oldest.number), (pb::SignKind::Repeat, STREET, 4));
    assert_eq!((&*oldest.category, &*oldest.request), ("", &*first.to_string()));
    pool.close().await;
    world.assert_log_is_true().await;
    world.stop().await;
}

/// Of 150 matters all are told to whoever looks: which of them were raised this week is not known here.
#[tokio::test]
async fn more_matters_are_read_than_a_day_may_raise() {
    let pool = migrated().await;
    let fill = "insert into received (id, body, counted)
         select gen_random_uuid(), jsonb_build_object('district', '420102', 'area', '420102003005', 'received_at', $1 + n,
                'repeat', jsonb_build_object('of', gen_random_uuid(), 'before', 2 + n)), '[]'
           from generate_series(1, 150) as n";
    sqlx::query(fill).bind(monday().timestamp_micros()).execute(&pool).await.unwrap();
    let day = (monday(), monday() + Duration::days(1));
    let matters = Store::new(pool).repeated(DISTRICT, day).await.unwrap();
    let calls: Vec<_> = matters.iter().map(|it| it.calls).collect();
    assert_eq!((calls.len(), calls[0], calls[149]), (150, 153, 4));
}

#[tokio::test]
async fn what_a_day_repeats_is_found_by_its_index() {
    let pool = migrated().await;
    let statement = ALL.iter().find(|(known, _)| *known == "signs_repeated").unwrap().1;
    let plan = plan(&pool, statement, &["'420102'", "0", "1", "100"]).await;
    assert!(plan.contains("received_repeat") && !plan.contains("Seq Scan"), "{plan}");
}

#[tokio::test]
async fn lists_of_signs_read_a_page_of_their_index() {
    let pool = migrated().await;
    let fill = "insert into sign (id, version, shape, hash, body)
         select gen_random_uuid(), 1, 1, sha256(''), jsonb_build_object('district', '420102', 'area', '42010200' || n % 9)
           from generate_series(1, 5000) as n";
    sqlx::raw_sql(fill).execute(&pool).await.unwrap();
    sqlx::raw_sql("vacuum analyze sign").execute(&pool).await.unwrap();
    for (name, area, index) in
        [("signs_by_district", "'420102'", "sign_district"), ("signs_by_area", "'420102003'", "sign_area")]
    {
        let statement = ALL.iter().find(|(known, _)| *known == name).unwrap().1;
        let plan = plan(&pool, statement, &[area, "'ffffffff-ffff-ffff-ffff-ffffffffffff'", "50"]).await;
        assert!(
            plan.contains(index) && !plan.contains("Seq Scan") && !plan.contains("Sort"),
            "{name}\n{plan}"
        );
    }
}
