//! Two replicas of casework and of routing at once: each case opens once, each step counts once.

use futures::future::join_all;
use huying_proto::casework::v1 as pb;
use huying_testing::reason;
use huying_tests::{People, World, reckon, world::key};

const CALLS: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_do_the_work_of_one() {
    let world = World::inside().await;
    world.start_replica("routing").await;
    let second = world.start_replica("casework").await;
    let (people, first) = (world.people(), world.address("casework"));
    join_all((0..CALLS).map(|_| {
        let people = people.clone();
        async move {
            let number = people.submit_until_taken(People::blocked_way()).await.request.unwrap().number;
            // Both replicas are asked for the same step at the same moment: one of them is too late.
            let case = people.case_of(&number).await;
            let accept = |address| {
                let request =
                    pb::AcceptCaseRequest { request_id: key(), id: case.id.clone(), version: case.version };
                let mut staff = people.staff_at(address, &case.holder);
                async move { staff.accept_case(request).await }
            };
            let (one, other) = futures::join!(accept(first), accept(second));
            let refused = one.as_ref().err().or(other.as_ref().err()).expect("one of two is refused");
            assert_eq!(reason(refused), "STALE_VERSION");
            assert!(one.is_ok() || other.is_ok());
            people.see_through(&number).await;
        }
    }))
    .await;
    reckon::all_is_well(&world, CALLS as i64).await;
}
