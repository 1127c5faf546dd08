//! The log is the truth, and can be held against the rows.

use std::time::Duration;

use huying_chassis::auth::{CITY, Role};
use huying_chassis::log::verify::{Findings, Kind};
use huying_chassis::page;
use huying_proto::log::v1::{VerifyLogRequest, log_service_client::LogServiceClient};
use huying_testing::{Bench, database, wire};
use sqlx::PgPool;
use uuid::Uuid;

use super::bench::{Store, owner};
use super::tally::{Tally, add, open};

/// Tallies of three versions each.
async fn filled(tallies: usize) -> (Store, Vec<Uuid>) {
    let store = Store::new().await;
    let mut ids = Vec::new();
    for _ in 0..tallies {
        let (first, v1) = open();
        let (second, v2) = add(&v1, 2);
        let (third, _) = add(&v2, 3);
        for draft in [first, second, third] {
            store.log.append(draft.into()).await.unwrap();
        }
        ids.push(v1.id);
    }
    (store, ids)
}

async fn verify(store: &Store) -> Findings {
    Kind::of::<Tally>().verify(&store.pool, Uuid::nil(), 100).await.unwrap()
}

async fn tamper(store: &Store, statement: &'static str, id: Uuid) {
    sqlx::query(statement).bind(id).execute(&store.pool).await.unwrap();
}

#[tokio::test]
async fn replaying_the_log_gives_the_rows() {
    let (store, _) = filled(3).await;
    let found = verify(&store).await;
    assert_eq!((found.checked, found.replayed, found.faults.len()), (3, 9, 0));
}

#[tokio::test]
async fn whatever_was_tampered_with_is_found() {
    let (store, ids) = filled(9).await;
    tamper(&store, "update tally set body = jsonb_set(body, '{total}', '6') where id = $1", ids[0]).await;
    tamper(&store, "delete from log where aggregate = $1 and version = 2", ids[1]).await;
    tamper(&store, "delete from log where aggregate = $1 and version = 3", ids[2]).await;
    tamper(
        &store,
        "update tally set version = 2, body = jsonb_set(body, '{total}', '2') where id = $1",
        ids[3],
    )
    .await;
    tamper(&store, "delete from tally where id = $1", ids[4]).await;
    // What it says, when, and whose it was: the bytes and all that stands beside them are under the hash.
    tamper(
        &store,
        "update log set entry = replace(entry, '2', '4') where aggregate = $1 and version = 2",
        ids[5],
    )
    .await;
    tamper(&store, "update log set at = at - interval '1 day' where aggregate = $1 and version = 3", ids[6])
        .await;
    tamper(&store, "update log set hash = sha256(entry::bytea) where aggregate = $1 and version = 3", ids[7])
        .await;
    // What another build says more, or leaves out, is no fault: both are read as this build reads them.
    tamper(
        &store,
        "update tally set body = body || '{\"more\": true, \"due_at\": null}' where id = $1",
        ids[8],
    )
    .await;

    let faults = verify(&store).await.faults;

    let said: Vec<&str> = faults.iter().map(|(_, problem)| problem.as_str()).collect();
    assert_eq!(faults.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ids[..8]);
    assert_eq!(
        said,
        [
            "replaying the log does not give the row",
            "version 2 is missing",
            "the row is at version 3, the log has 2 entries",
            "the row is at version 2, the log has 3 entries",
            "the log has 3 entries, but there is no row",
            "version 2 is not as it was written: its hash differs",
            "version 3 is not as it was written: its hash differs",
            "version 3 is not as it was written: its hash differs",
        ]
    );
}

/// Whoever writes there can write anything, and what cannot be read is told in its own words: in a few of them.
#[tokio::test]
async fn a_fault_is_told_in_few_words_however_much_lies_there() {
    let bench = Bench::new().await;
    let (url, mut ids) = (database().await, Vec::new());
    let owner = owner(&bench, &url, None).await;
    let pool = PgPool::connect(&url).await.unwrap();
    for _ in 0..3 {
        let (draft, it) = open();
        owner.append(draft).await;
        ids.push(it.id.to_string());
    }
    let long = "update log set entry = replace(entry, '\"Opened\"', '\"' || repeat('x', 6000000) || '\"')";
    sqlx::query(long).execute(&pool).await.unwrap();
    let bearer = bench.bearer(Role::Operator, None, Some(CITY));
    let request = VerifyLogRequest { kind: "tally".into(), ..VerifyLogRequest::default() };
    let page = LogServiceClient::new(wire(owner.running.grpc, bearer)).verify_log(request).await;
    let faults = page.unwrap().into_inner().faults;
    assert_eq!(
        faults.iter().map(|fault| &fault.aggregate).collect::<Vec<_>>(),
        ids.iter().collect::<Vec<_>>()
    );
    for fault in &faults {
        assert!(fault.problem.starts_with("version 1 cannot be read"), "{}", fault.problem);
        assert_eq!(fault.problem.chars().count(), 400);
    }
    pool.close().await;
    owner.end().await;
}

/// Of faults that are told at length fewer are on a page; the next one goes on.
#[tokio::test]
async fn a_page_is_bounded_by_what_it_tells() {
    const COPIES: usize = 700;
    let (store, ids) = filled(1).await;
    tamper(
        &store,
        "update log set entry = replace(entry, '\"Opened\"', '\"' || repeat('𠀀', 400) || '\"') where aggregate = $1",
        ids[0],
    )
    .await;
    tamper(
        &store,
        "with copies as materialized (select gen_random_uuid() as id from generate_series(1, 700)),
              rows as (insert into tally (id, version, shape, hash, body)
                       select copies.id, version, shape, hash, body from copies, tally where tally.id = $1)
         insert into log (id, kind, aggregate, version, district, at, shape, entry, hash, epoch)
         select gen_random_uuid(), kind, copies.id, version, district, at, shape, entry, hash, epoch
           from copies, log where aggregate = $1 and version = 1",
        ids[0],
    )
    .await;
    let (mut after, mut pages, mut faults) = (Some(Uuid::nil()), 0, 0);
    while let Some(id) = after {
        let found = Kind::of::<Tally>().verify(&store.pool, id, 1000).await.unwrap();
        let bytes: usize = found.faults.iter().map(|(_, problem)| problem.len()).sum();
        assert!(bytes <= page::BYTES + 1600, "{bytes}");
        (after, pages, faults) = (found.next, pages + 1, faults + found.faults.len());
    }
    assert_eq!(faults, COPIES + 1);
    assert!(pages > 1);
}

/// A page that takes too long ends where it is; the next goes on from there.
#[tokio::test]
async fn a_page_is_bounded_by_time() {
    let (store, ids) = filled(3).await;
    let page = async |after| {
        Kind::of::<Tally>().verify_within(&store.pool, after, 100, Duration::ZERO).await.unwrap()
    };
    let mut after = Uuid::nil();
    for (id, next) in [(ids[0], true), (ids[1], true), (ids[2], false)] {
        let found = page(after).await;
        assert_eq!((found.checked, found.next), (1, next.then_some(id)));
        after = id;
    }
}

#[tokio::test]
async fn an_operator_pages_through_it() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    for _ in 0..5 {
        owner.append(open().0).await;
    }
    let mut client =
        LogServiceClient::new(wire(owner.running.grpc, bench.bearer(Role::Operator, None, Some(CITY))));
    let mut request = VerifyLogRequest { kind: "tally".into(), page_size: 2, page_token: String::new() };
    let mut checked = Vec::new();
    loop {
        let page = client.verify_log(request.clone()).await.unwrap().into_inner();
        assert!(page.faults.is_empty());
        checked.push(page.checked);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(checked, [2, 2, 1]);
    owner.end().await;
}
