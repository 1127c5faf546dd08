//! A case of several requests: one callback for each that is drawn, and one of them that says what the attempt came to.

use std::{collections::BTreeSet, time::Duration};

use futures::future::join_all;
use huying_chassis::auth::CITY;
use huying_proto::evaluation::v1::{
    self as pb, AttemptJudgement,
    CallbackState::{Cancelled, Failed, Lapsed, Passed, Pending, Spared},
    Satisfaction,
};
use huying_testing::eventually;
use serde_json::Value;

use crate::support::{Case, DISTRICT, World, applying, attempting, judging, profile, verdict};

fn rules(pass_share: f64, sample_share: f64, most: u32) -> pb::CallbackRules {
    let by = pb::CallbackBy::Centre.into();
    pb::CallbackRules { pass_share, sample_share, most, tries: 2, by, ..Default::default() }
}

async fn world(rules: pb::CallbackRules) -> World {
    let world = World::new().await;
    let profile = pb::EvaluationProfile { callbacks: Some(rules), ..profile(DISTRICT) };
    world.operator(Some(CITY)).apply_profile(applying(profile, false)).await.unwrap();
    world
}

/// What each of these callbacks' ending says that the attempt came to, by its events.
async fn settled(world: &World, callbacks: &[pb::Callback]) -> Vec<String> {
    let mut said = Vec::new();
    for callback in callbacks {
        let events = world.events(&callback.id).await;
        let judgements = events.iter().filter_map(|(_, event)| event["settles"]["judgement"].as_str());
        said.extend(judgements.map(str::to_owned));
    }
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_is_asked_about_and_the_last_settles_it() {
    let world = world(rules(1.0, 1.0, 20)).await;
    let case = Case::of_requests(3);
    world.resolved(&case).await;
    // The same again, as JetStream may send it.
    world.send(DISTRICT, case.id, 2, &case.resolved()).await;
    world.resolved(&Case::new()).await;
    let callbacks = world.callbacks_of(&case).await;
    let asked: BTreeSet<String> = callbacks.iter().map(|it| it.request.clone()).collect();
    assert_eq!((callbacks.len(), asked), (3, case.requests.iter().cloned().collect()));
    assert!(callbacks.iter().all(|it| it.among == 3 && it.requests == [it.request.clone()]));
    let mut staff = world.staff();
    for callback in &callbacks {
        let said = judging(callback, verdict(true, Satisfaction::Satisfied));
        assert_eq!(staff.record_verdict(said).await.unwrap().into_inner().state(), Passed);
    }
    assert_eq!(settled(&world, &callbacks).await, ["ATTEMPT_JUDGEMENT_PASSED"]);
    world.assert_log_is_true().await;
    world.stop().await;
}

/// Two verdicts at the same moment: neither may be blind to the other, or nothing would settle the attempt.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_all_at_once_one_settles_it() {
    let world = world(rules(1.0, 1.0, 20)).await;
    let case = Case::of_requests(8);
    world.resolved(&case).await;
    let callbacks = world.callbacks_of(&case).await;
    let judged = callbacks.iter().map(|callback| {
        let mut staff = world.staff();
        let said = judging(callback, verdict(true, Satisfaction::Satisfied));
        async move { staff.record_verdict(said).await.unwrap().into_inner().state() }
    });
    assert!(join_all(judged).await.iter().all(|state| *state == Passed));
    assert_eq!(settled(&world, &callbacks).await, ["ATTEMPT_JUDGEMENT_PASSED"]);
    world.assert_log_is_true().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_is_not_content_fails_it_and_the_rest_is_not_asked_any_more() {
    let mut rules = rules(1.0, 1.0, 20);
    rules.reasons = vec![pb::CallbackReason { code: "slow".into(), text: "办得太慢".into() }];
    let world = world(rules).await;
    let case = Case::of_requests(3);
    world.resolved(&case).await;
    let callbacks = world.callbacks_of(&case).await;
    let mut staff = world.staff();
    let reasons = vec![pb::VerdictReason { code: "slow".into(), text: String::new() }];
    let bad = pb::Verdict { reasons, ..verdict(false, Satisfaction::VeryUnsatisfied) };
    let failed = staff.record_verdict(judging(&callbacks[1], bad)).await.unwrap().into_inner();
    let settles = failed.settles.clone().unwrap();
    assert_eq!((failed.state(), settles.judgement()), (Failed, AttemptJudgement::Failed));
    assert_eq!(settles.reasons, ["办得太慢"]);
    let (_, event) = world.events(&failed.id).await.pop().unwrap();
    assert_eq!(event["settles"]["reasons"], serde_json::json!(["办得太慢"]));
    assert!(!event.to_string().contains("谢谢"), "the reporter's words stay: {event}");
    // Casework reopens it.
    world.send(DISTRICT, case.id, 3, &case.reopened()).await;
    for callback in [&callbacks[0], &callbacks[2]] {
        assert_eq!(world.in_state(&callback.id, Cancelled).await.settles, None);
    }
    assert_eq!(settled(&world, &callbacks).await, ["ATTEMPT_JUDGEMENT_FAILED"]);
    // What comes of it is asked about anew, all of it.
    let again = Case { attempt: 2, first_version: 4, ..case };
    world.resolved(&again).await;
    let anew = world.callbacks_of(&again).await;
    assert!(anew.len() == 3 && anew.iter().all(|it| it.state() == Pending));
    world.assert_log_is_true().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_spares_the_rest_and_they_count_nowhere() {
    let world = world(rules(0.5, 0.5, 3)).await;
    let case = Case::of_requests(10);
    world.resolved(&case).await;
    let callbacks = world.callbacks_of(&case).await;
    let (spared, asked): (Vec<_>, Vec<_>) = callbacks.iter().partition(|it| it.state() == Spared);
    assert_eq!((asked.len(), spared.len()), (3, 7), "half of them, and at most three");
    assert!(spared.iter().all(|it| it.version == 1 && it.end_time.is_some() && it.settles.is_none()));
    assert!(asked.iter().all(|it| it.state() == Pending && it.among == 3));
    let names: Vec<String> = world.events(&spared[0].id).await.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["CallbackSpared"]);
    let mut staff = world.staff();
    let refused = staff.record_verdict(judging(spared[0], verdict(true, Satisfaction::Satisfied))).await;
    assert_eq!(huying_testing::reason(&refused.unwrap_err()), "STEP_NOT_ALLOWED");
    // One is content, one is not, nobody reaches the third: one of two is half.
    staff.record_verdict(judging(asked[0], verdict(true, Satisfaction::Satisfied))).await.unwrap();
    staff.record_verdict(judging(asked[1], verdict(false, Satisfaction::Satisfied))).await.unwrap();
    let first = staff.record_attempt(attempting(asked[2], "")).await.unwrap().into_inner();
    world.clock.advance(Duration::from_secs(3600));
    let last = staff.record_attempt(attempting(&first, "")).await.unwrap().into_inner();
    let settles = last.settles.as_ref().map(pb::Settlement::judgement);
    assert_eq!((last.state(), last.tries, settles), (Lapsed, 2, Some(AttemptJudgement::Passed)));
    let names: Vec<(String, Value)> = world.events(&last.id).await;
    let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["CallbackOpened", "CallbackAttempted", "CallbackAttempted", "CallbackLapsed"]);
    world.assert_log_is_true().await;
    world.stop().await;
}

/// What they say counts and moves nothing; the others settle it.
#[tokio::test(flavor = "multi_thread")]
async fn who_took_the_request_back_is_asked_and_has_no_say() {
    let world = world(rules(1.0, 1.0, 20)).await;
    let case = Case::of_requests(2);
    world.resolved(&case).await;
    world.send(DISTRICT, case.id, 3, &case.request_withdrawn(&case.requests[0])).await;
    world.send(DISTRICT, case.id, 3, &case.request_withdrawn(&case.requests[0])).await;
    let mut staff = world.staff();
    let mut callbacks = eventually("one is marked", async || {
        let all = world.callbacks_of(&case).await;
        all.iter().any(|it| it.withdrawn).then_some(all)
    })
    .await;
    callbacks.sort_by_key(|it| !it.withdrawn);
    assert_eq!((&callbacks[0].request, callbacks[1].withdrawn), (&case.requests[0], false));
    let said = staff.record_verdict(judging(&callbacks[0], verdict(false, Satisfaction::Unsatisfied))).await;
    let said = said.unwrap().into_inner();
    assert_eq!((said.state(), said.settles), (Failed, None));
    let last = staff.record_verdict(judging(&callbacks[1], verdict(true, Satisfaction::Satisfied))).await;
    let last = last.unwrap().into_inner().settles.map(|it| it.judgement());
    assert_eq!(last, Some(AttemptJudgement::Passed));
    world.assert_log_is_true().await;
    world.stop().await;
}

/// All windows end at the same instant, of as many as are asked at most.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_reached_lapses_it_once() {
    let world = world(rules(1.0, 1.0, 200)).await;
    let case = Case::of_requests(200);
    world.resolved(&case).await;
    let callbacks = world.callbacks_of(&case).await;
    world.clock.advance(Duration::from_secs(3 * 24 * 3600));
    for callback in &callbacks {
        world.in_state(&callback.id, Lapsed).await;
    }
    assert_eq!(settled(&world, &callbacks).await, ["ATTEMPT_JUDGEMENT_LAPSED"]);
    world.assert_log_is_true().await;
    world.stop().await;
}
