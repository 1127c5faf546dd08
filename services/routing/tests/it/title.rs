//! The title says what the content leaves out: it is read wherever the content is, and first.

use huying_chassis::auth::{CITY, Role};
use huying_proto::{common::v1 as common, intake::v1 as intake, routing::v1 as pb};
use huying_routing::domain::{
    danger::Danger,
    decide::{decide, so_far},
    decision::{Decision, Partial, Submission},
    desk::Correction,
    learned::Memory,
};
use huying_terms::{Location, Priority};
use huying_testing::wire;
use pb::twin_service_client::TwinServiceClient;
use uuid::Uuid;

use crate::{
    bench::{self, Town},
    place::{self, GAS, LITTER, TREES, in_area, submission},
    route::{after, by, heard, triage},
};

const HERE: &str = "420102003002";

fn titled(title: &str, content: &str) -> Submission {
    Submission { title: title.into(), ..submission(content, in_area(HERE), "") }
}

fn decided(title: &str, content: &str) -> Decision {
    place::decided(decide(&place::index(), Memory::default(), &titled(title, content), place::now()))
}

#[test]
fn danger_category_and_people_are_read_in_the_title() {
    let it = decided("燃气泄漏", "详见录音");
    assert_eq!((it.category.as_str(), it.dangers, it.priority), (GAS, vec![Danger::Gas], Priority::Urgent));
    assert!(decided("独居老人门口垃圾堆了一地", "详见录音").visit_first);
    // A condition of the limit.
    assert_eq!(decided("树歪了，要倒", "详见录音").resolve.to_string(), "4 urgent hours");
}

#[test]
fn the_title_is_the_beginning() {
    assert_eq!(decided("", "树歪了").category, TREES);
    assert_eq!(decided("燃气泄漏", "树歪了").category, GAS);
    // What the title denies is denied.
    assert!(decided("没有漏气，是垃圾堆了一地", "详见录音").dangers.is_empty());
}

#[test]
fn it_waits_and_is_decided_by_hand_as_its_title_says() {
    let nowhere =
        Submission { title: "燃气泄漏".into(), ..submission("详见录音", Location::default(), "") };
    let waiting = so_far(&place::index(), &titled("大树倾斜", "详见录音"), &Partial::default());
    assert_eq!(waiting, Priority::High);
    let route = heard(nowhere);
    assert_eq!(route.partial.as_ref().unwrap().dangers, [Danger::Gas]);
    let decided = route.triage(&place::index(), &triage(HERE, LITTER), &by(), place::now()).unwrap();
    let route = after(route, decided);
    assert_eq!(route.decision.as_ref().unwrap().dangers, [Danger::Gas]);
    let correction =
        Correction { category: Some(TREES.into()), reason: "是树".into(), ..Default::default() };
    let corrected = route.correct(&place::index(), &correction, &by(), place::now()).unwrap();
    assert_eq!(after(route, corrected).decision.unwrap().dangers, [Danger::Gas]);
}

#[tokio::test]
async fn what_intake_calls_it_is_kept_told_and_looked_for() {
    let town = Town::with_profile().await;
    let request = Uuid::now_v7();
    let location = common::Location { area: "420102003002001".into(), ..Default::default() };
    let said = bench::submitted(request, "详见录音", location.clone(), place::now());
    town.say(request, 1, &intake::RequestSubmitted { title: "门前大树倾斜".into(), ..said }).await;
    let route = town.taken(request).await;
    assert_eq!((route.title.as_str(), route.content.as_str()), ("门前大树倾斜", "详见录音"));
    assert_eq!(route.decision.unwrap().category, TREES);

    let asked = pb::ListExamplesRequest { district: place::DISTRICT.into(), ..Default::default() };
    let mut operator = town.learning(Role::Operator, CITY);
    let examples = operator.list_examples(asked).await.unwrap().into_inner().examples;
    assert_eq!((examples[0].title.as_str(), examples[0].content.as_str()), ("门前大树倾斜", "详见录音"));

    let bearer = town.bench.bearer(Role::Desk, None, Some(place::DISTRICT));
    let mut twins = TwinServiceClient::new(wire(town.running.grpc, bearer));
    let find = pb::FindTwinsRequest {
        district: place::DISTRICT.into(),
        title: "门前的大树倾斜了".into(),
        content: "请看照片".into(),
        location: Some(location),
        ..Default::default()
    };
    let found = twins.find_twins(find).await.unwrap().into_inner().twins;
    assert_eq!(found.iter().map(|it| it.request.as_str()).collect::<Vec<_>>(), [request.to_string()]);
    town.end().await;
}
