//! 历史件: what was settled before it came here is kept as it was, and nobody works on it.

use huying_chassis::auth::Role;
use huying_proto::intake::v1 as pb;
use huying_testing::reason;
use pbjson_types::Timestamp;
use uuid::Uuid;

use super::support::{DISTRICT, Town, call};

fn at(seconds: i64) -> Option<Timestamp> {
    Some(Timestamp { seconds, nanos: 0 })
}

fn closed() -> pb::SubmitRequestRequest {
    pb::SubmitRequestRequest {
        request_id: Uuid::now_v7().to_string(),
        external_id: "2025-1".into(),
        answer: "已换灯".into(),
        closed: Some(pb::Closed { submit_time: at(1_740_792_600), close_time: at(1_740_906_000) }),
        ..call()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_closed_before_is_kept_as_it_was_and_not_worked_on() {
    let town = Town::open().await;
    let mut platform = town.client(Role::Platform, None, Some(DISTRICT));
    let taken = platform.submit_request(closed()).await.unwrap().into_inner();
    let request = taken.request.unwrap();
    assert_eq!((request.state(), request.answer.as_str()), (pb::RequestState::Answered, "已换灯"));
    assert_eq!((request.submit_time, request.close_time), (at(1_740_792_600), at(1_740_906_000)));
    assert_eq!(request.first_contact.unwrap().discharge_time, at(1_740_906_000), "nothing is owed");
    let again = platform.submit_request(closed()).await.unwrap().into_inner().request.unwrap();
    assert_eq!(again.number, request.number, "the same order is taken once");
    let objection = pb::RaiseObjectionRequest {
        request_id: Uuid::now_v7().to_string(),
        id: request.id,
        reason: "没换".into(),
    };
    let refused = platform.raise_objection(objection).await.unwrap_err();
    assert_eq!(reason(&refused), "ANSWERED_AT_ONCE");
}

/// Who tells only the day on which it was closed says its end, which may be yet to come.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_closed_today_is_closed_by_now() {
    let town = Town::open().await;
    let mut platform = town.client(Role::Platform, None, Some(DISTRICT));
    let now = huying_chassis::clock::system_now().timestamp();
    let times = pb::Closed { submit_time: at(now - 3600), close_time: at(now + 36_000) };
    let today = pb::SubmitRequestRequest { closed: Some(times), ..closed() };
    let taken = platform.submit_request(today.clone()).await.unwrap().into_inner().request.unwrap();
    let closed_at = taken.close_time.unwrap().seconds;
    assert!((now..now + 3600).contains(&closed_at), "{closed_at}");
    let again = platform.submit_request(today).await.unwrap().into_inner().request.unwrap();
    assert_eq!(again.number, taken.number, "the same command");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_history_without_its_times_is_none() {
    let town = Town::open().await;
    let mut platform = town.client(Role::Platform, None, Some(DISTRICT));
    let with = |closed: pb::Closed| pb::SubmitRequestRequest { closed: Some(closed), ..self::closed() };
    let (early, late) = (at(1_740_792_600), at(1_740_906_000));
    for wrong in [
        with(pb::Closed { submit_time: None, close_time: late }),
        with(pb::Closed { submit_time: early, close_time: None }),
        with(pb::Closed { submit_time: late, close_time: early }),
        with(pb::Closed { submit_time: early, close_time: at(253_402_300_799) }),
    ] {
        assert_eq!(reason(&platform.submit_request(wrong).await.unwrap_err()), "BAD_FIELD");
    }
    let by_officer = town.officer().submit_request(closed()).await.unwrap_err();
    assert_eq!(reason(&by_officer), "HISTORY_NOT_ALLOWED");
    assert_eq!(town.written().await, (0, 0));
    let silent = pb::SubmitRequestRequest { answer: String::new(), ..closed() };
    let kept = platform.submit_request(silent).await.unwrap().into_inner().request.unwrap();
    assert_eq!(
        (kept.state(), kept.answer.as_str()),
        (pb::RequestState::Answered, ""),
        "the answer is not known"
    );
}
