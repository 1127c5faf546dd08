//! The stories, through the real services to their ends, each on a clock of its own. The player checks every step: that A never leaves the
//! grid, that B climbs to its street and its departments report in, that lamps turn when their time has come, and what follows.

use std::collections::BTreeMap;

use huying::{
    nats::Users,
    story::{TALES, Voice, named, play, private},
    up::{self, Options, Stores, say::Say},
};
use huying_chassis::shutdown::Shutdown;
use huying_testing::{Bench, database};
use huying_tests::{SERVICES, world::root};

async fn told(story: &str) {
    let mut users = None;
    let bench =
        Bench::with_accounts(|dir| users.insert(Users::open(&dir.join("keys"), []).unwrap()).accounts())
            .await;
    let mut databases = BTreeMap::new();
    for service in SERVICES {
        databases.insert(service.to_owned(), database().await);
    }
    let (tale, clock) = (named(story).unwrap(), private::clock());
    let options = Options {
        profiles: vec![root().join("deploy/profiles").join(tale.place.folder)],
        stores: Some(Stores { databases, nats_url: bench.nats.address(), nats_users: users }),
        clock: Some(clock.clone()),
        env: private::unhurried(),
        ..Options::at(&bench.dir.path().join("data"))
    };
    let say = Say::nothing();
    let running = Box::pin(up::start(options, &say, Shutdown::new())).await.unwrap();
    let client = running.client("test:story");
    Box::pin(play(&client, tale, Some(&clock), Voice::Silent)).await.unwrap();
    running.begin_stop();
    Box::pin(running.serve(&say)).await.unwrap();
}

/// A test for each, and none forgotten.
macro_rules! stories {
    ($($test:ident $name:literal),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                told($name).await;
            }
        )+

        #[test]
        fn every_story_is_a_test() {
            assert_eq!(TALES.map(|tale| tale.name).to_vec(), [$($name),+]);
        }
    };
}

stories! {
    a_car_never_leaves_the_grid "a",
    a_tree_climbs_to_the_street "b",
    a_firm_is_briefed "c",
    a_hundred_homes_get_gas "gas",
    traffic_is_late "late",
    a_department_is_silent "silent",
    a_ball_is_kicked "ball",
    a_group_is_asked_for "group",
    a_leader_takes_charge "clinic",
    a_case_is_suspended_and_resumed "suspended",
    a_case_is_reopened_twice "reopened",
    a_reporter_is_unsatisfied_three_times "thrice",
    a_unit_declines_what_is_hard "declines",
    one_case_makes_eighteen_health_points "insulin",
    a_delegate_asks_in_public "inquiry",
    a_visit_finds_what_the_town_calls_for "finding",
    whoever_takes_the_phone_sees_it_to_the_end "card",
}
