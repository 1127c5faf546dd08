//! A department declines, and somebody above the caller settles it: it is theirs after all, or it ends.

use huying_chassis::auth::Role;
use huying_proto::casework::v1::{self as pb, DispatchState};
use huying_testing::reason;
use tonic::Code;

use super::{
    fixture as f,
    support::{Town, fresh, resolve},
};

/// The street's case on which the parks were called, and their dispatch.
pub async fn called(town: &Town) -> (pb::Case, pb::Dispatch) {
    let (_, case) = town.accepted(&f::street()).await;
    let sent = town.call(&case, &[f::parks()], "修剪").await;
    let get = pb::GetDispatchRequest { id: sent[0].id.to_string() };
    (town.case(&case.id).await, town.desk_of_dispatches().get_dispatch(get).await.unwrap().into_inner())
}

fn decline(dispatch: &pb::Dispatch) -> pb::RespondDispatchRequest {
    pb::RespondDispatchRequest {
        request_id: fresh(),
        id: dispatch.id.clone(),
        version: dispatch.version,
        response: pb::DispatchResponse::Decline.into(),
        note: "不是我们的".into(),
    }
}

async fn declined(town: &Town) -> (pb::Case, pb::Dispatch) {
    let (case, sent) = called(town).await;
    let declined =
        town.dispatches_of(&f::parks()).respond_dispatch(decline(&sent)).await.unwrap().into_inner();
    assert_eq!((declined.state(), declined.note.as_str()), (DispatchState::Declined, "不是我们的"));
    (case, declined)
}

pub fn arbitrate(dispatch: &pb::Dispatch, insist: bool) -> pb::ArbitrateDispatchRequest {
    pb::ArbitrateDispatchRequest {
        request_id: fresh(),
        id: dispatch.id.clone(),
        version: dispatch.version,
        insist,
        reason: "树在公园里".into(),
        apt: false,
    }
}

#[tokio::test]
async fn a_decline_is_overruled_and_then_binds() {
    let town = Town::open().await;
    let (case, declined) = declined(&town).await;
    let running =
        declined.clocks.iter().filter(|clock| clock.due_time.is_some() && clock.stop_time.is_none());
    assert_eq!(running.map(|clock| clock.kind()).collect::<Vec<_>>(), [pb::ClockKind::Arbitrate]);
    let (insist, mut desk) = (arbitrate(&declined, true), town.desk_of_dispatches());
    let again = desk.arbitrate_dispatch(insist.clone()).await.unwrap().into_inner();
    assert_eq!((again.state(), again.binding, again.version), (DispatchState::Sent, true, 3));
    assert!(again.clocks.iter().all(|clock| clock.due_time.is_some() && clock.stop_time.is_none()));
    let repeated = desk.arbitrate_dispatch(insist).await.unwrap().into_inner();
    assert_eq!(repeated, again, "the same command settles once");

    let bound = town.dispatches_of(&f::parks()).respond_dispatch(decline(&again)).await.unwrap_err();
    assert_eq!((bound.code(), reason(&bound).as_str()), (Code::FailedPrecondition, "DISPATCH_BINDS"));
    let waits = town.of(&f::street()).resolve_case(resolve(&case)).await.unwrap_err();
    assert_eq!(reason(&waits), "OPEN_DISPATCHES");
    let told: pb::DispatchInsisted =
        town.on_the_bus("dispatch", "huying.dispatch.v1.dispatch_insisted.990101.DEP-parks").await;
    assert_eq!((told.reason.as_str(), told.dispatch.unwrap().id), ("树在公园里", again.id));
    assert!(told.respond_due_time.is_some());
    assert_eq!((told.ruling.clone(), told.ruling.unwrap().unit.as_str()), (again.ruling.clone(), "D-1"));
}

#[tokio::test]
async fn a_decline_is_accepted_and_the_case_goes_on_without_it() {
    let town = Town::open().await;
    let (case, declined) = declined(&town).await;
    let waits = town.of(&f::street()).resolve_case(resolve(&case)).await.unwrap_err();
    assert_eq!(reason(&waits), "OPEN_DISPATCHES", "a declined dispatch is not settled");
    let mut leader = town.dispatches(Role::Leader, None, Some(f::DISTRICT));
    let ended = leader.arbitrate_dispatch(arbitrate(&declined, false)).await.unwrap().into_inner();
    assert_eq!((ended.state(), ended.binding), (DispatchState::Ended, false));
    let told: pb::DispatchEnded =
        town.on_the_bus("dispatch", "huying.dispatch.v1.dispatch_ended.990101.DEP-parks").await;
    assert_eq!((told.reason.as_str(), told.dispatch.unwrap().id), ("树在公园里", ended.id.clone()));

    let settled = leader.arbitrate_dispatch(arbitrate(&ended, true)).await.unwrap_err();
    assert_eq!(reason(&settled), "STEP_NOT_ALLOWED");
    let resolved = town.of(&f::street()).resolve_case(resolve(&case)).await.unwrap().into_inner();
    assert_eq!(resolved.state(), pb::CaseState::Resolved);
    let resolved = town.events(&case.id).await.pop().unwrap().1;
    assert_eq!(resolved["units"], serde_json::json!(["S-1"]), "who was released did not work on it");
}

/// Only from above the caller, only what was declined; whoever is refused changes nothing.
#[tokio::test]
async fn nobody_else_settles_it() {
    let town = Town::open().await;
    let (_, sent) = called(&town).await;
    for insist in [true, false] {
        let early = town.desk_of_dispatches().arbitrate_dispatch(arbitrate(&sent, insist)).await.unwrap_err();
        assert_eq!((early.code(), reason(&early).as_str()), (Code::FailedPrecondition, "STEP_NOT_ALLOWED"));
    }
    let declined =
        town.dispatches_of(&f::parks()).respond_dispatch(decline(&sent)).await.unwrap().into_inner();
    let before = town.written().await;
    let denied = Code::PermissionDenied;
    for (role, unit, area, code, why) in [
        (Role::Desk, "S-1", f::STREET, denied, "NOT_ABOVE"),
        (Role::Desk, "S-2", "990101002", Code::NotFound, "NOT_FOUND"),
        (Role::Leader, "DEP-parks", f::DISTRICT, denied, "NOT_ABOVE"),
        (Role::Department, "DEP-parks", f::DISTRICT, denied, "ROLE_NOT_ALLOWED"),
        (Role::Officer, "D-1", f::DISTRICT, denied, "ROLE_NOT_ALLOWED"),
    ] {
        for insist in [true, false] {
            let mut caller = town.dispatches(role, Some(unit), Some(area));
            let refused = caller.arbitrate_dispatch(arbitrate(&declined, insist)).await.unwrap_err();
            assert_eq!((refused.code(), reason(&refused).as_str()), (code, why), "{role:?} of {unit}");
        }
    }
    let stale = pb::ArbitrateDispatchRequest { version: 1, ..arbitrate(&declined, true) };
    assert_eq!(
        reason(&town.desk_of_dispatches().arbitrate_dispatch(stale).await.unwrap_err()),
        "STALE_VERSION"
    );
    let silent = pb::ArbitrateDispatchRequest { reason: String::new(), ..arbitrate(&declined, true) };
    assert_eq!(reason(&town.desk_of_dispatches().arbitrate_dispatch(silent).await.unwrap_err()), "BAD_FIELD");
    assert_eq!(town.written().await, before);
}
