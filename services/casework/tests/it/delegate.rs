//! 交办 as a holder asks for it. Who the unit is says routing: its answer is handed in here, and the hop is in the world tests.

use huying_casework::domain::{Case, Unit, case::step::Delegate};
use huying_proto::{casework::v1 as pb, common::v1 as common};
use huying_testing::reason;
use tonic::{Code, Status};
use uuid::Uuid;

use super::{
    fixture::{self as f, by},
    support::{Town, asked, fresh, resolve},
};

fn delegate(case: &pb::Case) -> pb::DelegateCaseRequest {
    pb::DelegateCaseRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        unit: "C-1".into(),
        reason: "社区可以处置".into(),
    }
}

fn clock(case: &pb::Case, kind: pb::ClockKind) -> &pb::Clock {
    case.clocks.iter().find(|clock| clock.kind() == kind).unwrap()
}

#[tokio::test]
async fn a_street_hands_a_case_down() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let (id, command): (Uuid, _) = (case.id.parse().unwrap(), delegate(&case));
    town.clock.advance(std::time::Duration::from_secs(600));
    let step = Delegate { unit: command.unit.clone(), reason: command.reason.clone() };
    let asked = asked(&f::street(), &command.request_id, case.version, &command);
    for (target, why) in [(f::parks(), "UNIT_NOT_BELOW"), (elsewhere(), "UNIT_OUTSIDE_AREA")] {
        let app = town.knowing_units(&[Unit { code: "C-1".into(), ..target }]);
        let refused = app.take::<Case, _>(id, &by(&f::street()), &step, &asked).await.unwrap_err();
        assert_eq!(reason(&Status::from(refused)), why);
    }
    let app = town.knowing_units(&[f::community()]);
    app.take::<Case, _>(id, &by(&f::street()), &step, &asked).await.unwrap();

    // The same command once more is answered from what it did: nobody need be asked.
    let down = town.of(&f::street()).delegate_case(command).await.unwrap().into_inner();
    assert_eq!(
        (down.version, down.state(), down.tier(), down.holder.as_str()),
        (case.version + 1, pb::CaseState::Assigned, common::Tier::Community, "C-1")
    );
    let (respond, resolve) = (pb::ClockKind::Respond, pb::ClockKind::Resolve);
    assert!(clock(&case, respond).stop_time.is_some() && clock(&down, respond).stop_time.is_none());
    assert_eq!(clock(&down, resolve).due_time, clock(&case, resolve).due_time, "the case gains no time");
    let told: pb::CaseDelegated =
        town.on_the_bus("casework", "huying.casework.v1.case_delegated.990101").await;
    assert_eq!((told.from_unit.as_str(), told.reason.as_str()), ("S-1", "社区可以处置"));
    assert_eq!(told.case.unwrap().holder, "C-1");
}

/// Escalating names no unit, so it passes over nobody: routing says who is above. What names one leads down alone, past as many tiers as its
/// holder likes, and never up.
#[tokio::test]
async fn attack_36_no_tier_is_passed_over_on_the_way_up() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::community()).await;
    let (id, before): (Uuid, _) = (case.id.parse().unwrap(), town.written().await);
    for target in [f::community(), f::street(), f::district()] {
        let command = pb::DelegateCaseRequest { unit: target.code.clone(), ..delegate(&case) };
        let step = Delegate { unit: command.unit.clone(), reason: command.reason.clone() };
        let asked = asked(&f::community(), &command.request_id, case.version, &command);
        let app = town.knowing_units(&[target]);
        let refused = app.take::<Case, _>(id, &by(&f::community()), &step, &asked).await.unwrap_err();
        assert_eq!(reason(&Status::from(refused)), "UNIT_NOT_BELOW", "{}", command.unit);
    }
    assert_eq!(town.written().await, before);
}

/// A community of another street.
fn elsewhere() -> Unit {
    Unit { code: "C-9".into(), area: "990101002001".into(), ..f::community() }
}

#[tokio::test]
async fn who_may_not_delegate_is_told_so_before_routing_is_asked() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let before = town.written().await;
    let told = async |unit, request| {
        let refused = town.of(&unit).delegate_case(request).await.unwrap_err();
        (refused.code(), reason(&refused))
    };
    let refused = |code: Code, reason: &str| (code, reason.to_owned());
    let denied = refused(Code::PermissionDenied, "NOT_HOLDER");
    assert_eq!(told(f::community(), delegate(&case)).await, denied);
    let stale = pb::DelegateCaseRequest { version: 9, ..delegate(&case) };
    assert_eq!(told(f::street(), stale).await, refused(Code::Aborted, "STALE_VERSION"));
    let nobody = pb::DelegateCaseRequest { unit: String::new(), ..delegate(&case) };
    assert_eq!(told(f::street(), nobody).await, refused(Code::InvalidArgument, "BAD_FIELD"));
    let away = refused(Code::Unavailable, "ROUTING_UNAVAILABLE");
    assert_eq!(told(f::street(), delegate(&case)).await, away, "only who may waits for routing");
    assert_eq!(town.written().await, before);

    let done = town.of(&f::street()).resolve_case(resolve(&case)).await.unwrap().into_inner();
    let late = refused(Code::FailedPrecondition, "STEP_NOT_ALLOWED");
    assert_eq!(told(f::street(), delegate(&done)).await, late);
}
