//! What delegates pick from, and what they find.

use huying_chassis::auth::Role;
use huying_proto::evaluation::v1::{self as pb, delegate_service_client::DelegateServiceClient};
use huying_testing::Wire;
use tonic::Code;
use uuid::Uuid;

use crate::{
    inquiries::{OTHER_STREET, STREET, denied, key, person, told, unfit},
    refusals::bad_fields,
    support::{Case, DISTRICT, HOLDER, World, judging, verdict},
};

type Delegates = DelegateServiceClient<Wire>;

fn looking(world: &World, unit: Option<&str>, area: &str) -> Delegates {
    Delegates::new(world.wire(world.bench.bearer(Role::Delegate, unit, Some(area))))
}

pub fn record(case: Uuid) -> pb::RecordInspectionRequest {
    let (case, text) = (case.to_string(), "护栏只装了一半".to_owned());
    pb::RecordInspectionRequest { request_id: key(), case, good: false, text }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delegate_picks_from_what_reporters_said_in_their_area() {
    let world = World::new().await;
    let case = Case::new();
    let callback = world.resolved(&case).await;
    let judged = verdict(false, pb::Satisfaction::Unsatisfied);
    world.staff().record_verdict(judging(&callback, judged)).await.unwrap();
    world.resolved(&Case::new().held_by("C-9", "420102004001")).await;

    let list = || pb::ListInspectableCasesRequest { district: DISTRICT.into(), ..Default::default() };
    let picked = async |area: &str, list| -> Vec<pb::InspectableCase> {
        looking(&world, None, area).list_inspectable_cases(list).await.unwrap().into_inner().cases
    };
    assert_eq!(picked(DISTRICT, list()).await.len(), 2);
    let own = picked(STREET, list()).await;
    assert_eq!(own.len(), 1);
    let it = &own[0];
    assert_eq!(
        (it.case.as_str(), it.unit.as_str(), it.area.as_str()),
        (&*case.id.to_string(), HOLDER, &*case.area)
    );
    assert_eq!((it.worked.clone(), it.state()), (case.units.clone(), pb::CallbackState::Failed));
    assert_eq!((it.satisfaction(), it.days_late), (pb::Satisfaction::Unsatisfied, 0));
    assert!(!format!("{own:?}").contains("谢谢"), "the reporter's words are theirs");
    let failed = pb::ListInspectableCasesRequest { state: pb::CallbackState::Failed.into(), ..list() };
    assert_eq!(picked(DISTRICT, failed).await.len(), 1);
    let theirs = pb::ListInspectableCasesRequest { unit: "C-9".into(), ..list() };
    assert_eq!(picked(DISTRICT, theirs.clone()).await.len(), 1);
    assert_eq!(picked(STREET, theirs).await.len(), 0, "another street's");
    let elsewhere = looking(&world, None, "420103").list_inspectable_cases(list()).await;
    assert_eq!(told(elsewhere), denied("OUTSIDE_AREA"));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delegate_inspects_a_case_once() {
    let world = World::new().await;
    let case = Case::new();
    world.resolved(&case).await;
    let first = record(case.id);
    let mut by = looking(&world, None, STREET);
    let found = by.record_inspection(first.clone()).await.unwrap().into_inner();
    assert_eq!(
        (found.good, found.text.as_str(), found.area.as_str()),
        (false, "护栏只装了一半", &*case.area)
    );
    assert_eq!(by.record_inspection(first).await.unwrap().into_inner(), found, "a repeated command");
    assert_eq!(told(by.record_inspection(record(case.id)).await), unfit("INSPECTED_ALREADY"));
    let mut other = Delegates::new(world.wire(person(&world, "wang", Role::Delegate, DISTRICT)));
    let theirs = other.record_inspection(record(case.id)).await.unwrap().into_inner();
    let foreign = looking(&world, None, OTHER_STREET).record_inspection(record(case.id)).await;
    assert_eq!(told(foreign), (Code::NotFound, "NOT_FOUND".to_owned()));
    assert_eq!(told(by.record_inspection(record(Uuid::now_v7())).await).1, "NOT_FOUND");
    let staff = looking(&world, Some("parks"), STREET).record_inspection(record(case.id)).await;
    assert_eq!(told(staff), denied("OWN_WORK"));
    let silent = pb::RecordInspectionRequest { text: String::new(), case: "x".into(), ..record(case.id) };
    assert_eq!(bad_fields(by.record_inspection(silent).await), ["case", "text"]);

    let listed = async |area: &str, case: &str| -> Vec<String> {
        let (district, case) = (DISTRICT.to_owned(), case.to_owned());
        let list = pb::ListInspectionsRequest { district, case, ..Default::default() };
        let page = looking(&world, None, area).list_inspections(list).await.unwrap().into_inner();
        page.inspections.into_iter().map(|it| it.id).collect()
    };
    let both = [theirs.id.clone(), found.id.clone()];
    assert_eq!(listed(DISTRICT, "").await, both, "the newest first");
    assert_eq!(listed(STREET, "").await, both);
    assert_eq!(listed("420102003005", "").await, both);
    assert_eq!(listed(DISTRICT, &case.id.to_string()).await, both);
    assert_eq!(listed(OTHER_STREET, &case.id.to_string()).await, [""; 0], "not of one's area");
    assert_eq!(listed(OTHER_STREET, "").await, [""; 0]);
    let events = world.events(&found.id).await;
    assert_eq!((events.len(), events[0].0.as_str()), (1, "InspectionRecorded"));
    assert_eq!(events[0].1["case"], case.id.to_string());
    assert!(!format!("{events:?}").contains("护栏"), "texts stay here");
    world.assert_log_is_true().await;
    world.stop().await;
}
