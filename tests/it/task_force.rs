//! 专班 across the wire: a street forms one for two cases, of units that routing's directory knows.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use huying_chassis::clock::system_now;
use huying_proto::casework::v1 as pb;
use huying_testing::reason;
use huying_tests::{People, World, people::DISTRICT, world::key};

const MEMBERS: [(&str, &str); 2] =
    [("DEP-jiaoguan", "江岸区交通大队"), ("DEP-yuanlin", "江岸区园林和林业局")];

/// A case that its grid works on.
async fn worked_on(people: &People) -> pb::Case {
    let request = people.submit_until_taken(People::blocked_way()).await.request.unwrap();
    let case = people.case_of(&request.number).await;
    let accept = pb::AcceptCaseRequest { request_id: key(), id: case.id.clone(), version: case.version };
    people.staff(&case.holder).accept_case(accept).await.unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_street_forms_a_task_force_for_two_cases() {
    let world = World::inside().await;
    let people = world.people();
    let (one, two) = (worked_on(&people).await, worked_on(&people).await);
    let (street, district) = (format!("S-{}", &one.area[..9]), format!("D-{DISTRICT}"));
    // To the second: it comes back as it went.
    let until = (system_now() + TimeDelta::days(30)).timestamp();
    let until = Some(pbjson_types::Timestamp { seconds: until, nanos: 0 });
    let form = pb::FormTaskForceRequest {
        request_id: key(),
        id: one.id.clone(),
        version: one.version,
        name: "通气专班".into(),
        chair: district.clone(),
        members: MEMBERS.map(|(unit, _)| unit.to_owned()).to_vec(),
        task: "查勘、铺管".into(),
        until_time: until,
        other_cases: vec![two.id.clone()],
    };
    let unknown =
        pb::FormTaskForceRequest { request_id: key(), members: vec!["DEP-nobody".into()], ..form.clone() };
    assert_eq!(reason(&people.staff(&street).form_task_force(unknown).await.unwrap_err()), "UNKNOWN_UNIT");
    let formed = people.staff(&street).form_task_force(form.clone()).await.unwrap().into_inner();
    let again = people.staff(&street).form_task_force(form).await.unwrap().into_inner();
    assert_eq!(again, formed, "the same answer again, with what was sent on the other case");

    let answered = formed.case.unwrap();
    let [group] = &answered.groups[..] else { panic!("{:?}", answered.groups) };
    assert_eq!((group.kind(), group.name.as_str()), (pb::GroupKind::TaskForce, "通气专班"));
    let chair = (group.chair.as_str(), group.chair_name.as_str());
    assert_eq!(chair, (district.as_str(), "江岸区指挥中心（区民呼中心）"));
    let members: Vec<_> = group.members.iter().map(|it| (it.unit.as_str(), it.unit_name.as_str())).collect();
    assert_eq!(members, MEMBERS);
    assert_eq!((group.until_time, &group.cases), (until, &vec![one.id.clone(), two.id.clone()]));
    assert!(group.since_time.is_some());
    for id in [&one.id, &two.id] {
        let case = people.case(id).await.unwrap();
        assert_eq!(case.groups, answered.groups, "the very same on both");
        let on_it: Vec<_> = formed.dispatches.iter().filter(|it| it.case == *id).collect();
        let sent: Vec<_> = on_it.iter().map(|it| (it.unit.as_str(), it.lead, it.task.as_str())).collect();
        assert_eq!(sent, [("DEP-jiaoguan", true, "查勘、铺管"), ("DEP-yuanlin", false, "查勘、铺管")]);
        assert!(on_it.iter().all(|it| it.group == group.code && it.called_by == district));
        let ids = |ids: &mut dyn Iterator<Item = &String>| ids.cloned().collect::<BTreeSet<_>>();
        assert_eq!(ids(&mut case.dispatches.iter()), ids(&mut on_it.iter().map(|it| &it.id)));
    }
    assert_eq!(formed.dispatches.len(), 4);
}
