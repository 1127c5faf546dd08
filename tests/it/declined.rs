//! 不予受理 across the wire: asked of whoever routing says is above, and answered to the reporter.

use huying_chassis::auth::Role;
use huying_proto::{casework::v1 as pb, intake::v1 as intake};
use huying_testing::eventually;
use huying_tests::{
    World,
    people::{DISTRICT, People},
    world::key,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_declined_request_is_answered() {
    let world = World::inside().await;
    let people = world.people();
    let request = people.submit_until_taken(People::blocked_way()).await.request.unwrap();
    let case = people.case_of(&request.number).await;
    let ask = pb::AskDeclineRequest {
        request_id: key(),
        id: case.id.clone(),
        version: case.version,
        ground: "statutory_route".into(),
        answer: "请向区劳动人事争议仲裁委员会申请仲裁".into(),
    };
    let asked = people.staff(&case.holder).ask_decline(ask).await.unwrap().into_inner();
    let id = asked.approvals[0].id.clone();
    let get = pb::GetApprovalRequest { id: id.clone() };
    let district = format!("D-{DISTRICT}");
    let approval = people.approvals(&district).get_approval(get).await.unwrap().into_inner();
    assert_eq!(approval.granter, district, "up all tiers from the grid");
    let (version, reason) = (approval.version, "属实".to_owned());
    let grant = pb::GrantApprovalRequest { request_id: key(), id, version, reason };
    people.approvals(&district).grant_approval(grant).await.unwrap();

    let get = intake::GetRequestRequest { id: request.id.clone() };
    let owed = eventually("the reporter has the answer", async || {
        let mut desk = people.intake(Role::Desk, &district);
        let request = desk.get_request(get.clone()).await.ok()?.into_inner();
        (request.state() == intake::RequestState::Answered).then_some(request)
    });
    let answer = owed.await.answer;
    assert!(answer.starts_with("不予受理（应走信访、诉讼、仲裁、复议等法定途径）：请向"), "{answer}");
    let case = people.case_when(&case.id, "is answered", |case| case.requests[0].answered).await;
    assert_eq!(case.outcome(), pb::Outcome::Declined);
}
