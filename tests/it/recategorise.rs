//! 改类 across services: casework asks routing what another category comes to, and whose it is.

use huying_proto::{casework::v1 as pb, common::v1::Tier};
use huying_tests::{People, World, people::GRID, world::key};

/// A matter of lives, which communities begin with.
const RIGHT: &str = "JA:m:01001";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grid_finds_that_it_is_a_community_s_matter() {
    let world = World::inside().await;
    let people = world.people();
    let number = people.submit_until_taken(People::blocked_way()).await.request.unwrap().number;
    let case = people.case_of(&number).await;
    let mut grid = people.staff(&case.holder);
    let into = |category: &str| pb::RecategoriseCaseRequest {
        request_id: key(),
        id: case.id.clone(),
        version: case.version,
        category: category.into(),
        reason: "不是挪车，是物业纠纷".into(),
    };
    let unknown = grid.recategorise_case(into("no-such")).await.unwrap_err();
    assert_eq!(huying_testing::reason(&unknown), "UNKNOWN_CATEGORY");
    let moved = grid.recategorise_case(into(RIGHT)).await.unwrap().into_inner();
    assert_eq!(
        (moved.category.as_str(), moved.tier(), moved.state()),
        (RIGHT, Tier::Community, pb::CaseState::Assigned)
    );
    assert_eq!(moved.holder, format!("C-{}", &GRID[..12]));
    assert!(!moved.holder_name.is_empty());
    people.see_through(&number).await;
}
