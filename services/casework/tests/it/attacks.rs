//! What somebody tries who has a token and wants more than it gives.

use std::collections::BTreeSet;

use huying_chassis::auth::{Claims, Role};
use huying_proto::casework::v1 as pb;
use huying_testing::{Bearer, reason, wire};
use tonic::{Code, Request};

use super::{
    fixture as f,
    support::{Client, Town, accept, fresh, resolve},
};

fn officer(town: &Town, subject: &str) -> Client {
    let claims = Claims::new(subject, [Role::Officer]).unit("G-1").area(f::GRID);
    Client::new(wire(town.address, Bearer(Some(town.bench.token(&claims)))))
}

/// Who calls, their token says, and nothing beside it.
#[tokio::test]
async fn attack_24_what_metadata_says_of_the_caller_is_not_read() {
    let town = Town::open().await;
    let (_, case) = town.case_at(&f::grid()).await;
    let mut abroad = town.client(Role::Officer, Some("G-1"), Some("990102001001001"));
    let mut get = Request::new(pb::GetCaseRequest { id: case.id.clone() });
    for (name, value) in [
        ("x-user-id", "officer:wang"),
        ("x-area", f::DISTRICT),
        ("x-unit", "G-1"),
        ("x-roles", "leader"),
        ("x-forwarded-user", "officer:wang"),
    ] {
        get.metadata_mut().insert(name, value.parse().unwrap());
    }
    assert_eq!(reason(&abroad.get_case(get).await.unwrap_err()), "NOT_FOUND");
    let mut accepting = Request::new(accept(&case));
    accepting.metadata_mut().insert("x-unit", "G-1".parse().unwrap());
    let refused = town.of(&f::community()).accept_case(accepting).await.unwrap_err();
    assert_eq!(reason(&refused), "NOT_HOLDER");
}

#[tokio::test]
async fn attack_36_a_closed_case_is_neither_accepted_nor_resolved() {
    let town = Town::open().await;
    let (request, case) = town.accepted(&f::grid()).await;
    let mut grid = town.of(&f::grid());
    let case = grid.resolve_case(resolve(&case)).await.unwrap().into_inner();
    town.passed(&case).await;
    town.answered(request, &case).await;
    let case = town.case_when("struck off", &case.id, |case| case.state() == pb::CaseState::Closed).await;
    for refused in [
        grid.accept_case(accept(&case)).await.unwrap_err(),
        grid.resolve_case(resolve(&case)).await.unwrap_err(),
    ] {
        assert_eq!(
            (refused.code(), reason(&refused).as_str()),
            (Code::FailedPrecondition, "STEP_NOT_ALLOWED")
        );
    }
    assert_eq!(town.case(&case.id).await, case);
}

/// A token says where a page begins, and nothing of what may be seen on it.
#[tokio::test]
async fn attack_30_the_page_token_of_somebody_else_widens_nothing_and_a_broken_one_is_none() {
    let town = Town::open().await;
    for at in [f::grid(), f::community(), f::grid(), f::community()] {
        town.case_at(&at).await;
    }
    let page = |page_size, token: &str| pb::ListCasesRequest {
        district: f::DISTRICT.into(),
        page_size,
        page_token: token.into(),
        ..Default::default()
    };
    let first = town.desk().list_cases(page(1, "")).await.unwrap().into_inner();
    let token = first.next_page_token;
    let other = |at: usize| match token.as_bytes()[at] {
        b'A' => "B",
        _ => "A",
    };
    let changed = (0..token.len()).map(|at| [&token[..at], other(at), &token[at + 1..]].concat());
    let tokens: Vec<String> = changed.chain([token.clone()]).collect();
    for (role, unit, area) in [
        (Role::Officer, Some("G-1"), f::GRID),
        (Role::Department, Some("DEP-parks"), f::DISTRICT),
        (Role::Officer, Some("C-9"), "990101002001"),
    ] {
        let mut client = town.client(role, unit, Some(area));
        let own = ids(client.list_cases(page(200, "")).await.unwrap().into_inner());
        for token in &tokens {
            match client.list_cases(page(200, token)).await {
                Ok(answer) => assert!(ids(answer.into_inner()).is_subset(&own), "{role:?} {token}"),
                Err(status) => assert_eq!(status.code(), Code::InvalidArgument, "{status:?}"),
            }
        }
    }
    for cut in 1..token.len() {
        let refused = town.desk().list_cases(page(1, &token[..cut])).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::InvalidArgument, "BAD_FIELD"));
    }
}

fn ids(page: pb::ListCasesResponse) -> BTreeSet<String> {
    page.cases.into_iter().map(|case| case.id).collect()
}

/// It comes to the database as a value, never as a part of a statement.
#[tokio::test]
async fn attack_46_what_means_something_to_a_database_is_kept_as_it_came() {
    let town = Town::open().await;
    let (_, mut case) = town.accepted(&f::grid()).await;
    let mut grid = town.of(&f::grid());
    for text in [
        "'; drop table log; --",
        "\\'); select pg_sleep(60); /*",
        "%_[]{}()$1 $$ $tag$ ::jsonb || E'\\x00' \\u0000 ?",
        r#""} || '{"state": "closed"}"#,
    ] {
        let note = pb::AddNoteRequest {
            request_id: fresh(),
            id: case.id.clone(),
            version: case.version,
            text: text.into(),
            public: true,
        };
        grid.add_note(note).await.unwrap();
        case = town.case(&case.id).await;
        assert_eq!(case.last_public_note.as_ref().unwrap().text, text);
        let get =
            pb::ListCasesRequest { district: f::DISTRICT.into(), holder: text.into(), ..Default::default() };
        if let Ok(found) = town.desk().list_cases(get).await {
            assert!(ids(found.into_inner()).is_empty(), "{text}");
        }
    }
    assert_eq!((case.notes, case.state()), (4, pb::CaseState::Working));
}

/// A request id is its caller's: the same one of somebody else is another command, and is not answered with the first one's answer.
#[tokio::test]
async fn attack_41_the_request_id_of_another_caller_is_nothing_to_me() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::grid()).await;
    let note = |text: &str, version| pb::AddNoteRequest {
        request_id: case.id.clone(),
        id: case.id.clone(),
        version,
        text: text.into(),
        public: true,
    };
    let (mut one, mut other) = (officer(&town, "officer:one"), officer(&town, "officer:other"));
    let first = one.add_note(note("在路上", case.version)).await.unwrap().into_inner();
    let second = other.add_note(note("到了", first.version)).await.unwrap().into_inner();
    assert_eq!((second.notes, second.version), (2, first.version + 1));
    assert_eq!(second.last_public_note.unwrap().text, "到了");
    let again = one.add_note(note("在路上", case.version)).await.unwrap().into_inner();
    assert_eq!(again.version, second.version, "each repeats its own");
    let mut stranger = town.client(Role::Officer, Some("G-1"), Some("990102001001001"));
    let refused = stranger.add_note(note("在路上", case.version)).await.unwrap_err();
    assert_eq!(reason(&refused), "NOT_FOUND", "and nobody learns that it was used");
}
