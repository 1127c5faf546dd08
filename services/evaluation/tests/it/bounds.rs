//! Who sees and judges what; lists and their pages.

use huying_chassis::auth::{CITY, Role};
use huying_proto::evaluation::v1::{self as pb, CallbackState::Pending, Satisfaction};
use huying_testing::{Bearer, reason};
use tonic::{Code, Status};
use uuid::Uuid;

use crate::support::{
    Case, Client, DISTRICT, HOLDER, Profiles, Rates, World, applying, attempting, judging, profile, verdict,
};

fn all() -> pb::ListCallbacksRequest {
    pb::ListCallbacksRequest { district: DISTRICT.into(), ..pb::ListCallbacksRequest::default() }
}

fn assert_denied<T: std::fmt::Debug>(answer: Result<T, Status>, why: &str) {
    let status = answer.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::PermissionDenied, why));
}

/// Told in the very words in which one is told of a callback that is not there.
fn assert_absent<T: std::fmt::Debug>(answer: Result<T, Status>, id: &str) {
    let status = answer.unwrap_err();
    let words = format!("there is no callback {id}");
    assert_eq!(
        (status.code(), reason(&status).as_str(), status.message()),
        (Code::NotFound, "NOT_FOUND", &*words)
    );
}

async fn ids(client: &mut Client, request: pb::ListCallbacksRequest) -> Vec<String> {
    let list = client.list_callbacks(request).await.unwrap().into_inner();
    list.callbacks.into_iter().map(|callback| callback.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_worked_on_it_or_works_elsewhere_does_not_judge_it() {
    let world = World::new().await;
    let callback = world.resolved(&Case::new()).await;
    let judge = || judging(&callback, verdict(true, Satisfaction::Satisfied));
    for unit in [HOLDER, "parks"] {
        let mut own = world.client(Role::Leader, Some(unit), Some(DISTRICT));
        assert_denied(own.record_verdict(judge()).await, "OWN_WORK");
    }
    for area in [Some("420103"), Some("420102004"), Some("420102003006"), Some("4202"), None] {
        let mut elsewhere = world.client(Role::Callback, None, area);
        assert_absent(elsewhere.record_verdict(judge()).await, &callback.id);
        assert_absent(elsewhere.record_attempt(attempting(&callback, "")).await, &callback.id);
        let get = pb::GetCallbackRequest { id: callback.id.clone() };
        assert_absent(elsewhere.get_callback(get).await, &callback.id);
    }
    let mut street = world.client(Role::Callback, Some("callbacks"), Some("420102003"));
    let after = street.record_verdict(judge()).await.unwrap().into_inner();
    assert_eq!(after.version, 2, "what was refused changed nothing");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_refuses_who_has_no_right() {
    let world = World::new().await;
    let callback = world.resolved(&Case::new()).await;
    // A platform without an area sent nothing here.
    let platform = world.bench.bearer(Role::Platform, None, None);
    let [none, denied, nobody] = [Code::NotFound, Code::PermissionDenied, Code::Unauthenticated];
    for (bearer, codes) in
        [(platform, [none, denied, none, none, none, denied, denied]), (Bearer(None), [nobody; 7])]
    {
        let wire = world.wire(bearer);
        let mut client = Client::new(wire.clone());
        let rates = pb::GetRatesRequest::default();
        let (id, version) = (callback.id.clone(), callback.version);
        let link = pb::IssueVerdictLinkRequest { request_id: Uuid::now_v7().to_string(), id, version };
        let refused = [
            client.get_callback(pb::GetCallbackRequest { id: callback.id.clone() }).await.unwrap_err(),
            client.list_callbacks(all()).await.unwrap_err(),
            client
                .record_verdict(judging(&callback, verdict(true, Satisfaction::Satisfied)))
                .await
                .unwrap_err(),
            client.record_attempt(attempting(&callback, "")).await.unwrap_err(),
            client.issue_verdict_link(link).await.unwrap_err(),
            Rates::new(wire.clone()).get_rates(rates).await.unwrap_err(),
            Profiles::new(wire).apply_profile(applying(profile(DISTRICT), false)).await.unwrap_err(),
        ];
        assert_eq!(refused.each_ref().map(Status::code), codes, "{refused:?}");
    }
    // One of the district names a request that it sent, and is not told of others.
    let mut platform = world.client(Role::Platform, None, Some(DISTRICT));
    let unnamed = platform.list_callbacks(all()).await.unwrap_err();
    assert_eq!(reason(&unnamed), "BAD_FIELD");
    let both =
        pb::ListCallbacksRequest { case: callback.case.clone(), request: callback.request.clone(), ..all() };
    assert_eq!(reason(&world.staff().list_callbacks(both).await.unwrap_err()), "BAD_FIELD");
    for role in [Role::Desk, Role::Department, Role::Operator, Role::Service] {
        let mut client = world.client(role, Some("callbacks"), Some(DISTRICT));
        let refused = client.record_verdict(judging(&callback, verdict(true, Satisfaction::Satisfied))).await;
        assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied, "{role:?}");
    }
    world.stop().await;
}

/// Intake, which is away here, is asked about a callback out of reach as about one that is not there: they take the same time.
#[tokio::test(flavor = "multi_thread")]
async fn attack_25_a_callback_out_of_reach_is_asked_after_as_one_that_is_not_there() {
    let world = World::new().await;
    let callback = world.resolved(&Case::new()).await;
    for (role, unit, area) in [
        (Role::Officer, Some("community-101"), "420103004001"),
        (Role::Officer, Some("community-101"), "420102004001"),
        (Role::Platform, None, "420103"),
    ] {
        for id in [callback.id.clone(), Uuid::now_v7().to_string()] {
            let mut other = world.client(role, unit, Some(area));
            let refused = other.get_callback(pb::GetCallbackRequest { id }).await.unwrap_err();
            assert_eq!(reason(&refused), "INTAKE_UNAVAILABLE", "{role:?} {area}");
        }
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_ends_where_the_caller_does() {
    let world = World::new().await;
    let here = world.resolved(&Case::new()).await;
    let next_door = world.resolved(&Case::new().held_by("community-006", "420102003006")).await;
    let far = world.resolved(&Case::new().held_by("community-101", "420102004001")).await;
    let somewhere = world.resolved(&Case::new().held_by("district-desk", DISTRICT)).await;
    let all_of_it = vec![here.id.clone(), next_door.id.clone(), far.id.clone(), somewhere.id.clone()];

    assert_eq!(ids(&mut world.client(Role::Operator, None, Some(CITY)), all()).await, all_of_it);
    assert_eq!(ids(&mut world.client(Role::Desk, Some("d"), Some(DISTRICT)), all()).await, all_of_it);
    let mut street = world.client(Role::Leader, None, Some("420102003"));
    assert_eq!(ids(&mut street, all()).await, all_of_it[..2]);
    let mut community = world.client(Role::Callback, None, Some("420102003005"));
    assert_eq!(ids(&mut community, all()).await, all_of_it[..1]);
    let of_request = pb::ListCallbacksRequest { request: here.request.clone(), ..all() };
    assert_eq!(ids(&mut street, of_request.clone()).await, all_of_it[..1]);
    let mut next_door_only = world.client(Role::Callback, None, Some("420102003006"));
    assert!(ids(&mut next_door_only, of_request).await.is_empty());
    let of_other = pb::ListCallbacksRequest { case: far.case.clone(), ..all() };
    assert!(ids(&mut community, of_other).await.is_empty());
    let mut elsewhere = world.client(Role::Leader, None, Some("420105"));
    assert_denied(elsewhere.list_callbacks(all()).await, "OUTSIDE_AREA");

    // Who is judged sees how it was judged itself.
    let mut judged = world.client(Role::Department, Some("community-101"), Some(DISTRICT));
    assert_eq!(ids(&mut judged, all()).await, std::slice::from_ref(&far.id));
    assert!(judged.get_callback(pb::GetCallbackRequest { id: far.id.clone() }).await.is_ok());
    assert_absent(judged.get_callback(pb::GetCallbackRequest { id: here.id.clone() }).await, &here.id);
    // Its namesake in another district sees nothing of it.
    let mut namesake = world.client(Role::Department, Some("community-101"), Some("420105"));
    assert_absent(namesake.get_callback(pb::GetCallbackRequest { id: far.id.clone() }).await, &far.id);
    assert_denied(namesake.list_callbacks(all()).await, "OUTSIDE_AREA");
    let asked = pb::ListCallbacksRequest { unit: HOLDER.into(), ..all() };
    assert_denied(judged.list_callbacks(asked).await, "OUTSIDE_UNIT");
    let rates = pb::GetRatesRequest {
        district: DISTRICT.into(),
        from_date: "2026-11-23".into(),
        to_date: "2026-11-24".into(),
        unit: HOLDER.into(),
        ..Default::default()
    };
    let mut judged_rates = world.rates(Role::Department, Some("community-101"), Some(DISTRICT));
    assert_denied(judged_rates.get_rates(rates.clone()).await, "OUTSIDE_UNIT");
    let mut street = world.rates(Role::Leader, None, Some("420102004"));
    let beside = pb::GetRatesRequest { area: "420102003".into(), unit: String::new(), ..rates };
    assert_denied(street.get_rates(beside).await, "OUTSIDE_AREA");
    let recount = pb::RecountRequest { district: DISTRICT.into(), check: true };
    let mut part = world.rates(Role::Operator, None, Some("420102003"));
    assert_denied(part.recount(recount).await, "OUTSIDE_AREA");
    let mut nobody = world.client(Role::Officer, None, Some(DISTRICT));
    assert_denied(nobody.list_callbacks(all()).await, "OUTSIDE_UNIT");
    let mut nowhere = world.client(Role::Leader, None, None);
    assert_denied(nowhere.list_callbacks(all()).await, "OUTSIDE_AREA");
    let mut above = world.client(Role::Leader, None, Some("4201"));
    assert_eq!(ids(&mut above, all()).await, all_of_it);
    world.stop().await;
}

/// An operator of one district does not change, and does not read, another's score weights.
#[tokio::test(flavor = "multi_thread")]
async fn weights_are_set_by_who_governs_the_district() {
    let world = World::new().await;
    for area in [Some("420103"), Some("420102003"), None] {
        let mut operator = world.operator(area);
        for dry_run in [true, false] {
            assert_denied(operator.apply_profile(applying(profile(DISTRICT), dry_run)).await, "OUTSIDE_AREA");
        }
    }
    let mut own = world.operator(Some(DISTRICT));
    assert_eq!(own.apply_profile(applying(profile(DISTRICT), false)).await.unwrap().into_inner().version, 1);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_without_gap_or_repeat() {
    let world = World::new().await;
    let mut staff = world.staff();
    let mut expected = Vec::new();
    for place in 0..7 {
        world.clock.advance(std::time::Duration::from_secs(3600));
        let callback = world.resolved(&Case::new()).await;
        if place % 3 == 1 {
            staff.record_verdict(judging(&callback, verdict(true, Satisfaction::Satisfied))).await.unwrap();
        }
        expected.push(callback.id);
    }
    let mut request = pb::ListCallbacksRequest { page_size: 3, ..all() };
    let mut seen = Vec::new();
    loop {
        let page = staff.list_callbacks(request.clone()).await.unwrap().into_inner();
        seen.extend(page.callbacks.into_iter().map(|callback| callback.id));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(seen, expected);

    let pending = pb::ListCallbacksRequest { state: Pending.into(), ..all() };
    assert_eq!(ids(&mut staff, pending).await.len(), 5);
    let of_unit = pb::ListCallbacksRequest { unit: HOLDER.into(), state: Pending.into(), ..all() };
    assert_eq!(ids(&mut staff, of_unit).await.len(), 5);
    let of_nobody =
        pb::ListCallbacksRequest { unit: "nobody".into(), page_token: request.page_token, ..all() };
    assert!(ids(&mut staff, of_nobody).await.is_empty());
    world.stop().await;
}
