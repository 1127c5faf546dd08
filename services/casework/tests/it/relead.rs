//! 改主责、加派: of a case's open dispatches exactly one leads, whatever becomes of them.

use huying_proto::casework::v1::{self as pb, DispatchResponse, DispatchState};
use huying_testing::reason;
use tonic::Code;

use super::{
    fixture as f,
    support::{Town, call, fresh, meta},
};

fn relead(dispatch: &pb::Dispatch) -> pb::ReleadDispatchRequest {
    let (id, version) = (dispatch.id.clone(), dispatch.version);
    pb::ReleadDispatchRequest { request_id: fresh(), id, version, reason: "以疏导为主".into() }
}

/// The street's case on which two departments were called, the parks in the lead, and their dispatches.
async fn called(town: &Town) -> (pb::Case, pb::Dispatch, pb::Dispatch) {
    let (_, case) = town.accepted(&f::street()).await;
    let sent = town.call(&case, &[f::parks(), f::traffic()], "修剪").await;
    let (parks, traffic) = (now(town, sent[0].id).await, now(town, sent[1].id).await);
    assert_eq!((parks.lead, traffic.lead), (true, false));
    (town.case(&case.id).await, parks, traffic)
}

async fn now(town: &Town, id: impl ToString) -> pb::Dispatch {
    let get = pb::GetDispatchRequest { id: id.to_string() };
    town.desk_of_dispatches().get_dispatch(get).await.unwrap().into_inner()
}

pub async fn respond(town: &Town, dispatch: &pb::Dispatch, response: DispatchResponse) -> pb::Dispatch {
    let unit = if dispatch.unit == "DEP-parks" { f::parks() } else { f::traffic() };
    let request = pb::RespondDispatchRequest {
        request_id: fresh(),
        id: dispatch.id.clone(),
        version: dispatch.version,
        response: response.into(),
        note: "已到场".into(),
    };
    town.dispatches_of(&unit).respond_dispatch(request).await.unwrap().into_inner()
}

#[tokio::test]
async fn the_caller_gives_the_lead_to_another() {
    let town = Town::open().await;
    let (_, parks, traffic) = called(&town).await;
    let before = town.written().await;
    let refused = town.dispatches_of(&f::traffic()).relead_dispatch(relead(&traffic)).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, "NOT_CALLER"));
    let mut street = town.dispatches_of(&f::street());
    let leads = street.relead_dispatch(relead(&parks)).await.unwrap_err();
    assert_eq!((leads.code(), reason(&leads).as_str()), (Code::FailedPrecondition, "LEADS_ALREADY"));
    assert_eq!(town.written().await, before);

    let ask = relead(&traffic);
    let after = street.relead_dispatch(ask.clone()).await.unwrap().into_inner();
    assert!(after.lead && after.state() == DispatchState::Sent);
    assert_eq!(street.relead_dispatch(ask).await.unwrap().into_inner(), after, "once");
    assert!(!now(&town, &parks.id).await.lead, "both at once");
    for (unit, lead) in [("DEP-parks", false), ("DEP-traffic", true)] {
        let subject = format!("huying.dispatch.v1.dispatch_lead_passed.990101.{unit}");
        let told: pb::DispatchLeadPassed = town.on_the_bus("dispatch", &subject).await;
        let ruling = told.ruling.unwrap();
        assert_eq!((told.dispatch.unwrap().lead, ruling.reason.as_str()), (lead, "以疏导为主"));
        assert_eq!(ruling.unit, "S-1");
    }
}

/// Done, or no longer wanted: of those still open the one called first leads on. The settled one keeps the mark.
#[tokio::test]
async fn the_lead_passes_by_itself() {
    let town = Town::open().await;
    let (case, parks, traffic) = called(&town).await;
    let accepted = respond(&town, &parks, DispatchResponse::Accept).await;
    let done = respond(&town, &accepted, DispatchResponse::Complete).await;
    assert!(done.state() == DispatchState::Done && done.lead);
    let traffic = now(&town, &traffic.id).await;
    assert!(traffic.lead && traffic.version == 2);

    // Added without a lead, and it leads once the one before is taken back.
    let (street, units) = (f::street(), [f::parks()]);
    let mut add = call(&units, "再看一次");
    add.summons[0].lead = false;
    let id = case.id.parse().unwrap();
    let added = town.called(id, &f::by(&street), &add, &units, &meta(&street, case.version)).await.remove(0);
    assert!(!added.it.lead);
    let (id, version) = (traffic.id.clone(), traffic.version);
    let take_back =
        pb::TakeBackDispatchRequest { request_id: fresh(), id, version, reason: "不需要了".into() };
    town.dispatches_of(&street).take_back_dispatch(take_back).await.unwrap();
    assert!(now(&town, added.id).await.lead);
}

/// A later call that names a lead takes it from whoever led, and is answered with what it sent.
#[tokio::test]
async fn a_later_call_may_lead() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let first = town.call(&case, &[f::parks()], "修剪").await.remove(0);
    let second = town.call(&town.case(&case.id).await, &[f::traffic()], "疏导").await;
    assert!(second.len() == 1 && second[0].it.lead);
    assert!(!now(&town, first.id).await.lead);
}
