//! The log as followers read it over the wire: an aggregate's entries, and who has changed.

use std::collections::BTreeMap;

use huying_chassis::auth::{CITY, Role};
use huying_proto::log::v1::{
    CheckMarksRequest, ListWatermarksRequest, Mark, ReadAggregateRequest,
    log_service_client::LogServiceClient,
};
use huying_testing::{Bearer, Bench, Wire, database, eventually, reason, wire};
use tonic::Code;
use uuid::Uuid;

use super::bench::{Member, bus, owner, published, published_all};
use super::tally::{add, open};

/// A tally of so many versions.
async fn counted(owner: &Member, versions: i64) -> Uuid {
    let (draft, mut now) = open();
    owner.append(draft).await;
    for n in 1..versions {
        let (draft, after) = add(&now, n);
        owner.append(draft).await;
        now = after;
    }
    now.id
}

fn client(owner: &Member, bearer: Bearer) -> LogServiceClient<Wire> {
    LogServiceClient::new(wire(owner.running.grpc, bearer))
}

fn from(aggregate: Uuid, from_version: i64, page_size: i32) -> ReadAggregateRequest {
    ReadAggregateRequest { aggregate: aggregate.to_string(), from_version, page_size }
}

#[tokio::test]
async fn an_aggregate_is_read_from_any_version_as_it_was_published() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let tally = counted(&owner, 3).await;
    let mut follower = client(&owner, bench.service("echo", Some(CITY)));
    let mut read = async |request| follower.read_aggregate(request).await.unwrap().into_inner().entries;

    let all = read(from(tally, 1, 0)).await;
    let bus = bus(&bench).await;
    published_all(&bus, 3).await;
    let said: Vec<_> = published(&bus).await.iter().map(|event| event.to_json().unwrap()).collect();
    assert_eq!(all.iter().map(|entry| entry.event.clone()).collect::<Vec<_>>(), said);
    assert_eq!(all.iter().map(|entry| entry.version).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(read(from(tally, 2, 0)).await, all[1..]);
    assert_eq!(read(from(tally, 2, 1)).await, all[1..2]);
    assert!(read(from(tally, 4, 0)).await.is_empty());
    assert!(read(from(Uuid::now_v7(), 1, 0)).await.is_empty());

    let nameless = ReadAggregateRequest { aggregate: "x".into(), ..from(tally, 1, 0) };
    for bad in [from(tally, 0, 0), from(tally, 1, 1001), nameless] {
        let refused = follower.read_aggregate(bad).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::InvalidArgument, "BAD_FIELD"));
    }
    let mut operator = client(&owner, bench.bearer(Role::Operator, None, Some(CITY)));
    let refused = operator.read_aggregate(from(tally, 1, 0)).await.unwrap_err();
    assert_eq!(reason(&refused), "ROLE_NOT_ALLOWED");
    // One that does not follow it, by its name, and one without a name.
    for (bearer, why) in [
        (bench.service("other", Some(CITY)), "NOT_A_FOLLOWER"),
        (bench.bearer(Role::Service, None, Some(CITY)), "ROLE_NOT_ALLOWED"),
    ] {
        let refused = client(&owner, bearer).read_aggregate(from(tally, 1, 0)).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, why));
    }
    owner.end().await;
}

#[tokio::test]
async fn the_watermarks_are_walked_page_by_page() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let mut wanted = BTreeMap::new();
    for versions in 1..=3 {
        wanted.insert(counted(&owner, versions).await.to_string(), versions);
    }
    let mut follower = client(&owner, bench.service("echo", Some(CITY)));
    let (mut newest, mut request) =
        (BTreeMap::new(), ListWatermarksRequest { page_size: 2, ..Default::default() });
    // What may still be overtaken is held back for a moment.
    eventually("all are told", async || {
        let page = follower.list_watermarks(request.clone()).await.unwrap().into_inner();
        assert!(page.watermarks.len() <= 2);
        for mark in page.watermarks {
            assert_eq!(mark.kind, "tally");
            let before = newest.insert(mark.aggregate, mark.version);
            assert!(before.is_none_or(|before| before < mark.version), "nothing is told twice");
        }
        request.after = page.next.or(request.after);
        (newest == wanted).then_some(())
    })
    .await;
    let end = follower.list_watermarks(request).await.unwrap().into_inner();
    assert!(end.watermarks.is_empty() && end.next.is_none() && !end.more);

    let others = ListWatermarksRequest { kinds: vec!["case".into()], ..Default::default() };
    let none = follower.list_watermarks(others).await.unwrap().into_inner();
    assert!(none.watermarks.is_empty() && none.next.is_some(), "other kinds are walked past");
    let many = ListWatermarksRequest { page_size: 10_001, ..Default::default() };
    assert_eq!(reason(&follower.list_watermarks(many).await.unwrap_err()), "BAD_FIELD");
    let mut operator = client(&owner, bench.bearer(Role::Operator, None, Some(CITY)));
    let refused = operator.list_watermarks(ListWatermarksRequest::default()).await.unwrap_err();
    assert_eq!(reason(&refused), "ROLE_NOT_ALLOWED");
    owner.end().await;
}

/// A mark is in the log when the very entry stands at its version; of any other the newest entry is told, if there is one.
#[tokio::test]
async fn marks_that_the_log_does_not_have_are_told() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let (tally, absent) = (counted(&owner, 3).await, Uuid::now_v7());
    let mut follower = client(&owner, bench.service("echo", Some(CITY)));
    let entries = follower.read_aggregate(from(tally, 1, 0)).await.unwrap().into_inner().entries;
    let mark = |aggregate: Uuid, version: i64, entry: &str| Mark {
        aggregate: aggregate.to_string(),
        version,
        entry: entry.to_owned(),
    };
    let newest = mark(tally, 3, &entries[2].id);
    let mut missing = async |marks: Vec<Mark>| {
        let answer = follower.check_marks(CheckMarksRequest { marks }).await.unwrap().into_inner();
        answer.divergences.into_iter().map(|one| (one.aggregate, one.newest)).collect::<Vec<_>>()
    };
    assert!(missing(vec![newest.clone()]).await.is_empty());
    assert!(missing(vec![mark(tally, 2, &entries[1].id)]).await.is_empty(), "an older one is there as well");
    let told = Some(newest.clone());
    let other = missing(vec![mark(tally, 3, &entries[1].id)]).await;
    assert_eq!(other, [(tally.to_string(), told.clone())], "another entry at this version");
    assert_eq!(missing(vec![mark(tally, 9, &entries[2].id)]).await, [(tally.to_string(), told)]);
    assert_eq!(missing(vec![mark(absent, 1, &entries[0].id)]).await, [(absent.to_string(), None)]);

    let refused = follower.check_marks(CheckMarksRequest { marks: Vec::new() }).await.unwrap_err();
    assert_eq!(reason(&refused), "BAD_FIELD");
    let mut operator = client(&owner, bench.bearer(Role::Operator, None, Some(CITY)));
    let refused = operator.check_marks(CheckMarksRequest { marks: vec![newest] }).await.unwrap_err();
    assert_eq!(reason(&refused), "ROLE_NOT_ALLOWED");
    owner.end().await;
}
