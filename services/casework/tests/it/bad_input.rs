//! What must be refused, each with its own reason, and changes nothing.

use huying_chassis::auth::Role;
use huying_proto::{casework::v1 as pb, common::v1 as common};
use huying_testing::{Bearer, reason, wire};
use tonic::Code;
use tonic_types::StatusExt;

use super::{
    fixture as f,
    support::{Client, Town, accept, fresh, profile, resolve},
};

#[tokio::test]
async fn attack_34_35_36_a_step_is_refused_with_its_reason_and_changes_nothing() {
    let town = Town::open().await;
    let (_, case) = town.case_at(&f::grid()).await;
    let before = town.written().await;
    let mut grid = town.of(&f::grid());

    let stale = grid.accept_case(pb::AcceptCaseRequest { version: 9, ..accept(&case) }).await.unwrap_err();
    assert_eq!((stale.code(), reason(&stale).as_str()), (Code::Aborted, "STALE_VERSION"));
    let early = grid.resolve_case(resolve(&case)).await.unwrap_err();
    assert_eq!((early.code(), reason(&early).as_str()), (Code::FailedPrecondition, "STEP_NOT_ALLOWED"));
    let allowed: Vec<String> = early
        .get_details_precondition_failure()
        .unwrap()
        .violations
        .into_iter()
        .map(|one| one.subject)
        .collect();
    assert_eq!(allowed, ["accept", "appoint", "escalate", "return", "merge", "recategorise", "ask_decline"]);

    let stranger = town.of(&f::community()).accept_case(accept(&case)).await.unwrap_err();
    assert_eq!((stranger.code(), reason(&stranger).as_str()), (Code::PermissionDenied, "NOT_HOLDER"));
    let absent = grid.accept_case(pb::AcceptCaseRequest { id: fresh(), ..accept(&case) }).await.unwrap_err();
    assert_eq!((absent.code(), reason(&absent).as_str()), (Code::NotFound, "NOT_FOUND"));
    let early = town
        .desk()
        .strike_off_case(pb::StrikeOffCaseRequest { request_id: fresh(), id: case.id.clone(), version: 1 })
        .await
        .unwrap_err();
    assert_eq!(reason(&early), "STEP_NOT_ALLOWED");
    assert_eq!(town.written().await, before);
}

/// What is in hand is its holder's to resolve, and what is resolved is struck off by a desk or a leader whose area holds it.
#[tokio::test]
async fn attack_35_a_stranger_neither_resolves_a_case_nor_strikes_it_off() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::grid()).await;
    let before = town.written().await;
    for stranger in [f::community(), f::street()] {
        let refused = town.of(&stranger).resolve_case(resolve(&case)).await.unwrap_err();
        let told = (refused.code(), reason(&refused));
        assert_eq!(told, (Code::PermissionDenied, "NOT_HOLDER".into()), "{}", stranger.code);
    }
    assert_eq!(town.written().await, before);

    let case = town.of(&f::grid()).resolve_case(resolve(&case)).await.unwrap().into_inner();
    let before = town.written().await;
    let elsewhere = town.client(Role::Desk, Some("S-2"), Some("990101002"));
    for (mut stranger, code, why) in [
        (town.of(&f::grid()), Code::PermissionDenied, "ROLE_NOT_ALLOWED"),
        (town.of(&f::street()), Code::PermissionDenied, "ROLE_NOT_ALLOWED"),
        (elsewhere, Code::NotFound, "NOT_FOUND"),
    ] {
        let (id, version) = (case.id.clone(), case.version);
        let strike = pb::StrikeOffCaseRequest { request_id: fresh(), id, version };
        let refused = stranger.strike_off_case(strike).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (code, why));
    }
    assert_eq!(town.written().await, before);
}

/// Without routing nobody knows who is above: the step can be tried again, and nothing has changed. Who may not is told so first.
#[tokio::test]
async fn a_step_that_needs_routing_waits_for_it() {
    let town = Town::open().await;
    let (_, case) = town.case_at(&f::street()).await;
    let before = town.written().await;
    let escalate = pb::EscalateCaseRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        reason: "难".into(),
    };
    let away = town.of(&f::street()).escalate_case(escalate.clone()).await.unwrap_err();
    assert_eq!((away.code(), reason(&away).as_str()), (Code::Unavailable, "ROUTING_UNAVAILABLE"));
    let stranger = town.of(&f::grid()).escalate_case(escalate.clone()).await.unwrap_err();
    assert_eq!(reason(&stranger), "NOT_HOLDER");
    let stale = town
        .of(&f::street())
        .escalate_case(pb::EscalateCaseRequest { version: 7, ..escalate })
        .await
        .unwrap_err();
    assert_eq!(reason(&stale), "STALE_VERSION");
    let (_, top) = town.case_at(&f::district()).await;
    let up = pb::EscalateCaseRequest {
        request_id: fresh(),
        id: top.id.clone(),
        version: top.version,
        reason: "难".into(),
    };
    let top = town.client(Role::Desk, Some("D-1"), Some(f::DISTRICT)).escalate_case(up).await.unwrap_err();
    assert_eq!((top.code(), reason(&top).as_str()), (Code::FailedPrecondition, "AT_TOP_TIER"));
    let after = town.written().await;
    assert_eq!((after.0 - before.0, after.1 - before.1), (1, 0), "only the second case's opening");
}

pub fn fields(status: &tonic::Status) -> Vec<String> {
    assert_eq!((status.code(), reason(status).as_str()), (Code::InvalidArgument, "BAD_FIELD"), "{status:?}");
    status.get_details_bad_request().unwrap().field_violations.into_iter().map(|one| one.field).collect()
}

#[tokio::test]
async fn every_bad_field_is_named() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let before = town.written().await;
    let mut street = town.of(&f::street());
    let bad = pb::AddNoteRequest {
        request_id: "x".into(),
        id: "y".into(),
        version: 0,
        text: "\0".into(),
        public: true,
    };
    assert_eq!(fields(&street.add_note(bad).await.unwrap_err()), ["request_id", "id", "version", "text"]);
    for text in ["", "  ", "字".repeat(2001).as_str()] {
        let bad = pb::AddNoteRequest {
            request_id: fresh(),
            id: case.id.clone(),
            version: 2,
            text: text.into(),
            public: true,
        };
        assert_eq!(fields(&street.add_note(bad).await.unwrap_err()), ["text"]);
    }
    let summons =
        |unit: &str, lead| pb::Summons {
            unit: unit.into(), lead, task: "修剪".into(), ..Default::default()
        };
    let call = |summons| pb::CallDepartmentsRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: 2,
        summons,
        respond: None,
        resolve: None,
    };
    assert_eq!(fields(&street.call_departments(call(vec![])).await.unwrap_err()), ["summons"]);
    assert_eq!(
        fields(
            &street.call_departments(call(vec![summons("A", true), summons("B", true)])).await.unwrap_err()
        ),
        ["summons"]
    );
    assert_eq!(
        fields(
            &street.call_departments(call(vec![summons("A", true), summons("A", false)])).await.unwrap_err()
        ),
        ["summons[1].unit"]
    );
    let zero = Some(common::Limit { kind: 1, amount: 0 });
    let bad = pb::CallDepartmentsRequest { respond: zero, ..call(vec![summons("A", true)]) };
    assert_eq!(fields(&street.call_departments(bad).await.unwrap_err()), ["respond.amount"]);
    let bad = pb::ListCasesRequest {
        district: "99".into(),
        area: "1".into(),
        state: 99,
        page_token: "?".into(),
        ..Default::default()
    };
    assert_eq!(fields(&street.list_cases(bad).await.unwrap_err()), ["district", "state", "area"]);
    let silent = pb::RespondDispatchRequest {
        request_id: fresh(),
        id: fresh(),
        version: 1,
        response: 3,
        note: String::new(),
    };
    assert_eq!(
        fields(&town.dispatches_of(&f::street()).respond_dispatch(silent).await.unwrap_err()),
        ["note"]
    );
    let mut wrong = profile(false);
    let part = wrong.profile.as_mut().unwrap();
    (part.amber_percent, part.top_tier, part.dispatch_respond) = (100, 0, None);
    part.calendar.as_mut().unwrap().hours[0].to = "7".into();
    let told = fields(&town.operator().apply_profile(wrong).await.unwrap_err());
    for field in
        ["profile.top_tier", "profile.dispatch_respond", "profile.calendar.hours[0]", "profile.amber_percent"]
    {
        assert!(told.iter().any(|one| one == field), "{field} in {told:?}");
    }
    assert_eq!(town.written().await, before);
}

#[tokio::test]
async fn every_bad_field_of_what_is_asked_for_is_named() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let before = town.written().await;
    let mut street = town.of(&f::street());
    let suspension = pb::AskSuspensionRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        plan: "改造管网".into(),
        review_date: "2026-03-20".into(),
        reason: "未到工期".into(),
    };
    let all = pb::AskSuspensionRequest { request_id: "x".into(), id: "y".into(), ..Default::default() };
    for (bad, wrong) in [
        (all, &["request_id", "id", "version", "plan", "review_date", "reason"][..]),
        (pb::AskSuspensionRequest { plan: "字".repeat(2001), ..suspension.clone() }, &["plan"]),
        (
            pb::AskSuspensionRequest { review_date: "2026-02-30".into(), ..suspension.clone() },
            &["review_date"],
        ),
        (pb::AskSuspensionRequest { review_date: "20260320".into(), ..suspension.clone() }, &["review_date"]),
        (pb::AskSuspensionRequest { reason: "字".repeat(501), ..suspension.clone() }, &["reason"]),
    ] {
        assert_eq!(fields(&street.ask_suspension(bad).await.unwrap_err()), wrong);
    }
    // Whoever may ask is told what is wrong with the day; nobody's day is right outside the profile's span.
    for (day, why) in [("2026-03-02", "REVIEW_PAST"), ("2026-06-01", "REVIEW_TOO_LATE")] {
        let wrong =
            pb::AskSuspensionRequest { request_id: fresh(), review_date: day.into(), ..suspension.clone() };
        assert_eq!(reason(&street.ask_suspension(wrong).await.unwrap_err()), why);
    }

    let form = pb::FormTaskForceRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        name: "通气专班".into(),
        chair: "D-1".into(),
        members: vec!["DEP-parks".into()],
        task: "查勘".into(),
        until_time: Some(pbjson_types::Timestamp { seconds: 1_773_000_000, nanos: 0 }),
        other_cases: Vec::new(),
    };
    let none = pb::FormTaskForceRequest { id: case.id.clone(), ..Default::default() };
    let chaired = vec!["DEP-parks".to_owned(), "D-1".into()];
    for (bad, wrong) in [
        (none, &["request_id", "version", "name", "chair", "members", "until_time", "task"][..]),
        (pb::FormTaskForceRequest { members: chaired, ..form.clone() }, &["members"]),
        (pb::FormTaskForceRequest { members: vec!["DEP-parks".into(); 2], ..form.clone() }, &["members[1]"]),
        (
            pb::FormTaskForceRequest { other_cases: vec![case.id.clone()], ..form.clone() },
            &["other_cases[0]"],
        ),
        (
            pb::FormTaskForceRequest { other_cases: (0..10).map(|_| fresh()).collect(), ..form },
            &["other_cases"],
        ),
    ] {
        assert_eq!(fields(&street.form_task_force(bad).await.unwrap_err()), wrong);
    }
    assert_eq!(town.written().await, before);
}

/// Nobody without a token, and nobody with another role.
#[tokio::test]
async fn roles_are_held_apart() {
    let town = Town::open().await;
    let (_, case) = town.case_at(&f::grid()).await;
    let before = town.written().await;
    let mut nobody = Client::new(wire(town.address, Bearer(None)));
    assert_eq!(nobody.accept_case(accept(&case)).await.unwrap_err().code(), Code::Unauthenticated);
    for role in [Role::Platform, Role::Leader, Role::Callback, Role::Operator, Role::Service] {
        let refused =
            town.client(role, Some("G-1"), Some(f::GRID)).accept_case(accept(&case)).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{role:?}");
    }
    let refused =
        town.profiles(Role::Desk, Some(f::DISTRICT)).apply_profile(profile(false)).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    assert_eq!(town.written().await, before);
}
