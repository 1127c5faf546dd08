//! Cost stays flat as cases grow: whatever the services do, by their own plans, they find it by an index.

use chrono::TimeDelta;
use futures::future::join_all;
use huying_chassis::{auth::Role, clock::system_now};
use huying_proto::{
    casework::v1::{ListCasesRequest, ListDispatchesRequest},
    evaluation::v1::GetRatesRequest,
    intake::v1::ListRequestsRequest,
    routing::v1::ListTriageRequest,
};
use huying_tests::{People, SERVICES, World, people::DISTRICT};

const CALLS: usize = 30;

/// A row, a row a district, a row a migration: read whole on purpose.
const SMALL: [&str; 3] = ["relay", "profile", "_sqlx_migrations"];

async fn look_around(people: &People) {
    let district = DISTRICT.to_owned();
    let cases = ListCasesRequest { district: district.clone(), ..Default::default() };
    people.leader().list_cases(cases).await.unwrap();
    let dispatches = ListDispatchesRequest { district: district.clone(), ..Default::default() };
    people.called("D-420102").list_dispatches(dispatches).await.unwrap();
    let requests = ListRequestsRequest { district: district.clone(), ..Default::default() };
    people.intake(Role::Leader, "D-420102").list_requests(requests).await.unwrap();
    let triage = ListTriageRequest { district: district.clone(), ..Default::default() };
    people.routing(Role::Desk).list_triage(triage).await.unwrap();
    let now = system_now();
    let (from_time, to_time) = (Some((now - TimeDelta::days(1)).into()), Some(now.into()));
    let rates = GetRatesRequest { district, from_time, to_time, unit: String::new() };
    people.rates().get_rates(rates).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_read_whole() {
    let world = World::inside().await;
    let people = world.people();
    join_all((0..CALLS).map(|_| async {
        let number = people.submit_until_taken(People::blocked_way()).await.request.unwrap().number;
        people.see_through(&number).await;
    }))
    .await;
    look_around(&people).await;
    // A connection tells what it has read when it ends.
    for service in SERVICES {
        world.stop(service).await;
    }
    for service in SERVICES {
        let scanned: Vec<(String, i64)> = sqlx::query_as(
            "select relname::text, seq_tup_read from pg_stat_user_tables where seq_tup_read > 0 and relname <> all ($1) order by 1",
        )
        .bind(SMALL)
        .fetch_all(&world.pool(service).await)
        .await
        .unwrap();
        assert_eq!(scanned, [], "{service}: tables read from end to end, and how many rows");
    }
}
