//! Reckoning: nothing lost, nothing doubled. What every test of a fault ends with.

use std::sync::Arc;

use huying::services::{self, NAMES};
use huying_proto::log::v1::{ListDeadLettersRequest, VerifyLogRequest};
use huying_testing::eventually;

use crate::world::World;

/// Every log replays to its rows, every follower stands where its sources stand, nothing is parked, and there is one case and one
/// struck-off account for each of `calls`.
pub async fn all_is_well(world: &Arc<World>, calls: i64) {
    all_caught_up(world).await;
    all_verified(world).await;
    let counts: (i64, i64, i64) = sqlx::query_as(
        "select (select count(*) from \"case\"), (select count(distinct body -> 'requests' -> 0 ->> 'id') from \"case\"), (select count(*) from \"case\" where state = 'closed')",
    )
    .fetch_one(&world.pool("casework").await)
    .await
    .unwrap();
    assert_eq!(counts, (calls, calls, calls), "cases, distinct requests on them, closed cases");
    let answered: (i64, i64) =
        sqlx::query_as("select count(*), count(*) filter (where state = 'answered') from request")
            .fetch_one(&world.pool("intake").await)
            .await
            .unwrap();
    assert_eq!(answered, (calls, calls), "requests, answered requests");
    let callbacks: i64 = sqlx::query_scalar("select count(*) from callback where state = 'passed'")
        .fetch_one(&world.pool("evaluation").await)
        .await
        .unwrap();
    assert_eq!(callbacks, calls, "passed callbacks");
}

/// Every log replays to its rows, and nothing is parked.
pub async fn all_verified(world: &Arc<World>) {
    for service in NAMES {
        verify(world, service).await;
    }
}

/// Every follower stands where its sources stand.
pub async fn all_caught_up(world: &World) {
    for follower in services::ALL {
        for source in follower.follows {
            caught_up(world, follower.name, source.service, source.kinds).await;
        }
    }
}

/// The follower's marks are the owner's newest versions.
pub async fn caught_up(world: &World, follower: &str, source: &str, kinds: &[&str]) {
    let (owner, marks) = (world.pool(source).await, world.pool(follower).await);
    eventually(&format!("{follower} has caught up with {source}"), async || {
        let newest: (i64, Option<i64>) =
            sqlx::query_as("select count(distinct aggregate), sum(1)::bigint from log where kind = any($1)")
                .bind(kinds)
                .fetch_one(&owner)
                .await
                .ok()?;
        let seen: (i64, Option<i64>) =
            sqlx::query_as("select count(*), sum(version)::bigint from followed where source = $1")
                .bind(source)
                .fetch_one(&marks)
                .await
                .ok()?;
        (newest == seen).then_some(())
    })
    .await;
}

async fn verify(world: &Arc<World>, service: &str) {
    let mut operator = world.people().operator(service);
    let kinds = operator.verify_log(VerifyLogRequest::default()).await.unwrap().into_inner().kinds;
    for kind in kinds {
        let mut page_token = String::new();
        loop {
            let page = operator
                .verify_log(VerifyLogRequest { kind: kind.clone(), page_size: 1000, page_token })
                .await
                .unwrap()
                .into_inner();
            assert_eq!(page.faults, [], "{service} {kind}");
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
    }
    let parked = operator
        .list_dead_letters(ListDeadLettersRequest::default())
        .await
        .unwrap()
        .into_inner()
        .dead_letters;
    assert_eq!(parked, [], "{service} has dead letters");
}
