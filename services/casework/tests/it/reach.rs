//! Who sees what: area by area, unit by unit; a called department sees its dispatch and the case, not the reporter's words.

use huying_casework::domain::Dispatch;
use huying_chassis::{
    auth::{CITY, Role},
    log::Versioned,
};
use huying_proto::casework::v1 as pb;
use huying_testing::reason;
use tonic::{Code, Status};

use super::{
    fixture as f,
    support::{Town, fresh, profile},
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
        (Role::Department, Some("DEP-parks"), Some(f::DISTRICT), 0),
        // Above the district, and everything.
        (Role::Leader, None, Some("9901"), 1),
        (Role::Leader, None, Some(CITY), 1),
    ] {
        assert_eq!(seen(role, unit, area).await.unwrap(), count, "{role:?} {unit:?} {area:?}");
    }
    for area in [Some("990102"), Some("9902"), None] {
        assert_eq!(reason(&seen(Role::Leader, None, area).await.unwrap_err()), "OUTSIDE_AREA", "{area:?}");
    }

    for (role, unit, area) in [
        (Role::Officer, Some("C-9"), Some("990101002001")),
        (Role::Department, Some("DEP-parks"), Some(f::DISTRICT)),
        // The very unit that holds it, but of another district.
        (Role::Officer, Some("G-1"), Some("990102001001001")),
        (Role::Leader, None, None),
    ] {
        let mut client = town.client(role, unit, area);
        for name in [&case.id, &case.number] {
            let refused = client.get_case(pb::GetCaseRequest { id: name.clone() }).await.unwrap_err();
            assert_eq!(told(&refused), absent("case", name), "{role:?} {unit:?} {area:?}");
        }
    }
}

/// What a refusal tells: its code, its reason, its words.
fn told(status: &Status) -> (Code, String, String) {
    (status.code(), reason(status), status.message().to_owned())
}

/// What is told of something that is not there.
fn absent(kind: &str, name: &str) -> (Code, String, String) {
    (Code::NotFound, "NOT_FOUND".into(), format!("there is no {kind} {name}"))
}

/// A department has the same code in every district: its namesake neither reads, watches, answers nor notes, and learns nothing, also
/// where it names a version or repeats what others did.
#[tokio::test]
async fn a_namesake_in_another_district_reaches_nothing() {
    let town = Town::open().await;
    let (case, sent) = called(&town).await;
    let mut parks = town.dispatches_of(&f::parks());
    let respond = |request_id: String| pb::RespondDispatchRequest {
        request_id,
        id: sent.id.to_string(),
        version: 1,
        response: pb::DispatchResponse::Accept.into(),
        note: String::new(),
    };
    let taken = respond(fresh());
    parks.respond_dispatch(taken.clone()).await.unwrap();
    let before = town.written().await;

    let (role, unit, area) = (Role::Department, Some("DEP-parks"), Some("990102"));
    let (mut namesake, mut called) = (town.client(role, unit, area), town.dispatches(role, unit, area));
    let (id, case_id) = (sent.id.to_string(), case.id.clone());
    let refused = [
        called.get_dispatch(pb::GetDispatchRequest { id: id.clone() }).await.unwrap_err(),
        called.respond_dispatch(respond(fresh())).await.unwrap_err(),
        called.respond_dispatch(taken).await.unwrap_err(),
    ];
    for status in refused {
        assert_eq!(told(&status), absent("dispatch", &id));
    }
    let note = pb::AddNoteRequest {
        request_id: fresh(),
        id: case_id.clone(),
        version: case.version,
        text: "在看".into(),
        public: true,
    };
    let history = pb::GetHistoryRequest { id: case_id.clone(), ..Default::default() };
    let refused = [
        namesake.get_case(pb::GetCaseRequest { id: case_id.clone() }).await.unwrap_err(),
        namesake.get_history(history).await.unwrap_err(),
        namesake.add_note(note).await.unwrap_err(),
    ];
    for status in refused {
        assert_eq!(told(&status), absent("case", &case_id));
    }
    for district in [f::DISTRICT, "990102"] {
        let list = pb::ListDispatchesRequest { district: district.into(), ..Default::default() };
        let found = called.list_dispatches(list.clone()).await.map(|list| list.into_inner().dispatches);
        match district {
            f::DISTRICT => assert_eq!(reason(&found.unwrap_err()), "OUTSIDE_AREA"),
            _ => assert_eq!(found.unwrap(), []),
        }
        let watch = pb::WatchDispatchesRequest {
            district: district.into(),
            unit: "DEP-parks".into(),
            ..Default::default()
        };
        let watched = called.watch_dispatches(watch).await;
        assert_eq!(watched.is_err(), district == f::DISTRICT, "its own district's stream it may watch");
    }
    assert_eq!(town.written().await, before, "nothing was changed");
}

/// Whoever is out of reach is told the same at each version, and of something that never was.
#[tokio::test]
async fn out_of_reach_is_as_if_it_were_not_there() {
    let town = Town::open().await;
    let (_, case) = town.case_at(&f::grid()).await;
    let nowhere = fresh();
    let mut abroad = town.client(Role::Officer, Some("G-1"), Some("990102001001001"));
    for (id, version) in [(&case.id, case.version), (&case.id, 99), (&nowhere, 1)] {
        let accept = pb::AcceptCaseRequest { request_id: fresh(), id: id.clone(), version };
        assert_eq!(told(&abroad.accept_case(accept).await.unwrap_err()), absent("case", id));
    }
    let mut here = town.client(Role::Officer, Some("G-9"), Some(f::GRID));
    let accept = pb::AcceptCaseRequest { request_id: fresh(), id: case.id.clone(), version: case.version };
    assert_eq!(reason(&here.accept_case(accept).await.unwrap_err()), "NOT_HOLDER", "who sees it is told why");
}

/// A profile is for who governs the whole district.
#[tokio::test]
async fn a_profile_is_applied_by_who_governs_its_district() {
    let town = Town::open().await;
    for (area, applied) in
        [(None, false), (Some("990102"), false), (Some(f::STREET), false), (Some("9901"), true)]
    {
        for dry_run in [true, false] {
            let answer = town.profiles(Role::Operator, area).apply_profile(profile(dry_run)).await;
            assert_eq!(answer.is_ok(), applied, "{area:?}");
            if let Err(refused) = answer {
                assert_eq!(
                    (refused.code(), reason(&refused).as_str()),
                    (Code::PermissionDenied, "OUTSIDE_AREA")
                );
            }
        }
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

/// A case of the street with a note, on which the parks department is called.
async fn called(town: &Town) -> (pb::Case, Versioned<Dispatch>) {
    let (_, case) = town.accepted(&f::street()).await;
    let note = pb::AddNoteRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: 2,
        text: "内部".into(),
        public: false,
    };
    let case = town.of(&f::street()).add_note(note).await.unwrap().into_inner();
    let sent = town.call(&case, &[f::parks()], "修剪").await;
    let case = town.case(&case.id).await;
    (case, sent.into_iter().next().unwrap())
}

#[tokio::test]
async fn a_called_department_sees_its_task_and_not_the_reporters_words() {
    let town = Town::open().await;
    let (case, sent) = called(&town).await;
    let mut parks = town.of(&f::parks());
    let seen = parks.get_case(pb::GetCaseRequest { id: case.id.clone() }).await.unwrap().into_inner();
    assert!(seen.content.is_empty() && seen.notes == 0 && seen.number == case.number);
    assert!(seen.requests.is_empty() && !case.requests.is_empty());
    let history = parks
        .get_history(pb::GetHistoryRequest { id: case.id.clone(), ..Default::default() })
        .await
        .unwrap_err();
    assert_eq!(reason(&history), "NOT_HOLDER");
    let dispatches = pb::ListDispatchesRequest { district: f::DISTRICT.into(), ..Default::default() };
    let own = town
        .dispatches_of(&f::parks())
        .list_dispatches(dispatches.clone())
        .await
        .unwrap()
        .into_inner()
        .dispatches;
    assert_eq!(
        (own.len(), own[0].id.as_str(), own[0].task.as_str()),
        (1, sent.id.to_string().as_str(), "修剪")
    );
    let mut traffic = town.dispatches_of(&f::traffic());
    assert!(traffic.list_dispatches(dispatches.clone()).await.unwrap().into_inner().dispatches.is_empty());
    let others = traffic
        .list_dispatches(pb::ListDispatchesRequest { unit: "DEP-parks".into(), ..dispatches.clone() })
        .await
        .unwrap_err();
    assert_eq!(reason(&others), "OUTSIDE_AREA");
    let id = sent.id.to_string();
    let others = traffic.get_dispatch(pb::GetDispatchRequest { id: id.clone() }).await.unwrap_err();
    assert_eq!(told(&others), absent("dispatch", &id));
    let of_case = pb::ListDispatchesRequest { case: case.id.clone(), ..dispatches };
    assert_eq!(
        town.dispatches_of(&f::street())
            .list_dispatches(of_case)
            .await
            .unwrap()
            .into_inner()
            .dispatches
            .len(),
        1
    );
}
