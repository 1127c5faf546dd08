//! 挂账 across the wire: the grid that holds a case asks, and routing says which district is to grant it.

use chrono::TimeDelta;
use huying_chassis::clock::system_now;
use huying_proto::casework::v1 as pb;
use huying_tests::{People, World, people::DISTRICT, world::key};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grid_asks_for_a_suspension_and_the_district_grants_it() {
    let world = World::inside().await;
    let people = world.people();
    let request = people.submit_until_taken(People::blocked_way()).await.request.unwrap();
    let case = people.case_of(&request.number).await;
    let accept = pb::AcceptCaseRequest { request_id: key(), id: case.id.clone(), version: case.version };
    let case = people.staff(&case.holder).accept_case(accept).await.unwrap().into_inner();
    let review_date = (system_now() + TimeDelta::days(10)).date_naive().to_string();
    let ask = pb::AskSuspensionRequest {
        request_id: key(),
        id: case.id.clone(),
        version: case.version,
        plan: "改造完成后划线".into(),
        review_date: review_date.clone(),
        reason: "道路正在改造".into(),
    };
    let asked = people.staff(&case.holder).ask_suspension(ask.clone()).await.unwrap().into_inner();
    assert_eq!(people.staff(&case.holder).ask_suspension(ask).await.unwrap().into_inner(), asked, "once");
    let [pending] = &asked.approvals[..] else { panic!("{:?}", asked.approvals) };
    assert_eq!((asked.state(), pending.kind()), (pb::CaseState::Working, pb::ApprovalKind::Suspend));

    let district = format!("D-{DISTRICT}");
    let get = pb::GetApprovalRequest { id: pending.id.clone() };
    let approval = people.approvals(&district).get_approval(get).await.unwrap().into_inner();
    assert_eq!((&approval.asked_by, &approval.granter), (&case.holder, &district));
    assert_eq!((approval.plan.as_str(), approval.reason.as_str()), ("改造完成后划线", "道路正在改造"));
    assert_eq!((&approval.case, &approval.review_date), (&case.id, &review_date));
    let (id, version, reason) = (approval.id, approval.version, "属实".to_owned());
    let grant = pb::GrantApprovalRequest { request_id: key(), id, version, reason };
    people.approvals(&district).grant_approval(grant).await.unwrap();
    let case = people.case(&case.id).await.unwrap();
    let suspension = case.suspension.as_ref().unwrap();
    assert_eq!((case.state(), case.approvals.len()), (pb::CaseState::Suspended, 0));
    assert_eq!((&suspension.review_date, suspension.plan.as_str()), (&review_date, "改造完成后划线"));
}
