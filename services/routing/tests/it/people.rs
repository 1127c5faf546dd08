//! 重点人群: what concerns people who come first is looked at first, and a home visit comes before all else.

use huying_chassis::auth::Role;
use huying_proto::{common::v1::Priority as Wanted, routing::v1 as pb};
use huying_routing::domain::{
    decide::{by_hand, decide, so_far},
    decision::{Decision, Demand, PEOPLE, Partial, Submission, Triage},
    learned::Memory,
};
use huying_terms::Priority;

use crate::{
    bench::{Client, Town},
    place::{self, LITTER, in_area, submission},
};

fn said() -> Demand {
    Demand { priority_people: true, ..Demand::default() }
}

fn asked(content: &str, demand: Demand) -> Submission {
    Submission { demand, ..submission(content, in_area("420102003002"), "") }
}

fn decision(content: &str, demand: Demand) -> Decision {
    place::decided(decide(&place::index(), Memory::default(), &asked(content, demand), place::now()))
}

fn why(it: &Decision) -> Vec<&str> {
    it.reasons.iter().filter(|it| it.rule == PEOPLE).map(|it| it.text.as_str()).collect()
}

#[test]
fn the_door_says_so() {
    let plain = decision("路边垃圾堆了一地", Demand::default());
    assert_eq!((plain.priority, plain.visit_first, why(&plain)), (Priority::Normal, false, vec![]));
    let first = decision("路边垃圾堆了一地", said());
    assert_eq!((first.priority, first.visit_first), (Priority::High, true));
    assert_eq!(why(&first), ["来件说明涉及重点人群，由一般提为重点，上门走访在先"]);
    assert!(first.resolve_due_at <= plain.resolve_due_at);
    // What is urgent stays so, and the visit comes first all the same.
    let urgent = decision("闻到燃气泄漏", said());
    assert_eq!((urgent.priority, urgent.visit_first), (Priority::Urgent, true));
    assert_eq!(why(&urgent), ["来件说明涉及重点人群，上门走访在先"]);
    let lamp = decision("路边垃圾堆了一地", Demand { urgent: true, ..said() });
    assert_eq!((lamp.priority, lamp.visit_first), (Priority::Urgent, true));
}

#[test]
fn the_words_tell() {
    let read = |content: &str| {
        let it = decision(content, Demand::default());
        (it.priority, it.visit_first, why(&it).concat())
    };
    let (priority, first, why) = read("独居老人门口垃圾堆了一地");
    assert_eq!((priority, first), (Priority::High, true));
    assert_eq!(why, "内容提到“独居老人”，涉及重点人群，由一般提为重点，上门走访在先");
    assert!(read("老人在这里一个人住，路边垃圾堆了一地").1);
    for nobody in ["残疾人通道旁垃圾堆了一地", "不是独居老人，路边垃圾堆了一地"] {
        assert_eq!(read(nobody), (Priority::Normal, false, String::new()), "{nobody}");
    }
    assert!(read("残疾人通道旁垃圾堆了一地，残疾人出不了门").1);
}

#[test]
fn a_persons_word_on_the_priority_is_final() {
    let triage =
        |priority| Triage { area: "420102003002".into(), category: LITTER.into(), holder: None, priority };
    let decided = |priority| {
        let times = (place::now(), place::now());
        by_hand(&place::index(), ("反映一个情况", said()), &triage(priority), times).unwrap()
    };
    let open = decided(None);
    assert_eq!((open.priority, open.visit_first), (Priority::High, true));
    let normal = decided(Some(Priority::Normal));
    assert_eq!((normal.priority, normal.visit_first), (Priority::Normal, true));
    assert_eq!(why(&normal), ["来件说明涉及重点人群，上门走访在先"]);
}

#[test]
fn it_waits_in_front_at_the_desk() {
    let waiting = |demand| so_far(&place::index(), &asked("反映一个情况", demand), &Partial::default());
    assert_eq!((waiting(Demand::default()), waiting(said())), (Priority::Normal, Priority::High));
}

#[tokio::test]
async fn what_intake_says_is_decided_on_and_told() {
    let town = Town::with_profile().await;
    let first = town.submitted("独居老人门口垃圾堆了一地", "420102003002").await;
    let decision = first.decision.unwrap();
    assert_eq!((decision.priority(), decision.visit_first), (Wanted::High, true));
    let events = town.events(&first.request).await;
    let event: pb::RouteDecided = events[0].decode().unwrap();
    assert!(event.decision.unwrap().visit_first);
    // A department that is only concerned is told neither that nor why.
    let tree = town.submitted("独居老人门前的树歪了", "420102003002").await;
    let seen = async |mut client: Client| {
        let get = pb::GetRouteRequest { request: tree.request.clone() };
        let decision = client.get_route(get).await.unwrap().into_inner().decision.unwrap();
        (decision.visit_first, decision.reasons.iter().any(|it| it.rule == PEOPLE))
    };
    let parks = town.caller(Role::Department, Some("DEP-yuanlin"), Some(place::DISTRICT));
    assert_eq!((seen(town.desk()).await, seen(parks).await), ((true, true), (false, false)));
    let other = town.submitted("路边垃圾堆了一地", "420102003002").await;
    assert!(!other.decision.unwrap().visit_first);
    town.end().await;
}
