//! What a call goes through in intake.

use huying_chassis::{auth::Role, bus::CloudEvent};
use huying_proto::intake::v1 as pb;
use huying_testing::reason;
use uuid::Uuid;

use super::support::{Town, call, profile};

#[tokio::test]
async fn a_call_gets_a_number_and_a_secret_and_can_be_tracked() {
    let town = Town::open().await;
    let receipt = town.officer().submit_request(call()).await.unwrap().into_inner();
    let request = receipt.request.unwrap();
    assert!(request.number.starts_with("SY-20") && request.number.ends_with("-000001"), "{}", request.number);

    let asked =
        pb::TrackRequestRequest { number: request.number.clone(), tracking_token: receipt.tracking_token };
    let track = town.stranger().track_request(asked.clone()).await.unwrap().into_inner();
    assert_eq!((track.state(), track.number), (pb::RequestState::Submitted, request.number));

    let wrong = pb::TrackRequestRequest { tracking_token: "AAAA".into(), ..asked };
    assert_eq!(reason(&town.stranger().track_request(wrong).await.unwrap_err()), "NOT_FOUND");
}

#[tokio::test]
async fn numbers_count_up() {
    let town = Town::open().await;
    let mut officer = town.officer();
    for expected in 1..=40 {
        let request = officer.submit_request(call()).await.unwrap().into_inner().request.unwrap();
        assert!(
            request.number.ends_with(&format!("-{expected:06}")),
            "{} is not the {expected}th",
            request.number
        );
    }
}

/// The same command, and the same call of the same door, get the first answer.
#[tokio::test]
async fn the_same_call_again_gets_the_first_answer() {
    let town = Town::open().await;
    let mut officer = town.officer();
    let once = call();
    let first = officer.submit_request(once.clone()).await.unwrap().into_inner();
    assert_eq!(officer.submit_request(once.clone()).await.unwrap().into_inner(), first);

    let hotline = || pb::SubmitRequestRequest {
        channel: pb::Channel::Hotline.into(),
        external_id: "12345-7".into(),
        ..call()
    };
    let first = officer.submit_request(hotline()).await.unwrap().into_inner();
    assert_eq!(officer.submit_request(hotline()).await.unwrap().into_inner(), first);
    assert_eq!(town.written().await, (2, 2));
}

/// What was taken stays taken, also when the district would not take it any more.
#[tokio::test]
async fn the_same_call_again_gets_the_first_answer_when_its_door_is_closed() {
    let town = Town::open().await;
    let mut officer = town.officer();
    let (once, numbered) = (call(), pb::SubmitRequestRequest { external_id: "F-1".into(), ..call() });
    let first = officer.submit_request(once.clone()).await.unwrap().into_inner();
    let order = officer.submit_request(numbered.clone()).await.unwrap().into_inner();
    let mut closed = profile();
    closed.channels.retain(|rule| rule.channel() != pb::Channel::Online);
    town.apply(closed).await;

    let fresh = || Uuid::now_v7().to_string();
    let answer = officer.submit_request(once.clone()).await.unwrap().into_inner();
    assert_eq!(answer, first, "the same command");
    let again = pb::SubmitRequestRequest { request_id: fresh(), ..numbered };
    assert_eq!(
        officer.submit_request(again).await.unwrap().into_inner(),
        order,
        "the same order of the door"
    );
    let reused = pb::SubmitRequestRequest { content: "燃气泄漏".into(), ..once.clone() };
    let refused = [(reused, "REQUEST_ID_REUSED"), (call(), "UNKNOWN_CHANNEL")];
    for (call, why) in refused {
        assert_eq!(reason(&officer.submit_request(call).await.unwrap_err()), why);
    }
    assert_eq!(town.written().await, (2, 2));
}

/// Many at once of the same call: one is taken, all get its answer.
#[tokio::test]
async fn the_same_call_at_once_is_taken_once() {
    let town = Town::open().await;
    let once = call();
    let answers = futures::future::join_all((0..16).map(|_| {
        let (mut officer, once) = (town.officer(), once.clone());
        async move { officer.submit_request(once).await.unwrap().into_inner() }
    }))
    .await;
    assert!(answers.iter().all(|answer| answer == &answers[0]));
    assert_eq!(town.written().await, (1, 1));
}

#[tokio::test]
async fn additions_are_kept_beside_the_request_which_is_never_rewritten() {
    let town = Town::open().await;
    let mut officer = town.officer();
    let request = officer.submit_request(call()).await.unwrap().into_inner().request.unwrap();
    let add = pb::AddInformationRequest {
        request_id: Uuid::now_v7().to_string(),
        id: request.id.clone(),
        content: "二楼也不亮".into(),
    };
    let added = officer.add_information(add.clone()).await.unwrap().into_inner();
    assert_eq!((added.content, added.additions.len(), added.version), (request.content, 1, 2));
    assert_eq!(
        officer.add_information(add).await.unwrap().into_inner().version,
        2,
        "the same command adds once"
    );
}

#[tokio::test]
async fn a_withdrawn_request_takes_no_more_steps() {
    let town = Town::open().await;
    let mut officer = town.officer();
    let id = officer.submit_request(call()).await.unwrap().into_inner().request.unwrap().id;
    let withdraw = pb::WithdrawRequestRequest {
        request_id: Uuid::now_v7().to_string(),
        id: id.clone(),
        reason: "自己修好了".into(),
    };
    assert_eq!(
        officer.withdraw_request(withdraw).await.unwrap().into_inner().state(),
        pb::RequestState::Withdrawn
    );
    let add =
        pb::AddInformationRequest { request_id: Uuid::now_v7().to_string(), id, content: "又坏了".into() };
    let refused = officer.add_information(add).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (tonic::Code::FailedPrecondition, "STEP_NOT_ALLOWED")
    );
}

/// Who calls is told to those who must call back, and to nobody else: not to leaders, not to events, not to the track.
#[tokio::test]
async fn the_reporter_is_known_only_to_those_who_answer() {
    let town = Town::open().await;
    let request = town.officer().submit_request(call()).await.unwrap().into_inner().request.unwrap();
    let get = pb::GetRequestRequest { id: request.id };
    for (role, unit, area, sees) in [
        (Role::Officer, Some("G-1"), Some("990101001001001"), true),
        (Role::Callback, None, Some("990101"), true),
        (Role::Desk, Some("S-1"), Some("990101001"), true),
        (Role::Leader, None, Some("990101"), false),
        (Role::Officer, Some("G-9"), Some("990101001001001"), false),
    ] {
        let seen = town.client(role, unit, area).get_request(get.clone()).await.unwrap().into_inner();
        assert_eq!(seen.reporter.is_some(), sees, "{role:?} {unit:?}");
    }
    let outside = town.client(Role::Desk, Some("S-2"), Some("990101002")).get_request(get).await.unwrap_err();
    assert_eq!(reason(&outside), "NOT_FOUND");
}

/// What is committed is published, as a CloudEvent without the reporter, who is known again only as whoever made a first request.
#[tokio::test]
async fn a_submission_is_published() {
    let town = Town::open().await;
    let first = town.officer().submit_request(call()).await.unwrap().into_inner().request.unwrap();
    let request = town.officer().submit_request(call()).await.unwrap().into_inner().request.unwrap();
    let nats = town.bench.client().await;
    let stream = huying_testing::eventually("the stream is there", async || {
        async_nats::jetstream::new(nats.clone()).get_stream("HUYING_INTAKE").await.ok()
    })
    .await;
    let text = huying_testing::eventually("the event is there", async || {
        let last = stream.get_last_raw_message_by_subject("huying.intake.v1.request_submitted.990101").await;
        let text = String::from_utf8(last.ok()?.payload.to_vec()).unwrap();
        text.contains(&request.number).then_some(text)
    })
    .await;
    let event: CloudEvent = serde_json::from_str(&text).unwrap();
    let submitted: pb::RequestSubmitted = event.decode().unwrap();
    assert_eq!(
        (event.kind(), event.sequence, event.name.as_str()),
        ("request", 1, "huying.intake.v1.RequestSubmitted")
    );
    assert_eq!(submitted.request.unwrap().number, request.number);
    assert_eq!((&submitted.repeat_of, submitted.repeats), (&first.id, 1));
    assert!(!text.contains("13800138000") && !text.contains("某居民"), "{text}");
}
