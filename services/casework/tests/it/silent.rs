//! 逾期未报到: a department that does not report in is reported upward, and its arbiter ends the dispatch or insists.

use std::time::Duration;

use huying_chassis::auth::Role;
use huying_proto::{
    casework::v1::{self as pb, CallAptness, DispatchState},
    common::v1::Lamp,
};
use huying_testing::{eventually, reason};
use tonic::Code;

use super::{
    arbitrate::{arbitrate, called},
    fixture as f,
    support::{Town, fresh, resolve},
};

const MINUTE: Duration = Duration::from_secs(60);

fn respond(dispatch: &pb::Dispatch, response: pb::DispatchResponse) -> pb::RespondDispatchRequest {
    pb::RespondDispatchRequest {
        request_id: fresh(),
        id: dispatch.id.clone(),
        version: dispatch.version,
        response: response.into(),
        note: "已修剪".into(),
    }
}

/// The same dispatch, once nobody has reported in for its hour.
async fn silent(town: &Town, sent: &pb::Dispatch) -> pb::Dispatch {
    town.clock.advance(61 * MINUTE);
    let (mut desk, get) = (town.desk_of_dispatches(), pb::GetDispatchRequest { id: sent.id.clone() });
    eventually("it is silent", async || {
        town.clock.advance(Duration::from_millis(600));
        let now = desk.get_dispatch(get.clone()).await.unwrap().into_inner();
        (now.silent && now.silences == sent.silences + 1).then_some(now)
    })
    .await
}

/// What waits for an arbiter.
async fn waiting(town: &Town, role: Role, unit: Option<&str>) -> Vec<String> {
    let list = pb::ListDispatchesRequest { district: f::DISTRICT.into(), silent: true, ..Default::default() };
    let page = town.dispatches(role, unit, Some(f::DISTRICT)).list_dispatches(list).await.unwrap();
    page.into_inner().dispatches.into_iter().map(|dispatch| dispatch.id).collect()
}

#[tokio::test]
async fn a_silent_department_is_reported_upward_and_its_dispatch_ended() {
    let town = Town::open().await;
    let (case, sent) = called(&town).await;
    let early = town.desk_of_dispatches().arbitrate_dispatch(arbitrate(&sent, false)).await.unwrap_err();
    assert_eq!((early.code(), reason(&early).as_str()), (Code::FailedPrecondition, "STEP_NOT_ALLOWED"));
    assert!(waiting(&town, Role::Leader, None).await.is_empty());

    let now = silent(&town, &sent).await;
    assert_eq!((now.state(), now.binding), (DispatchState::Sent, false));
    let told: pb::DispatchSilent =
        town.on_the_bus("dispatch", "huying.dispatch.v1.dispatch_silent.990101.DEP-parks").await;
    let about = told.dispatch.unwrap();
    assert_eq!((about.arbiter.as_str(), about.arbiter_name.as_str(), told.silences), ("D-1", "某区", 1));
    assert_eq!((about.unit_name.as_str(), about.called_by.as_str()), ("园林局", "S-1"));
    assert_eq!((about.version, about.lead), (now.version, true));
    assert!(about.respond_due_time == told.due_time && about.resolve_due_time.is_some());
    assert_eq!(waiting(&town, Role::Leader, None).await, [sent.id.as_str()]);
    assert_eq!(waiting(&town, Role::Department, Some("DEP-parks")).await, [sent.id.as_str()]);
    assert!(waiting(&town, Role::Department, Some("DEP-traffic")).await.is_empty());

    let mut own = town.dispatches(Role::Desk, Some("S-1"), Some(f::STREET));
    assert_eq!(reason(&own.arbitrate_dispatch(arbitrate(&now, false)).await.unwrap_err()), "NOT_ABOVE");
    let mut desk = town.desk_of_dispatches();
    let both = pb::ArbitrateDispatchRequest { apt: true, ..arbitrate(&now, true) };
    assert_eq!(reason(&desk.arbitrate_dispatch(both).await.unwrap_err()), "BAD_FIELD");
    let ended = desk.arbitrate_dispatch(arbitrate(&now, false)).await.unwrap().into_inner();
    assert_eq!((ended.state(), ended.silent, ended.silences), (DispatchState::Ended, false, 1));
    let told: pb::DispatchEnded =
        town.on_the_bus("dispatch", "huying.dispatch.v1.dispatch_ended.990101.DEP-parks").await;
    let assessment = told.assessment.unwrap();
    assert_eq!((told.ending, assessment.call()), (pb::DispatchEnding::Released.into(), CallAptness::NotApt));
    let responding = assessment.respond.unwrap();
    assert!(responding.lamp() == Lamp::Red && responding.seconds >= 3660 && assessment.silences == 1);
    assert!(waiting(&town, Role::Leader, None).await.is_empty());
    town.of(&f::street()).resolve_case(resolve(&case)).await.unwrap();
}

/// Insisting gives fresh time to report in and binds; once more silent is told once more. A late one may still accept.
#[tokio::test]
async fn the_arbiter_insists_and_the_department_comes_late() {
    let town = Town::open().await;
    let (_, sent) = called(&town).await;
    let now = silent(&town, &sent).await;
    let insisted =
        town.desk_of_dispatches().arbitrate_dispatch(arbitrate(&now, true)).await.unwrap().into_inner();
    assert!(insisted.binding && !insisted.silent && insisted.state() == DispatchState::Sent);
    let mut parks = town.dispatches_of(&f::parks());
    let bound = parks.respond_dispatch(respond(&insisted, pb::DispatchResponse::Decline)).await.unwrap_err();
    assert_eq!(reason(&bound), "DISPATCH_BINDS");
    let again = silent(&town, &insisted).await;
    let silences = town.events(&sent.id).await.into_iter().filter(|(name, _)| name == "DispatchSilent");
    assert_eq!(silences.map(|(_, told)| told["silences"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2]);

    let late =
        parks.respond_dispatch(respond(&again, pb::DispatchResponse::Accept)).await.unwrap().into_inner();
    assert!(late.state() == DispatchState::Accepted && !late.silent && late.silences == 2);
    parks.respond_dispatch(respond(&late, pb::DispatchResponse::Complete)).await.unwrap();
    let told: pb::DispatchCompleted =
        town.on_the_bus("dispatch", "huying.dispatch.v1.dispatch_completed.990101.DEP-parks").await;
    let assessment = told.assessment.unwrap();
    assert_eq!((assessment.call(), assessment.silences), (CallAptness::Apt, 2));
    assert!(assessment.resolve.unwrap().seconds > 7200);
    let about = told.dispatch.unwrap();
    assert!(about.respond_due_time.is_none() && about.resolve_due_time.is_none(), "nothing is due any more");
}
