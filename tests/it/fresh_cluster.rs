//! Every database is dumped and loaded into a fresh cluster, whose transaction numbers begin anew: everything flows.

use std::collections::BTreeSet;

use futures::future::join_all;
use huying_embedded::Postgres;
use huying_testing::let_work;
use huying_tests::{People, SERVICES, World, reckon};
use sqlx::PgPool;

use crate::dump::{dump, load};

/// Calls of each sort: seen through, under way, accepted and not yet routed, and made on the new cluster.
const SOME: usize = 6;

/// Makes the cluster old: so many transaction numbers are used up.
const AGE: &str = "do $$ begin for n in 1..20000 loop perform pg_current_xact_id(); commit; end loop; end $$";

async fn submitted(people: &People, numbers: &mut Vec<String>) -> Vec<String> {
    let calls = (0..SOME).map(|_| people.submit_until_taken(People::blocked_way()));
    let new: Vec<String> =
        join_all(calls).await.into_iter().map(|receipt| receipt.request.unwrap().number).collect();
    numbers.extend(new.clone());
    new
}

async fn transaction(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select pg_snapshot_xmax(pg_current_snapshot())::text::int8")
        .fetch_one(pool)
        .await
        .unwrap()
}

/// The services' databases, on another cluster. They are stopped.
async fn move_all(world: &World, fresh: &Postgres) {
    for service in SERVICES {
        let file = world.bench.dir.path().join(format!("{service}.dump"));
        dump(&world.database(service), &file).await;
        fresh.ensure_database(service).await.unwrap();
        load(&file, &fresh.url(service)).await;
        let newest: i64 = sqlx::query_scalar("select max(xid::text::int8) from log")
            .fetch_one(&world.pool(service).await)
            .await
            .unwrap();
        world.move_database(service, fresh.url(service));
        assert!(transaction(&world.pool(service).await).await < newest, "{service} would not notice");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_flows_on_a_fresh_cluster() {
    let world = World::inside().await;
    let people = world.people();
    sqlx::raw_sql(AGE).execute(&world.pool("intake").await).await.unwrap();
    let mut numbers = Vec::new();
    let closed = submitted(&people, &mut numbers).await;
    join_all(closed.iter().map(|number| people.see_through(number))).await;
    for number in submitted(&people, &mut numbers).await {
        people.case_of(&number).await;
    }
    world.stop("routing").await;
    submitted(&people, &mut numbers).await;
    for service in ["intake", "casework", "evaluation"] {
        world.stop(service).await;
    }

    let fresh = Postgres::start(&world.bench.dir.path().join("fresh")).await.unwrap();
    // A dump names the roles it was made with.
    let_work(&fresh).await;
    move_all(&world, &fresh).await;
    for service in SERVICES {
        world.start(service).await;
    }
    submitted(&people, &mut numbers).await;
    join_all(numbers[SOME..].iter().map(|number| people.see_through(number))).await;
    reckon::all_is_well(&world, numbers.len() as i64).await;
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len(), "no number was given twice");
    for service in SERVICES {
        world.stop(service).await;
    }
}
