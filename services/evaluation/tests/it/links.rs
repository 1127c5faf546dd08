//! A link by which the reporter gives the verdict: once, until the window ends, and nothing of it in an event.

use std::time::Duration;

use huying_chassis::auth::{CITY, Role};
use huying_proto::{
    common::v1::Solved,
    evaluation::v1::{self as pb, CallbackBy, CallbackState::Passed, Satisfaction},
};
use huying_testing::{Bearer, reason};
use tonic::Code;
use uuid::Uuid;

use crate::support::{
    Case, Client, DISTRICT, HOLDER, Profiles, World, applying, judging, kept, profile, verdict,
};

pub fn asking(callback: &pb::Callback) -> pb::IssueVerdictLinkRequest {
    let (request_id, id, version) = (Uuid::now_v7().to_string(), callback.id.clone(), callback.version);
    pb::IssueVerdictLinkRequest { request_id, id, version }
}

pub fn giving(token: &str) -> pb::GiveVerdictRequest {
    pb::GiveVerdictRequest {
        request_id: Uuid::now_v7().to_string(),
        token: token.into(),
        verdict: Some(verdict(true, Satisfaction::VerySatisfied)),
    }
}

/// Whoever holds a token, and nothing else.
fn holder(world: &World) -> Client {
    Client::new(world.wire(Bearer(None)))
}

/// A new callback, and the token of its link.
async fn linked(world: &World) -> (pb::Callback, String) {
    let callback = world.resolved(&Case::new()).await;
    let issued = world.staff().issue_verdict_link(asking(&callback)).await.unwrap().into_inner();
    (issued.callback.unwrap(), issued.token)
}

/// Reporters of the district are asked by these from now on.
async fn asked_by(world: &World, by: CallbackBy) {
    let rules = pb::CallbackRules {
        pass_share: 1.0,
        sample_share: 1.0,
        most: 20,
        by: by.into(),
        ..Default::default()
    };
    let part = pb::EvaluationProfile { callbacks: Some(rules), ..profile(DISTRICT) };
    world.operator(Some(CITY)).apply_profile(applying(part, false)).await.unwrap();
}

/// Where the place says that links ask, the centre issues them: no service does by itself.
#[tokio::test(flavor = "multi_thread")]
async fn where_links_ask_the_centre_issues_them() {
    let world = World::new().await;
    asked_by(&world, CallbackBy::Link).await;
    let callback = world.resolved(&Case::new()).await;
    assert_eq!(callback.by(), CallbackBy::Link);
    let mut service = Client::new(world.wire(world.bench.service("edge", Some(CITY))));
    let refused = service.issue_verdict_link(asking(&callback)).await.unwrap_err();
    let told = (refused.code(), reason(&refused));
    assert_eq!(told, (Code::PermissionDenied, "ROLE_NOT_ALLOWED".to_owned()));
    let issued = world.staff().issue_verdict_link(asking(&callback)).await.unwrap().into_inner();
    let given = holder(&world).give_verdict(giving(&issued.token)).await.unwrap().into_inner();
    assert_eq!(given.state(), Passed);
    let judged = world.in_state(&callback.id, Passed).await;
    assert_eq!(judged.verdict, Some(kept(verdict(true, Satisfaction::VerySatisfied), CallbackBy::Link)));
    world.assert_log_is_true().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reporter_says_it_themselves_and_once() {
    let world = World::new().await;
    let (callback, token) = linked(&world).await;
    assert_eq!((token.len(), callback.version), (22, 2));
    assert!(callback.link_time.is_some());
    let given = giving(&token);
    let mut reporter = holder(&world);
    let answer = reporter.give_verdict(given.clone()).await.unwrap().into_inner();
    assert_eq!(answer.state(), Passed);
    let judged = world.in_state(&callback.id, Passed).await;
    assert_eq!(judged.verdict, Some(kept(verdict(true, Satisfaction::VerySatisfied), CallbackBy::Link)));

    let again = reporter.give_verdict(given).await.unwrap().into_inner();
    assert_eq!(again, answer, "the same again is answered again");
    let used = reporter.give_verdict(giving(&token)).await.unwrap_err();
    assert_eq!((used.code(), reason(&used).as_str()), (Code::AlreadyExists, "TOKEN_USED"));
    assert_eq!(world.in_state(&callback.id, Passed).await.version, 3);
    world.assert_log_is_true().await;
    world.stop().await;
}

/// Nor its hash in an event: whoever reads events learns that there is a link.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_told_once_and_kept_nowhere() {
    let world = World::new().await;
    let callback = world.resolved(&Case::new()).await;
    let mut staff = world.staff();
    let asked = asking(&callback);
    let issued = staff.issue_verdict_link(asked.clone()).await.unwrap().into_inner();
    let repeated = staff.issue_verdict_link(asked).await.unwrap().into_inner();
    assert_eq!((repeated.token.as_str(), repeated.callback), ("", issued.callback.clone()));
    let events = world.events(&callback.id).await;
    assert_eq!(events[1].0, "CallbackLinkIssued");
    let hash = huying_evaluation::app::hash(&issued.token);
    let pool = huying_chassis::db::connect(&world.database, 1, "test").await.unwrap();
    let all = "select concat((select string_agg(log::text, '') from log), (select string_agg(callback::text, '') from callback),
                      (select string_agg(command::text, '') from command))";
    let kept: String = sqlx::query_scalar(all).fetch_one(&pool).await.unwrap();
    assert!(kept.contains(&hash) && !kept.contains(&issued.token));
    let told = serde_json::to_string(&events).unwrap();
    assert!(!told.contains(&issued.token) && !told.contains(&hash), "{told}");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_replaced_and_expired_tokens_are_refused_each_with_its_reason() {
    let world = World::new().await;
    let (callback, first) = linked(&world).await;
    let issued = world.staff().issue_verdict_link(asking(&callback)).await.unwrap().into_inner();
    let mut reporter = holder(&world);
    // One that was never given and one that another took the place of look alike.
    for token in [&first, "q3J0cVx2T1m8sZr5YwKfLg", "", "x"] {
        let unknown = reporter.give_verdict(giving(token)).await.unwrap_err();
        let told = (unknown.code(), reason(&unknown), unknown.message().to_owned());
        let words = "there is no callback with this token".to_owned();
        assert_eq!(told, (Code::NotFound, "NOT_FOUND".to_owned(), words));
    }
    world.clock.advance(Duration::from_secs(5 * 24 * 3600));
    let expired = reporter.give_verdict(giving(&issued.token)).await.unwrap_err();
    assert_eq!((expired.code(), reason(&expired).as_str()), (Code::FailedPrecondition, "TOKEN_EXPIRED"));
    let late = world.staff().issue_verdict_link(asking(&issued.callback.unwrap())).await.unwrap_err();
    assert!(["WINDOW_OVER", "STALE_VERSION"].contains(&reason(&late).as_str()), "{late:?}");
    world.stop().await;
}

/// Whoever shows the page of a link learns what to ask, and nothing of the callback.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_is_told_by_district_and_by_token() {
    let world = World::new().await;
    let coded = |code: &str, text: &str| pb::CallbackReason { code: code.into(), text: text.into() };
    let options = vec![coded("day", "当天"), coded("later", "更晚")];
    let rules = pb::CallbackRules {
        pass_share: 1.0,
        sample_share: 1.0,
        most: 20,
        by: pb::CallbackBy::Link.into(),
        reasons: vec![coded("slow", "办得太慢")],
        questions: vec![pb::CallbackQuestion {
            code: "came".into(), text: "多久来的？".into(), options
        }],
        ..Default::default()
    };
    let part = pb::EvaluationProfile { callbacks: Some(rules.clone()), ..profile(DISTRICT) };
    world.operator(Some(CITY)).apply_profile(applying(part, false)).await.unwrap();
    let (_, token) = linked(&world).await;
    let mut asked = Profiles::new(world.wire(Bearer(None)));
    for (district, token) in [(DISTRICT, ""), ("", &*token)] {
        let request = pb::GetQuestionsRequest { district: district.into(), token: token.into() };
        let told = asked.get_questions(request).await.unwrap().into_inner();
        let expected = pb::GetQuestionsResponse {
            district: DISTRICT.into(),
            reasons: rules.reasons.clone(),
            questions: rules.questions.clone(),
        };
        assert_eq!(told, expected);
    }
    let ask = |district: &str, token: &str| pb::GetQuestionsRequest {
        district: district.into(),
        token: token.into(),
    };
    for (request, why) in [
        (ask("", "q3J0cVx2T1m8sZr5YwKfLg"), "NOT_FOUND"),
        (ask("", ""), "BAD_FIELD"),
        (ask(DISTRICT, &token), "BAD_FIELD"),
        (ask("x", ""), "BAD_FIELD"),
    ] {
        assert_eq!(reason(&asked.get_questions(request).await.unwrap_err()), why);
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_says_nothing_that_its_holder_did_not_say() {
    let world = World::new().await;
    let (_, token) = linked(&world).await;
    let mut reporter = holder(&world);
    let empty = reporter.give_verdict(pb::GiveVerdictRequest::default()).await.unwrap_err();
    assert_eq!((empty.code(), reason(&empty).as_str()), (Code::InvalidArgument, "BAD_FIELD"));
    let reasons = vec![pb::VerdictReason { code: "nobody_knows".into(), text: "写什么都行".into() }];
    let made_up = pb::Verdict { reasons, ..verdict(true, Satisfaction::Satisfied) };
    let made_up = pb::GiveVerdictRequest { verdict: Some(made_up), ..giving(&token) };
    assert_eq!(reason(&reporter.give_verdict(made_up).await.unwrap_err()), "BAD_FIELD");
    let half = pb::Verdict { how_solved: Solved::Partly.into(), ..verdict(true, Satisfaction::Satisfied) };
    let half = pb::GiveVerdictRequest { verdict: Some(half), ..giving(&token) };
    let given = reporter.give_verdict(half).await.unwrap().into_inner();
    assert_eq!(given.state(), pb::CallbackState::Failed, "a half is no whole");
    world.stop().await;
}

/// Who worked on it would send the link to themselves; and what has ended needs none.
#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_judge_issues_no_link() {
    let world = World::new().await;
    let callback = world.resolved(&Case::new()).await;
    for role in [Role::Leader, Role::Officer] {
        let mut own = world.client(role, Some(HOLDER), Some(DISTRICT));
        let refused = own.issue_verdict_link(asking(&callback)).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, "OWN_WORK"));
    }
    let mut staff = world.staff();
    let said = judging(&callback, verdict(true, Satisfaction::Satisfied));
    let judged = staff.record_verdict(said).await.unwrap().into_inner();
    let refused = staff.issue_verdict_link(asking(&judged)).await.unwrap_err();
    assert_eq!(reason(&refused), "STEP_NOT_ALLOWED");
    world.stop().await;
}
