//! Verdicts and attempts: what they do, and what they do when repeated.

use huying_chassis::auth::{CITY, Role};
use huying_proto::{
    common::v1::Solved,
    evaluation::v1::{
        self as pb, AttemptJudgement, CallbackBy,
        CallbackState::{Cancelled, Failed, Lapsed, Passed, Pending, Refused},
        Satisfaction,
    },
};
use huying_testing::{Bearer, reason};
use tonic::Code;
use tonic_types::StatusExt;
use uuid::Uuid;

use crate::{
    inquiries::told,
    links::{asking, giving},
    rates::{count, rate},
    support::{Case, Client, DISTRICT, World, applying, attempting, judging, kept, profile, verdict},
};

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
        assert_eq!(
            (after.state(), after.version, after.verdict),
            (state, 2, Some(kept(said, CallbackBy::Centre)))
        );
        assert!(after.end_time.is_some());

        let events = world.events(&callback.id).await;
        assert_eq!(events[1].0, event);
        assert!(!events[1].1.to_string().contains("谢谢"), "{}", events[1].1);
        assert_eq!(events[1].1["verdict"]["contacted"], true);
        let judgement = format!("ATTEMPT_JUDGEMENT_{}", if state == Passed { "PASSED" } else { "FAILED" });
        assert_eq!(events[1].1["settles"]["judgement"], judgement, "one is asked, and settles it");
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
    world.clock.advance(std::time::Duration::from_secs(3600));
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
    let late = staff.record_attempt(attempting(&judged, "")).await.unwrap_err();
    assert_eq!((late.code(), reason(&late).as_str()), (Code::FailedPrecondition, "STEP_NOT_ALLOWED"));
    assert_eq!(late.get_details_error_info().unwrap().metadata["state"], "passed");

    let nobody = pb::Callback { id: Uuid::now_v7().to_string(), version: 1, ..pb::Callback::default() };
    let missing =
        staff.record_verdict(judging(&nobody, verdict(true, Satisfaction::Satisfied))).await.unwrap_err();
    assert_eq!((missing.code(), reason(&missing).as_str()), (Code::NotFound, "NOT_FOUND"));

    let now = staff.get_callback(pb::GetCallbackRequest { id: callback.id }).await.unwrap().into_inner();
    assert_eq!(now, judged, "what is refused changes nothing");
    world.stop().await;
}

/// By whichever way: told to staff, or by the reporter's own link, also after staff was told. How units rate each other is in `ratings`.
#[tokio::test(flavor = "multi_thread")]
async fn attack_38_a_case_is_judged_once() {
    let world = World::new().await;
    let (mut staff, mut reporter) = (world.staff(), Client::new(world.wire(Bearer(None))));
    let there = |reason: &str| (Code::AlreadyExists, reason.to_owned());
    let (yes, no) = (verdict(true, Satisfaction::Satisfied), verdict(false, Satisfaction::Unsatisfied));
    for (said, state) in [(&yes, "passed"), (&no, "failed")] {
        let callback = world.resolved(&Case::new()).await;
        let issued = staff.issue_verdict_link(asking(&callback)).await.unwrap().into_inner();
        let linked = issued.callback.unwrap();
        let judged = staff.record_verdict(judging(&linked, said.clone())).await.unwrap().into_inner();
        for again in [&yes, &no] {
            let twice = staff.record_verdict(judging(&judged, again.clone())).await.unwrap_err();
            assert_eq!(twice.get_details_error_info().unwrap().metadata["state"], state);
            assert_eq!((twice.code(), reason(&twice)), there("JUDGED_ALREADY"));
        }
        assert_eq!(told(reporter.give_verdict(giving(&issued.token)).await), there("JUDGED_ALREADY"));
        assert_eq!(world.callback_of_id(&callback.id).await, judged, "what is refused changes nothing");
    }
    let callback = world.resolved(&Case::new()).await;
    let token = staff.issue_verdict_link(asking(&callback)).await.unwrap().into_inner().token;
    reporter.give_verdict(giving(&token)).await.unwrap();
    assert_eq!(told(reporter.give_verdict(giving(&token)).await), there("TOKEN_USED"));
    let given = world.callback_of_id(&callback.id).await;
    assert_eq!(told(staff.record_verdict(judging(&given, no)).await), there("JUDGED_ALREADY"));
    assert_eq!(world.callback_of_id(&callback.id).await, given);
    world.stop().await;
}

/// A half is no whole, whoever is how content; five steps; why not; and what else the place asks.
#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_says_all_that_the_place_asks() {
    let world = World::new().await;
    let coded = |code: &str, text: &str| pb::CallbackReason { code: code.into(), text: text.into() };
    let question = pb::CallbackQuestion {
        code: "when".into(),
        text: "几点来的？".into(),
        options: vec![coded("day", "白天"), coded("night", "夜里")],
    };
    let rules = pb::CallbackRules {
        pass_share: 1.0,
        sample_share: 1.0,
        most: 20,
        tries: 3,
        by: CallbackBy::Centre.into(),
        reasons: vec![coded("slow", "办得太慢")],
        questions: vec![question],
    };
    let profile = pb::EvaluationProfile { callbacks: Some(rules), ..profile(DISTRICT) };
    world.operator(Some(CITY)).apply_profile(applying(profile, false)).await.unwrap();
    let callback = world.resolved(&Case::new()).await;
    let mut staff = world.staff();
    let said = |reason: &str, answer: &str| pb::Verdict {
        how_solved: Solved::Partly.into(),
        told: Some(false),
        reasons: vec![pb::VerdictReason { code: reason.into(), text: String::new() }],
        answers: vec![pb::QuestionAnswer { question: "when".into(), answer: answer.into() }],
        ..verdict(false, Satisfaction::VerySatisfied)
    };
    for (reason, answer, field) in
        [("late", "day", "verdict.reasons[0].code"), ("slow", "yes", "verdict.answers[0].answer")]
    {
        let refused = staff.record_verdict(judging(&callback, said(reason, answer))).await.unwrap_err();
        let violations = refused.get_details_bad_request().unwrap().field_violations;
        assert_eq!((violations.len(), violations[0].field.as_str()), (1, field));
    }
    let said = said("slow", "night");
    let judged = staff.record_verdict(judging(&callback, said.clone())).await.unwrap().into_inner();
    let kept = judged.verdict.clone().unwrap();
    let reason = pb::VerdictReason { code: "slow".into(), text: "办得太慢".into() };
    assert_eq!((judged.state(), kept.how_solved(), kept.solved), (Failed, Solved::Partly, false));
    assert_eq!((kept.reasons, kept.answers, kept.told), (vec![reason], said.answers, Some(false)));
    let (_, event) = world.events(&callback.id).await.pop().unwrap();
    assert_eq!(event["verdict"]["howSolved"], "SOLVED_PARTLY");
    assert_eq!(event["settles"]["reasons"], serde_json::json!(["办得太慢"]));
    world.assert_log_is_true().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_will_not_answer_ends_it_in_no_rate() {
    let world = World::new().await;
    let callback = world.resolved(&Case::new()).await;
    let outcome = pb::AttemptOutcome::Refused.into();
    let refused = pb::RecordAttemptRequest { outcome, ..attempting(&callback, "不方便说") };
    let mut staff = world.staff();
    let refused = staff.record_attempt(refused).await.unwrap().into_inner();
    let settles = refused.settles.as_ref().map(pb::Settlement::judgement);
    assert_eq!((refused.state(), settles), (Refused, Some(AttemptJudgement::Lapsed)));
    let (name, event) = world.events(&callback.id).await.pop().unwrap();
    assert!(name == "CallbackRefused" && !event.to_string().contains("不方便说"), "{event}");
    let list =
        pb::ListCallbacksRequest { district: DISTRICT.into(), state: Refused.into(), ..Default::default() };
    let open = staff.list_callbacks(list).await.unwrap().into_inner().callbacks;
    assert_eq!(open.len(), 1, "counted in the open");
    let day = pb::GetRatesRequest {
        district: DISTRICT.into(),
        from_date: "2026-11-23".into(),
        to_date: "2026-11-24".into(),
        ..Default::default()
    };
    let rates = world.rates(Role::Callback, None, Some(DISTRICT)).get_rates(day).await.unwrap().into_inner();
    let total = rates.total.unwrap();
    let counts = ["asked", "refused", "valid"].map(|it| count(&total, it));
    assert_eq!((counts, rate(&total, "resolution")), ([1, 1, 0], None));
    world.assert_log_is_true().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_try_closes_it() {
    let world = World::new().await;
    let mut staff = world.staff();
    let mut callback = world.resolved(&Case::new()).await;
    for tries in 1..=3 {
        callback = staff.record_attempt(attempting(&callback, "")).await.unwrap().into_inner();
        assert_eq!(callback.tries, tries);
        world.clock.advance(std::time::Duration::from_secs(3600));
    }
    let settles = callback.settles.as_ref().map(pb::Settlement::judgement);
    assert_eq!((callback.state(), settles), (Lapsed, Some(AttemptJudgement::Lapsed)));
    assert_eq!(callback.version, 5, "the third try and the end are two entries");
    let late = staff.record_verdict(judging(&callback, verdict(true, Satisfaction::Satisfied))).await;
    let late = late.unwrap_err();
    assert_eq!(reason(&late), "STEP_NOT_ALLOWED");
    assert_eq!(late.get_details_error_info().unwrap().metadata["state"], "lapsed");
    world.assert_log_is_true().await;
    world.stop().await;
}

/// Whether or not the timer has looked, and once the case is worked on again.
#[tokio::test(flavor = "multi_thread")]
async fn after_the_window_and_of_an_unresolved_case_there_is_no_verdict() {
    let world = World::new().await;
    let mut staff = world.staff();
    let case = Case::new();
    let gone = world.resolved(&case).await;
    world.send(DISTRICT, case.id, 3, &case.reopened()).await;
    let gone = world.in_state(&gone.id, Cancelled).await;
    let yes = || verdict(true, Satisfaction::Satisfied);
    let refused = staff.record_verdict(judging(&gone, yes())).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "CASE_NOT_RESOLVED"));
    assert_eq!(reason(&staff.record_attempt(attempting(&gone, "")).await.unwrap_err()), "CASE_NOT_RESOLVED");

    let late = world.resolved(&Case::new()).await;
    world.clock.advance(std::time::Duration::from_secs(5 * 24 * 3600));
    let at_once = staff.record_verdict(judging(&late, yes())).await.unwrap_err();
    assert!(["WINDOW_OVER", "STALE_VERSION"].contains(&reason(&at_once).as_str()), "{at_once:?}");
    let late = world.in_state(&late.id, Lapsed).await;
    let refused = staff.record_verdict(judging(&late, yes())).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "WINDOW_OVER"));
    world.stop().await;
}
