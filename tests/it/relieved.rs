//! 改派 across the wire: routing's directory loses a unit that holds a case, and whoever is above gives the case to another.

use huying_chassis::auth::{CITY, Role};
use huying_proto::{
    casework::v1 as pb,
    routing::v1::{self as routing, profile_service_client::ProfileServiceClient},
};
use huying_testing::{reason, wire};
use huying_tests::{
    World,
    people::{DISTRICT, People},
    world::key,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_whose_holder_the_directory_lost_is_given_to_another() {
    let world = World::inside().await;
    let people = world.people();
    let request = people.submit_until_taken(People::blocked_way()).await.request.unwrap();
    let case = people.case_of(&request.number).await;
    let community = format!("C-{}", &case.area[..12]);
    let relieve = pb::RelieveCaseRequest {
        request_id: key(),
        id: case.id.clone(),
        version: case.version,
        unit: community.clone(),
        reason: "网格已撤并".into(),
    };
    let refused = people.leader().relieve_case(relieve.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "HOLDER_STANDS", "it is there: it can be escalated");

    let mut profile = world.profile.routing.clone();
    profile.units.retain(|unit| unit.code != case.holder);
    let bearer = world.bench.bearer(Role::Operator, None, Some(CITY));
    let apply = routing::ApplyProfileRequest { request_id: key(), profile: Some(profile), dry_run: false };
    ProfileServiceClient::new(wire(world.address("routing"), bearer)).apply_profile(apply).await.unwrap();
    let allowed = pb::GetAllowedStepsRequest { id: case.id.clone() };
    let allowed = people.leader().get_allowed_steps(allowed).await.unwrap().into_inner();
    assert!(allowed.steps.iter().any(|step| step.step == "relieve" && step.allowed));

    let unknown = pb::RelieveCaseRequest { request_id: key(), unit: case.holder.clone(), ..relieve.clone() };
    assert_eq!(reason(&people.leader().relieve_case(unknown).await.unwrap_err()), "UNKNOWN_UNIT");
    let relieve = pb::RelieveCaseRequest { request_id: key(), ..relieve };
    let after = people.leader().relieve_case(relieve.clone()).await.unwrap().into_inner();
    assert_eq!(
        (&after.holder, after.state(), after.version),
        (&community, pb::CaseState::Assigned, case.version + 1)
    );
    let again = people.leader().relieve_case(relieve).await.unwrap().into_inner();
    assert_eq!(again.version, after.version, "asked again it is answered");
    let resolve =
        |case: &pb::Case| case.clocks.iter().find(|it| it.kind() == pb::ClockKind::Resolve).cloned();
    assert_eq!(resolve(&after), resolve(&case), "the time used counts");

    let history = pb::GetHistoryRequest { id: case.id.clone(), ..Default::default() };
    let mut desk = people.staff(&format!("D-{DISTRICT}"));
    let history = desk.get_history(history).await.unwrap().into_inner().entries;
    let last = history.last().unwrap();
    assert!(last.text.contains("网格已撤并") && last.text.contains(" → "), "{}", last.text);
    people.see_through(&request.number).await;
}
