//! Lists of requests: by state, door and whose answer is owed; page by page; no farther than the caller's area.

use huying_chassis::auth::Role;
use huying_proto::intake::v1 as pb;
use huying_testing::reason;
use tonic::Code;
use uuid::Uuid;

use super::support::{DISTRICT, Town, call};

fn list() -> pb::ListRequestsRequest {
    pb::ListRequestsRequest { district: DISTRICT.into(), ..Default::default() }
}

/// So many calls by the online door, oldest first.
async fn calls(town: &Town, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for _ in 0..count {
        let taken = town.officer().submit_request(call()).await.unwrap().into_inner();
        ids.push(taken.request.unwrap().id);
    }
    ids
}

#[tokio::test]
async fn lists_filter_and_page() {
    let town = Town::open().await;
    let mut ids = calls(&town, 4).await;
    let patrol = pb::SubmitRequestRequest {
        channel: pb::Channel::GridPatrol.into(),
        external_id: "X-1".into(),
        ..call()
    };
    ids.push(town.officer().submit_request(patrol).await.unwrap().into_inner().request.unwrap().id);
    let withdraw = pb::WithdrawRequestRequest {
        request_id: Uuid::now_v7().to_string(),
        id: ids[0].clone(),
        reason: String::new(),
    };
    town.officer().withdraw_request(withdraw).await.unwrap();

    let mut desk = town.client(Role::Desk, Some("D-1"), Some(DISTRICT));
    let (mut found, mut page) = (Vec::new(), pb::ListRequestsRequest { page_size: 2, ..list() });
    loop {
        let answer = desk.list_requests(page.clone()).await.unwrap().into_inner();
        assert!(answer.requests.len() <= 2);
        found.extend(answer.requests.into_iter().map(|request| request.id));
        page.page_token = answer.next_page_token;
        if page.page_token.is_empty() {
            break;
        }
    }
    let newest_first: Vec<String> = ids.iter().rev().cloned().collect();
    assert_eq!(found, newest_first, "each once");

    let mut found = async |request: pb::ListRequestsRequest| -> Vec<String> {
        let answer = desk.list_requests(request).await.unwrap().into_inner();
        answer.requests.into_iter().map(|request| request.id).collect()
    };
    let by_state = |state: pb::RequestState| pb::ListRequestsRequest { state: state.into(), ..list() };
    assert_eq!(found(by_state(pb::RequestState::Withdrawn)).await, ids[..1]);
    assert_eq!(found(by_state(pb::RequestState::Submitted)).await, newest_first[..4]);
    let by_door = pb::ListRequestsRequest { channel: pb::Channel::GridPatrol.into(), ..list() };
    assert_eq!(found(by_door).await, ids[4..]);
    let owed = |unit: &str| pb::ListRequestsRequest { owing_unit: unit.into(), ..list() };
    assert_eq!(found(owed("G-1")).await, newest_first[..4], "a withdrawn request is owed no answer");
    assert!(found(owed("G-9")).await.is_empty());
    for (unit, there) in [("G-1", &ids[4..]), ("G-9", &[])] {
        let both = pb::ListRequestsRequest { external_id: "X-1".into(), ..owed(unit) };
        assert_eq!(found(both).await, there, "what is asked for holds together");
    }
}

#[tokio::test]
async fn lists_are_bounded_by_area() {
    let town = Town::open().await;
    let id = calls(&town, 1).await.remove(0);
    for (role, unit, area, sees, reporter) in [
        (Role::Officer, "G-1", "990101001001001", 1, true),
        (Role::Officer, "G-9", "990101001001001", 1, false),
        (Role::Leader, "L-1", "990101", 1, false),
        (Role::Desk, "S-1", "990101001", 1, true),
        (Role::Desk, "S-2", "990101002", 0, false),
    ] {
        let mut caller = town.client(role, Some(unit), Some(area));
        let found = caller.list_requests(list()).await.unwrap().into_inner().requests;
        assert_eq!(found.len(), sees, "{unit}");
        assert!(found.iter().all(|one| one.id == id && one.reporter.is_some() == reporter), "{unit}");
    }
    let told = async |role, area, request| {
        let refused = town.client(role, Some("X-1"), Some(area)).list_requests(request).await.unwrap_err();
        (refused.code(), reason(&refused))
    };
    let denied = |why: &str| (Code::PermissionDenied, why.to_owned());
    assert_eq!(told(Role::Desk, "990102", list()).await, denied("OUTSIDE_AREA"));
    assert_eq!(told(Role::Department, DISTRICT, list()).await, denied("ROLE_NOT_ALLOWED"));
    for bad in [
        pb::ListRequestsRequest { district: "99".into(), ..list() },
        pb::ListRequestsRequest { state: 99, ..list() },
        pb::ListRequestsRequest { page_size: 201, ..list() },
        pb::ListRequestsRequest { page_token: "?".into(), ..list() },
    ] {
        let refused = told(Role::Desk, DISTRICT, bad.clone()).await;
        assert_eq!(refused, (Code::InvalidArgument, "BAD_FIELD".to_owned()), "{bad:?}");
    }
}
