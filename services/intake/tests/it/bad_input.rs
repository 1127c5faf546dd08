//! Bad input: each kind has its own reason, and changes nothing.

use huying_chassis::auth::{CITY, Role};
use huying_proto::{common::v1::Location, intake::v1 as pb};
use huying_testing::reason;
use tonic_types::StatusExt;
use uuid::Uuid;

use super::support::{DISTRICT, Town, call};

fn bad_calls() -> Vec<(&'static str, &'static str, pb::SubmitRequestRequest)> {
    let located = |location| pb::SubmitRequestRequest { location: Some(location), ..call() };
    let saying = |content: &str| pb::SubmitRequestRequest { content: content.to_owned(), ..call() };
    vec![
        ("no request id", "BAD_FIELD", pb::SubmitRequestRequest { request_id: String::new(), ..call() }),
        ("no content", "BAD_FIELD", saying("")),
        ("only white space", "BAD_FIELD", saying("  \n ")),
        ("only what nobody sees", "BAD_FIELD", saying("\u{200b}\u{feff}\0")),
        ("huge content", "BAD_FIELD", saying(&"很".repeat(8001))),
        ("no channel", "BAD_FIELD", pb::SubmitRequestRequest { channel: 0, ..call() }),
        ("a channel there is not", "BAD_FIELD", pb::SubmitRequestRequest { channel: 99, ..call() }),
        (
            "a channel closed here",
            "UNKNOWN_CHANNEL",
            pb::SubmitRequestRequest { channel: pb::Channel::ResidentQr.into(), ..call() },
        ),
        (
            "a district without a profile",
            "UNKNOWN_DISTRICT",
            pb::SubmitRequestRequest { district: "990102".into(), ..call() },
        ),
        (
            "a district that is none",
            "BAD_FIELD",
            pb::SubmitRequestRequest { district: "99x".into(), ..call() },
        ),
        (
            "an address longer than any",
            "BAD_FIELD",
            located(Location { address: "很".repeat(201), ..Default::default() }),
        ),
    ]
}

#[tokio::test]
async fn each_bad_call_has_its_reason_and_changes_nothing() {
    let town = Town::open().await;
    let mut platform = town.client(Role::Platform, None, Some(CITY));
    for (what, expected, bad) in bad_calls() {
        let refused = platform.submit_request(bad).await.unwrap_err();
        assert_eq!(reason(&refused), expected, "{what}: {refused}");
        assert_eq!(refused.code(), tonic::Code::InvalidArgument, "{what}");
        assert!(refused.get_details_bad_request().is_some(), "{what}: names no field");
    }
    assert_eq!(town.written().await, (0, 0));
}

/// Ten refused calls between two good ones, and no number is missing.
#[tokio::test]
async fn what_is_refused_uses_no_number_up() {
    let town = Town::open().await;
    let mut officer = town.officer();
    let mut sequence = Vec::new();
    for _ in 0..2 {
        let taken = officer.submit_request(call()).await.unwrap().into_inner().request.unwrap();
        sequence.push(taken.number.rsplit('-').next().unwrap().parse::<u32>().unwrap());
        for (_, _, bad) in bad_calls() {
            officer.submit_request(bad).await.unwrap_err();
        }
    }
    assert_eq!(sequence, [1, 2]);
}

#[tokio::test]
async fn too_long_a_text_is_told_how_long_it_is() {
    let town = Town::open().await;
    let long = pb::SubmitRequestRequest { content: "很".repeat(8000), ..call() };
    town.officer().submit_request(long).await.unwrap();
    let longer = pb::SubmitRequestRequest { content: "很".repeat(8123), ..call() };
    let refused = town.officer().submit_request(longer).await.unwrap_err();
    let violation = &refused.get_details_bad_request().unwrap().field_violations[0];
    let told = (violation.field.as_str(), violation.description.as_str());
    assert_eq!(told, ("content", "must have 1 to 8000 characters, and has 8123"));
}

#[tokio::test]
async fn an_oversized_message_is_refused_before_it_is_read() {
    let town = Town::open().await;
    let bad = pb::SubmitRequestRequest { content: "x".repeat(5 << 20), ..call() };
    let refused = town.officer().submit_request(bad).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (tonic::Code::ResourceExhausted, "MESSAGE_TOO_LARGE")
    );
    assert_eq!(town.written().await, (0, 0));
}

#[tokio::test]
async fn nobody_acts_on_a_request_of_others() {
    let town = Town::open().await;
    let request = town.officer().submit_request(call()).await.unwrap().into_inner().request.unwrap();
    let before = town.written().await;
    let withdraw = pb::WithdrawRequestRequest {
        request_id: Uuid::now_v7().to_string(),
        id: request.id,
        reason: String::new(),
    };
    let (denied, absent) = (tonic::Code::PermissionDenied, tonic::Code::NotFound);
    for (role, unit, area, code, expected) in [
        (Role::Officer, Some("G-9"), Some("990101001001001"), denied, "NOT_FIRST_CONTACT"),
        (Role::Officer, Some("G-9"), Some("990101001001002"), absent, "NOT_FOUND"),
        // The very unit that took it, but of another district.
        (Role::Officer, Some("G-1"), Some("990102001001001"), absent, "NOT_FOUND"),
        (Role::Desk, None, None, absent, "NOT_FOUND"),
        (Role::Platform, None, Some(DISTRICT), absent, "NOT_FOUND"),
        (Role::Leader, None, Some(DISTRICT), denied, "ROLE_NOT_ALLOWED"),
    ] {
        let refused = town.client(role, unit, area).withdraw_request(withdraw.clone()).await.unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused).as_str()),
            (code, expected),
            "{role:?} {unit:?} {area:?}"
        );
    }
    assert_eq!(reason(&town.stranger().withdraw_request(withdraw).await.unwrap_err()), "TOKEN_MISSING");
    assert_eq!(town.written().await, before);
}

#[tokio::test]
async fn a_step_not_allowed_names_those_that_are() {
    let town = Town::open().await;
    let id = town.officer().submit_request(call()).await.unwrap().into_inner().request.unwrap().id;
    let answer =
        pb::AnswerRequestRequest { request_id: Uuid::now_v7().to_string(), id, answer: "修好了".into() };
    let refused = town.officer().answer_request(answer).await.unwrap_err();
    assert_eq!(reason(&refused), "STEP_NOT_ALLOWED");
    let allowed: Vec<_> = refused
        .get_details_precondition_failure()
        .unwrap()
        .violations
        .into_iter()
        .map(|v| v.subject)
        .collect();
    assert_eq!(allowed, ["add", "join", "withdraw", "tell"]);
}

#[tokio::test]
async fn a_missing_request_is_named() {
    let town = Town::open().await;
    let refused = town
        .officer()
        .get_request(pb::GetRequestRequest { id: Uuid::now_v7().to_string() })
        .await
        .unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (tonic::Code::NotFound, "NOT_FOUND"));
    assert_eq!(refused.get_details_resource_info().unwrap().resource_type, "request");
}
