//! Who sees what: area by area, unit by unit; a called department sees its dispatch and the case, not the reporter's words.

use huying_casework::app::call::{Call, Summons};
use huying_chassis::auth::Role;
use huying_proto::casework::v1 as pb;
use huying_testing::reason;

use super::{
    fixture::{self as f, by},
    support::{Town, meta},
};

fn list() -> pb::ListCasesRequest {
    pb::ListCasesRequest { district: f::DISTRICT.into(), ..Default::default() }
}

#[tokio::test]
async fn lists_are_bounded_by_area_and_unit() {
    let town = Town::open().await;
    let (_, case) = town.case_at(&f::grid()).await;
    let seen = async |role, unit, area| {
        town.client(role, unit, area).list_cases(list()).await.map(|answer| answer.into_inner().cases.len())
    };
    for (role, unit, area, count) in [
        (Role::Officer, Some("G-1"), Some(f::GRID), 1),
        (Role::Officer, Some("C-1"), Some(f::COMMUNITY), 1),
        (Role::Officer, Some("C-9"), Some("990101002001"), 0),
        (Role::Leader, None, Some(f::STREET), 1),
        (Role::Desk, Some("D-1"), Some(f::DISTRICT), 1),
        (Role::Department, Some("DEP-parks"), None, 0),
        (Role::Service, None, None, 1),
    ] {
        assert_eq!(seen(role, unit, area).await.unwrap(), count, "{role:?} {unit:?} {area:?}");
    }
    assert_eq!(reason(&seen(Role::Leader, None, Some("990102")).await.unwrap_err()), "OUTSIDE_AREA");

    let get = pb::GetCaseRequest { id: case.id.clone() };
    for (role, unit, area) in [
        (Role::Officer, "C-9", Some("990101002001")),
        (Role::Department, "DEP-parks", None),
        (Role::Department, "DEP-parks", Some(f::DISTRICT)),
    ] {
        let refused = town.client(role, Some(unit), area).get_case(get.clone()).await.unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused).as_str()),
            (tonic::Code::PermissionDenied, "OUTSIDE_AREA")
        );
    }
}

#[tokio::test]
async fn lists_filter_and_page() {
    let town = Town::open().await;
    let mut ids = Vec::new();
    for n in 0..5 {
        let at = if n % 2 == 0 { f::grid() } else { f::community() };
        ids.push(town.case_at(&at).await.1.id);
    }
    ids.reverse();
    let mut desk = town.desk();
    let mut found = Vec::new();
    let mut page = pb::ListCasesRequest { page_size: 2, ..list() };
    loop {
        let answer = desk.list_cases(page.clone()).await.unwrap().into_inner();
        found.extend(answer.cases.into_iter().map(|case| case.id));
        if answer.next_page_token.is_empty() {
            break;
        }
        page.page_token = answer.next_page_token;
    }
    assert_eq!(found, ids, "newest first, each once");
    let mut count = async |request: pb::ListCasesRequest| {
        desk.list_cases(request).await.unwrap().into_inner().cases.len()
    };
    assert_eq!(count(pb::ListCasesRequest { holder: "C-1".into(), ..list() }).await, 2);
    assert_eq!(
        count(pb::ListCasesRequest { tier: huying_proto::common::v1::Tier::Grid.into(), ..list() }).await,
        3
    );
    assert_eq!(count(pb::ListCasesRequest { state: pb::CaseState::Working.into(), ..list() }).await, 0);
    assert_eq!(
        count(pb::ListCasesRequest { area: f::STREET.into(), category: "C1".into(), ..list() }).await,
        5
    );
    assert_eq!(
        count(pb::ListCasesRequest { area: f::GRID.into(), category: "C2".into(), ..list() }).await,
        0
    );
}

#[tokio::test]
async fn a_called_department_sees_its_task_and_not_the_reporters_words() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let note = pb::AddNoteRequest {
        request_id: super::support::fresh(),
        id: case.id.clone(),
        version: 2,
        text: "内部".into(),
        public: false,
    };
    let case = town.of(&f::street()).add_note(note).await.unwrap().into_inner();
    let call = Call {
        summons: vec![Summons { unit: "DEP-parks".into(), lead: true, task: "修剪".into() }],
        respond: None,
        resolve: None,
    };
    let (_, sent) = town
        .app
        .call_units(
            case.id.parse().unwrap(),
            &by(&f::street()),
            &call,
            &[f::parks()],
            &meta(&f::street(), case.version),
        )
        .await
        .unwrap();

    let mut parks = town.of(&f::parks());
    let seen = parks.get_case(pb::GetCaseRequest { id: case.id.clone() }).await.unwrap().into_inner();
    assert!(seen.content.is_empty() && seen.notes.is_empty() && seen.number == case.number);
    let history = parks
        .get_history(pb::GetHistoryRequest { id: case.id.clone(), ..Default::default() })
        .await
        .unwrap_err();
    assert_eq!(reason(&history), "NOT_HOLDER");
    let dispatches = pb::ListDispatchesRequest { district: f::DISTRICT.into(), ..Default::default() };
    let own = parks.list_dispatches(dispatches.clone()).await.unwrap().into_inner().dispatches;
    assert_eq!(
        (own.len(), own[0].id.as_str(), own[0].task.as_str()),
        (1, sent[0].id.to_string().as_str(), "修剪")
    );
    let mut traffic = town.of(&f::traffic());
    assert!(traffic.list_dispatches(dispatches.clone()).await.unwrap().into_inner().dispatches.is_empty());
    let others = traffic
        .list_dispatches(pb::ListDispatchesRequest { unit: "DEP-parks".into(), ..dispatches.clone() })
        .await
        .unwrap_err();
    assert_eq!(reason(&others), "OUTSIDE_AREA");
    let others =
        traffic.get_dispatch(pb::GetDispatchRequest { id: sent[0].id.to_string() }).await.unwrap_err();
    assert_eq!(reason(&others), "OUTSIDE_AREA");
    let of_case = pb::ListDispatchesRequest { case: case.id.clone(), ..dispatches };
    assert_eq!(
        town.of(&f::street()).list_dispatches(of_case).await.unwrap().into_inner().dispatches.len(),
        1
    );
}
