//! The same over the wire, with what the rules ask looked up.

use huying_proto::casework::v1 as pb;
use huying_testing::reason;

use super::attempts::on_cases;
use crate::{
    approvals::asked_in,
    arbitrate::called,
    fixture as f,
    relead::respond,
    support::{Town, fresh, resolve},
};

fn ask(id: &str) -> pb::GetAllowedStepsRequest {
    pb::GetAllowedStepsRequest { id: id.to_owned() }
}

/// The reason that a step is refused with; empty: it may be taken.
fn why<'a>(steps: &'a [pb::StepAllowed], step: &str) -> &'a str {
    let told = steps.iter().find(|one| one.step == step).unwrap();
    assert_eq!(told.allowed, told.reason.is_empty() && told.words.is_empty());
    &told.reason
}

#[tokio::test]
async fn each_caller_is_told_what_they_may_do_and_why_not_the_rest() {
    let town = Town::open().await;
    let (case, sent) = called(&town).await;
    let mut street = town.of(&f::street());
    let told = street.get_allowed_steps(ask(&case.number)).await.unwrap().into_inner();
    assert_eq!(
        (told.id.as_str(), told.version, told.steps.len()),
        (case.id.as_str(), case.version, on_cases().len())
    );
    let on_case = |step| why(&told.steps, step).to_owned();
    assert_eq!(
        [on_case("note"), on_case("accept"), on_case("strike_off")],
        ["", "STEP_NOT_ALLOWED", "ROLE_NOT_ALLOWED"]
    );
    // As it is refused: dispatches are looked up, and routing is away here.
    let refused = street.resolve_case(resolve(&case)).await.unwrap_err();
    assert_eq!((on_case("resolve"), on_case("escalate")), (reason(&refused), "ROUTING_UNAVAILABLE".into()));
    assert_eq!(on_case("resolve"), "OPEN_DISPATCHES");
    let rpc = |step: &str| told.steps.iter().find(|one| one.step == step).unwrap().rpc.clone();
    assert_eq!(rpc("call"), "/huying.casework.v1.CaseService/CallDepartments");
    let [of_parks] = &told.dispatches[..] else { panic!("{:?}", told.dispatches) };
    assert_eq!((of_parks.id.as_str(), of_parks.unit_name.as_str()), (sent.id.as_str(), "园林局"));
    assert_eq!(why(&of_parks.steps, "take_back"), "");
    assert_eq!(why(&of_parks.steps, "accept"), "NOT_CALLED");
    assert_eq!(why(&of_parks.steps, "insist"), "ROLE_NOT_ALLOWED");

    let mut parks = town.of(&f::parks());
    let told = parks.get_allowed_steps(ask(&case.id)).await.unwrap().into_inner();
    assert_eq!((why(&told.steps, "note"), why(&told.steps, "resolve")), ("", "NOT_HOLDER"));
    assert_eq!(why(&told.dispatches[0].steps, "accept"), "");
    let seen = parks.get_case(pb::GetCaseRequest { id: case.id.clone() }).await.unwrap().into_inner();
    assert_eq!(seen.allowed_steps, ["note", "attach"]);
    // Once what it was called for is settled, it reads on and writes no more.
    let accepted = respond(&town, &sent, pb::DispatchResponse::Accept).await;
    respond(&town, &accepted, pb::DispatchResponse::Complete).await;
    let seen = parks.get_case(pb::GetCaseRequest { id: case.id.clone() }).await.unwrap().into_inner();
    let told = parks.get_allowed_steps(ask(&case.id)).await.unwrap().into_inner();
    assert_eq!((seen.allowed_steps, why(&told.steps, "note")), (Vec::new(), "NOT_HOLDER"));
    let hidden = town.of(&f::traffic()).get_allowed_steps(ask(&case.id)).await.unwrap_err();
    assert_eq!(reason(&hidden), "NOT_FOUND");
}

/// Whoever reaches what is asked for is told of it too: the holder that it may not grant that itself, its granter that it may.
#[tokio::test]
async fn each_caller_is_told_what_they_may_do_with_what_is_asked_for() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::community()).await;
    let id = asked_in(&town, &case).await;
    let mut holder = town.of(&f::community());
    let told = holder.get_allowed_steps(ask(&case.id)).await.unwrap().into_inner();
    let [asked] = &told.approvals[..] else { panic!("{:?}", told.approvals) };
    assert_eq!((&asked.id, asked.kind(), asked.granter.as_str()), (&id, pb::ApprovalKind::Extend, "S-1"));
    assert_eq!((why(&asked.steps, "grant"), why(&asked.steps, "refuse")), ("NOT_GRANTER", "NOT_GRANTER"));
    assert_eq!(why(&told.steps, "ask_extension"), "APPROVAL_PENDING");

    let mut street = town.another_of(&f::street());
    let told = street.get_allowed_steps(ask(&case.id)).await.unwrap().into_inner();
    let steps = &told.approvals[0].steps;
    assert_eq!((why(steps, "grant"), why(steps, "refuse")), ("", ""));
    let grant = steps.iter().find(|step| step.step == "grant").unwrap();
    assert_eq!(grant.rpc, "/huying.casework.v1.ApprovalService/GrantApproval");
    let (request_id, version, reason) = (fresh(), told.approvals[0].version, "情况属实".to_owned());
    let grant = pb::GrantApprovalRequest { request_id, id, version, reason };
    town.approvals_of(&f::street()).grant_approval(grant).await.unwrap();
    let told = street.get_allowed_steps(ask(&case.id)).await.unwrap().into_inner();
    assert!(told.approvals.is_empty(), "ruled on: nothing may be done with it");
}
