//! 撤呼: the caller takes a dispatch back, and the case waits for it no longer. A department that finds on site that the matter is
//! another's says so.

use huying_chassis::auth::Role;
use huying_proto::casework::v1::{self as pb, DispatchResponse, DispatchState};
use huying_terms::Tier;
use huying_testing::reason;
use tonic::Code;

use super::{
    arbitrate::{arbitrate, called},
    fixture as f,
    support::{Town, fresh, resolve},
};

fn take_back(dispatch: &pb::Dispatch) -> pb::TakeBackDispatchRequest {
    pb::TakeBackDispatchRequest {
        request_id: fresh(),
        id: dispatch.id.clone(),
        version: dispatch.version,
        reason: "街道已自行处置".into(),
    }
}

fn respond(dispatch: &pb::Dispatch, response: DispatchResponse, note: &str) -> pb::RespondDispatchRequest {
    pb::RespondDispatchRequest {
        request_id: fresh(),
        id: dispatch.id.clone(),
        version: dispatch.version,
        response: response.into(),
        note: note.into(),
    }
}

#[tokio::test]
async fn the_caller_takes_back_what_nobody_has_answered() {
    let town = Town::open().await;
    let (case, sent) = called(&town).await;
    let waits = town.of(&f::street()).resolve_case(resolve(&case)).await.unwrap_err();
    assert_eq!(reason(&waits), "OPEN_DISPATCHES");

    let before = town.written().await;
    for unit in [f::parks(), f::community()] {
        let mut caller = town.dispatches(Role::Officer, Some(&unit.code), Some(f::DISTRICT));
        let refused = caller.take_back_dispatch(take_back(&sent)).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, "NOT_CALLER"));
    }
    let hidden = town.dispatches_of(&f::traffic()).take_back_dispatch(take_back(&sent)).await.unwrap_err();
    assert_eq!(reason(&hidden), "NOT_FOUND");
    let mute = pb::TakeBackDispatchRequest { reason: " ".into(), ..take_back(&sent) };
    let mut street = town.dispatches_of(&f::street());
    assert_eq!(reason(&street.take_back_dispatch(mute).await.unwrap_err()), "BAD_FIELD");
    assert_eq!(town.written().await, before);

    let ask = take_back(&sent);
    let ended = street.take_back_dispatch(ask.clone()).await.unwrap().into_inner();
    assert_eq!((ended.state(), ended.note.as_str()), (DispatchState::Ended, ""));
    let ruling = ended.ruling.clone().unwrap();
    assert_eq!((ruling.reason.as_str(), ruling.unit.as_str()), ("街道已自行处置", "S-1"));
    assert_eq!(street.take_back_dispatch(ask).await.unwrap().into_inner(), ended, "once");
    let told: pb::DispatchEnded =
        town.on_the_bus("dispatch", "huying.dispatch.v1.dispatch_ended.990101.DEP-parks").await;
    assert_eq!((told.ending(), told.reason.as_str()), (pb::DispatchEnding::TakenBack, "街道已自行处置"));
    assert_eq!(told.ruling, Some(ruling));
    let resolved = town.of(&f::street()).resolve_case(resolve(&case)).await.unwrap().into_inner();
    assert_eq!(resolved.state(), pb::CaseState::Resolved);
}

/// Whoever holds the case now reaches its dispatches and takes them back, a department too, whose area counts for nothing.
#[tokio::test]
async fn whoever_holds_the_case_now_takes_it_back_too() {
    let town = Town::open().await;
    let (case, sent) = called(&town).await;
    let holds = huying_casework::domain::Unit { tier: Tier::District, ..f::traffic() };
    let get = pb::GetDispatchRequest { id: sent.id.clone() };
    let mut traffic = town.dispatches_of(&holds);
    assert_eq!(reason(&traffic.get_dispatch(get.clone()).await.unwrap_err()), "NOT_FOUND");
    town.escalate(case.id.parse().unwrap(), case.version, &f::street(), holds).await;
    assert_eq!(traffic.get_dispatch(get).await.unwrap().into_inner(), sent);
    let ended = traffic.take_back_dispatch(take_back(&sent)).await.unwrap().into_inner();
    assert_eq!(ended.state(), DispatchState::Ended);
}

#[tokio::test]
async fn on_site_it_turns_out_to_be_anothers() {
    let town = Town::open().await;
    let (case, sent) = called(&town).await;
    let mut parks = town.dispatches_of(&f::parks());
    let accept = respond(&sent, DispatchResponse::Accept, "出发");
    let accepted = parks.respond_dispatch(accept).await.unwrap().into_inner();
    let late = town.dispatches_of(&f::street()).take_back_dispatch(take_back(&accepted)).await.unwrap_err();
    assert_eq!(reason(&late), "STEP_NOT_ALLOWED", "the department is on it");
    let decline = respond(&accepted, DispatchResponse::Decline, "到场发现是交通设施");
    let declined = parks.respond_dispatch(decline).await.unwrap().into_inner();
    assert_eq!(declined.state(), DispatchState::Declined);

    let own = town.dispatches(Role::Desk, Some("S-1"), Some(f::STREET));
    let refused = own.clone().arbitrate_dispatch(arbitrate(&declined, false)).await.unwrap_err();
    assert_eq!(reason(&refused), "NOT_ABOVE", "the caller alone does not decide");
    let mut desk = town.desk_of_dispatches();
    let ended = desk.arbitrate_dispatch(arbitrate(&declined, false)).await.unwrap().into_inner();
    let ruling = ended.ruling.unwrap();
    assert_eq!((ended.note.as_str(), ruling.reason.as_str()), ("到场发现是交通设施", "树在公园里"));
    assert_eq!(ruling.unit, "D-1");
    town.of(&f::street()).resolve_case(resolve(&case)).await.unwrap();
}
