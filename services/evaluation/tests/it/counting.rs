//! Figures are told of what is counted, whoever counts and however much waits.

use chrono::{DateTime, Duration, Utc};
use huying_chassis::auth::{CITY, Role};
use huying_proto::evaluation::v1::{self as pb, inquiry_service_client::InquiryServiceClient};
use huying_testing::{eventually, reason};
use sqlx::{PgConnection, PgPool, Row as _, raw_sql};
use tonic::Code;

use crate::{
    inquiries::{STREET, key},
    rates::count,
    support::{Case, DISTRICT, HOLDER, World, applying, monday, profile},
};

/// What a step of counting takes first.
const HOLD: &str = "begin; select pg_advisory_xact_lock(hashtext('huying evaluation counts'))";
/// More than is counted within any deadline of a call.
const CLONES: &str = "
    insert into heard (id, aggregate, version, at, body)
    select gen_random_uuid(), gen_random_uuid(), version, at, body from heard, generate_series(1, 80000)";

async fn waiting(pool: &PgPool) -> i64 {
    sqlx::query("select count(*) from heard").fetch_one(pool).await.unwrap().get(0)
}

/// One case was heard of on Monday, and somebody else holds what is counted an hour later.
async fn held(world: &World, pool: &PgPool) -> (Case, PgConnection) {
    world.operator(Some(CITY)).apply_profile(applying(profile(DISTRICT), false)).await.unwrap();
    let mut other = pool.acquire().await.unwrap().detach();
    raw_sql(HOLD).execute(&mut other).await.unwrap();
    let case = Case::new();
    world.send(DISTRICT, case.id, 1, &case.opened()).await;
    eventually("it is heard", async || (waiting(pool).await == 1).then_some(())).await;
    world.clock.set(monday() + Duration::hours(1));
    (case, other)
}

/// How many cases were opened in the month, and until when all is counted.
async fn told(world: &World) -> (i64, DateTime<Utc>) {
    let asked = pb::GetRatesRequest {
        district: DISTRICT.into(),
        from_date: "2026-11-01".into(),
        to_date: "2026-12-01".into(),
        ..Default::default()
    };
    let told = world.rates(Role::Leader, None, Some(DISTRICT)).get_rates(asked).await.unwrap().into_inner();
    let counted = told.counted_time.unwrap();
    let counted = DateTime::from_timestamp(counted.seconds, counted.nanos.try_into().unwrap()).unwrap();
    (count(&told.total.unwrap(), "opened"), counted)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_counts_for_long_holds_nobody_up() {
    let world = World::new().await;
    let pool = world.pool().await;
    let (case, mut other) = held(&world, &pool).await;
    assert_eq!(told(&world).await, (0, monday()), "by when it was heard, all before is counted");
    // Who must know the case as it is would be told that there is none.
    let delegate = world.bench.bearer(Role::Delegate, None, Some(DISTRICT));
    let opening = pb::OpenInquiryRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: STREET.into(),
        unit: HOLDER.into(),
        cases: vec![case.id.to_string()],
        question: "为何三天两头又堵上".into(),
    };
    let mut inquiries = InquiryServiceClient::new(world.wire(delegate));
    let refused = inquiries.open_inquiry(opening).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::Unavailable, "OVERLOADED".into()));
    raw_sql("rollback").execute(&mut other).await.unwrap();
    eventually("it is counted", async || {
        (told(&world).await == (1, monday() + Duration::hours(1))).then_some(())
    })
    .await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn however_much_waits_figures_are_told_of_what_is_counted() {
    let world = World::new().await;
    let pool = world.pool().await;
    let (_, mut other) = held(&world, &pool).await;
    raw_sql(CLONES).execute(&pool).await.unwrap();
    raw_sql("rollback").execute(&mut other).await.unwrap();
    let (opened, counted) = told(&world).await;
    assert!(opened > 0, "some is counted");
    assert_eq!(counted, monday(), "and not all");
    assert!(waiting(&pool).await > 0);
    // What is left is not this test's.
    raw_sql("truncate heard").execute(&pool).await.unwrap();
    world.stop().await;
}
