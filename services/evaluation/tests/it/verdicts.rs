//! Verdicts and attempts: what they do, and what they do when repeated.

use huying_proto::evaluation::v1::{
    self as pb,
    CallbackState::{Failed, Passed, Pending},
    Satisfaction,
};
use huying_testing::reason;
use tonic::Code;
use uuid::Uuid;

use crate::support::{Case, World, attempting, judging, verdict};

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_ends_it_and_its_words_stay_here() {
    let world = World::new().await;
    let mut staff = world.staff();
    for (solved, satisfaction, state, event) in [
        (true, Satisfaction::Satisfied, Passed, "CallbackPassed"),
        (true, Satisfaction::Basically, Passed, "CallbackPassed"),
        (true, Satisfaction::Unsatisfied, Failed, "CallbackFailed"),
        (false, Satisfaction::Satisfied, Failed, "CallbackFailed"),
    ] {
        let callback = world.resolved(&Case::new()).await;
        let said = verdict(solved, satisfaction);
        let after = staff.record_verdict(judging(&callback, said.clone())).await.unwrap().into_inner();
        assert_eq!((after.state(), after.version, after.verdict), (state, 2, Some(said)));
        assert!(after.end_time.is_some());

        let events = world.events(&callback.id).await;
        assert_eq!(events[1].0, event);
        assert!(!events[1].1.to_string().contains("谢谢"), "{}", events[1].1);
        assert_eq!(events[1].1["verdict"]["contacted"], true);
    }
    world.assert_log_is_true().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_are_counted_and_their_notes_stay_here() {
    let world = World::new().await;
    let mut staff = world.staff();
    let callback = world.resolved(&Case::new()).await;
    let first = staff.record_attempt(attempting(&callback, "无人接听")).await.unwrap().into_inner();
    assert_eq!((first.state(), first.version, first.tries), (Pending, 2, 1));
    let second = staff.record_attempt(attempting(&first, "")).await.unwrap().into_inner();
    assert_eq!((second.version, second.tries), (3, 2));
    let events = world.events(&callback.id).await;
    assert_eq!((events[2].0.as_str(), &events[2].1["tries"]), ("CallbackAttempted", &serde_json::json!(2)));
    assert!(!events[1].1.to_string().contains("无人接听"));
    world.assert_log_is_true().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_answers_again_and_does_nothing() {
    let world = World::new().await;
    let mut staff = world.staff();
    let callback = world.resolved(&Case::new()).await;
    let request = attempting(&callback, "busy");
    let first = staff.record_attempt(request.clone()).await.unwrap().into_inner();
    let again = staff.record_attempt(request.clone()).await.unwrap().into_inner();
    assert_eq!(first, again);

    // The key of one command is no key for another.
    let other = world.resolved(&Case::new()).await;
    let reused = pb::RecordAttemptRequest { request_id: request.request_id, ..attempting(&other, "") };
    let refused = staff.record_attempt(reused).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::AlreadyExists, "REQUEST_ID_REUSED"));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_version_an_ended_callback_and_a_missing_one_are_refused() {
    let world = World::new().await;
    let mut staff = world.staff();
    let callback = world.resolved(&Case::new()).await;
    let moved = staff.record_attempt(attempting(&callback, "")).await.unwrap().into_inner();

    let stale =
        staff.record_verdict(judging(&callback, verdict(true, Satisfaction::Satisfied))).await.unwrap_err();
    assert_eq!((stale.code(), reason(&stale).as_str()), (Code::Aborted, "STALE_VERSION"));

    let judged = staff
        .record_verdict(judging(&moved, verdict(true, Satisfaction::Satisfied)))
        .await
        .unwrap()
        .into_inner();
    let twice =
        staff.record_verdict(judging(&judged, verdict(false, Satisfaction::Unsatisfied))).await.unwrap_err();
    assert_eq!((twice.code(), reason(&twice).as_str()), (Code::FailedPrecondition, "STEP_NOT_ALLOWED"));
    let late = staff.record_attempt(attempting(&judged, "")).await.unwrap_err();
    assert_eq!(reason(&late), "STEP_NOT_ALLOWED");

    let nobody = pb::Callback { id: Uuid::now_v7().to_string(), version: 1, ..pb::Callback::default() };
    let missing =
        staff.record_verdict(judging(&nobody, verdict(true, Satisfaction::Satisfied))).await.unwrap_err();
    assert_eq!((missing.code(), reason(&missing).as_str()), (Code::NotFound, "NOT_FOUND"));

    let now = staff.get_callback(pb::GetCallbackRequest { id: callback.id }).await.unwrap().into_inner();
    assert_eq!(now, judged, "what is refused changes nothing");
    world.stop().await;
}
