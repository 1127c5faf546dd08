//! PostgreSQL is down: whoever calls is told to come again, nothing is acknowledged, and nothing is there afterwards but what was.

use huying_testing::eventually;
use huying_tests::{Options, People, World, world::key};
use tonic::Code;
use tonic_types::StatusExt;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_60_nothing_is_acknowledged_while_postgresql_is_down() {
    let world = World::open(Options { own_postgres: true, ..Options::default() }).await;
    let (people, postgres) = (world.people(), world.postgres.as_ref().unwrap());
    let taken = people.submit_until_taken(People::blocked_way()).await.request.unwrap();
    postgres.stop().await.unwrap();
    let call = People::blocked_way();
    for again in 0..3 {
        let refused = people.platform().submit_request(call.clone()).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unavailable, "{again}: {refused}");
        assert!(refused.get_details_retry_info().is_some(), "{refused:?}");
    }
    let read = huying_proto::casework::v1::GetCaseRequest { id: key() };
    assert_eq!(people.leader().get_case(read).await.unwrap_err().code(), Code::Unavailable);

    postgres.restart().await.unwrap();
    let pool = eventually("PostgreSQL is there", async || {
        sqlx::PgPool::connect(&world.database("intake")).await.ok()
    });
    let pool = pool.await;
    let kept = async || -> (i64, i64) {
        let sql = "select (select count(*) from request), (select count(*) from log where kind = 'request' and version = 1)";
        sqlx::query_as(sql).fetch_one(&pool).await.unwrap()
    };
    assert_eq!(kept().await, (1, 1), "{}", taken.number);
    people.submit_until_taken(call.clone()).await;
    people.submit_until_taken(call).await;
    assert_eq!(kept().await, (2, 2), "taken once");
}
