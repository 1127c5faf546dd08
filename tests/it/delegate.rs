//! 交办 across the wire: casework asks routing who the unit is that a case is handed down to.

use huying_proto::{casework::v1 as pb, common::v1::Tier};
use huying_tests::{People, World, people::GRID, world::key};

fn to(case: &pb::Case, unit: &str) -> pb::DelegateCaseRequest {
    pb::DelegateCaseRequest {
        request_id: key(),
        id: case.id.clone(),
        version: case.version,
        unit: unit.into(),
        reason: "网格可以处置".into(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_community_hands_a_case_back_to_its_grid() {
    let world = World::inside().await;
    let people = world.people();
    let number = people.submit_until_taken(People::blocked_way()).await.request.unwrap().number;
    let case = people.case_of(&number).await;
    let grid = format!("G-{GRID}");
    assert_eq!(case.holder, grid);
    let up = pb::EscalateCaseRequest {
        request_id: key(),
        id: case.id.clone(),
        version: case.version,
        reason: "联系不上车主".into(),
    };
    let case = people.staff(&grid).escalate_case(up).await.unwrap().into_inner();
    assert_eq!(case.tier(), Tier::Community);

    let mut community = people.staff(&case.holder);
    for (unit, why) in [
        ("G-000000000000000", "UNKNOWN_UNIT"),
        ("S-420102010", "UNIT_NOT_BELOW"),
        ("G-420102003002001", "UNIT_OUTSIDE_AREA"),
    ] {
        let refused = community.delegate_case(to(&case, unit)).await.unwrap_err();
        assert_eq!(huying_testing::reason(&refused), why, "{unit}");
    }
    let down = community.delegate_case(to(&case, &grid)).await.unwrap().into_inner();
    assert_eq!((down.tier(), down.state()), (Tier::Grid, pb::CaseState::Assigned));
    assert_eq!(down.holder, grid);
    people.see_through(&number).await;
}
