//! What casework's events cause, and what the timer does.

use std::time::Duration;

use huying_chassis::{
    auth::{CITY, Role},
    bus::CloudEvent,
};
use huying_proto::{
    casework::v1::Outcome,
    common::v1::Solved,
    evaluation::v1::{
        self as pb,
        CallbackState::{Cancelled, Failed, Lapsed, Passed, Pending},
    },
    log::v1::ListDeadLettersRequest,
};
use huying_testing::eventually;
use serde_json::{json, value::to_raw_value};

use crate::support::{Case, DISTRICT, HOLDER, World, applying, judging, monday, profile, time, verdict};

#[tokio::test(flavor = "multi_thread")]
async fn a_resolved_case_gets_one_callback_and_no_profile_loses_none() {
    let world = World::new().await;
    let case = Case::new();
    let callback = world.resolved(&case).await;
    // The same again, as JetStream may send it.
    world.send(DISTRICT, case.id, 2, &case.resolved()).await;
    let other = world.resolved(&Case::new()).await;
    assert_ne!(other.id, callback.id);

    assert_eq!((callback.state(), callback.version, callback.tries), (Pending, 1, 0));
    assert_eq!(
        (callback.unit.as_str(), callback.attempt, callback.requests.clone()),
        (HOLDER, 1, case.requests.clone())
    );
    assert_eq!(callback.case, case.id.to_string());
    assert_eq!(callback.answer, "the car is moved");
    assert_eq!(
        callback.told_solved(),
        Solved::Partly,
        "as the holder said, beside what the reporter will say"
    );
    // No profile is applied: five natural days.
    assert_eq!(callback.resolve_time, time(monday()));
    assert_eq!(callback.due_time, time(monday() + Duration::from_secs(5 * 24 * 3600)));

    let all = pb::ListCallbacksRequest { district: DISTRICT.into(), ..Default::default() };
    assert_eq!(world.staff().list_callbacks(all).await.unwrap().into_inner().callbacks.len(), 2);

    let subject = format!("huying.evaluation.v1.callback_opened.{DISTRICT}");
    let published = eventually("the opening is published", async || {
        let stream = world.bus.jetstream().get_stream("HUYING_EVALUATION").await.ok()?;
        stream.get_last_raw_message_by_subject(&subject).await.ok()
    })
    .await;
    let cloud: CloudEvent = serde_json::from_slice(&published.payload).unwrap();
    assert_eq!((cloud.name.as_str(), cloud.sequence), ("huying.evaluation.v1.CallbackOpened", 1));
    world.assert_log_is_true().await;
    world.stop().await;
}

/// Whoever is to look at a case looks before its reporter is asked.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_to_be_verified_is_asked_about_only_then() {
    let world = World::new().await;
    let case = Case::new();
    world.send(DISTRICT, case.id, 1, &case.opened()).await;
    world.send(DISTRICT, case.id, 2, &case.unverified()).await;
    world.send(DISTRICT, case.id, 3, &case.verified()).await;
    let callback = world.callback_of(&case).await;
    assert_eq!(callback.answer, "the car is moved", "the unverified one said nothing");
    world.stop().await;
}

/// Withdrawing what is done takes nothing back, looked at or not.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_withdrawn_before_anybody_looked_is_asked_about() {
    let world = World::new().await;
    let case = Case::new();
    world.send(DISTRICT, case.id, 1, &case.opened()).await;
    world.send(DISTRICT, case.id, 2, &case.unverified()).await;
    world.send(DISTRICT, case.id, 3, &case.withdrawn_unverified()).await;
    assert_eq!(world.callback_of(&case).await.state(), Pending);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_districts_profile_sets_the_window() {
    let world = World::new().await;
    world.operator(Some(CITY)).apply_profile(applying(profile(DISTRICT), false)).await.unwrap();
    let callback = world.resolved(&Case::new()).await;
    // Two working days from Monday 09:00, Tuesday off: Thursday 09:00.
    assert_eq!(callback.due_time, time(monday() + Duration::from_secs(3 * 24 * 3600)));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reached_until_the_window_ends_lapses_it_once() {
    let world = World::new().await;
    let callback = world.resolved(&Case::new()).await;
    world.clock.advance(Duration::from_secs(5 * 24 * 3600 - 60));
    let mut staff = world.staff();
    let waiting =
        staff.get_callback(pb::GetCallbackRequest { id: callback.id.clone() }).await.unwrap().into_inner();
    assert_eq!(waiting.state(), Pending);
    world.clock.advance(Duration::from_secs(60));
    let lapsed = world.in_state(&callback.id, Lapsed).await;
    assert_eq!(lapsed.version, 2);
    assert!(lapsed.verdict.is_none() && lapsed.end_time.is_some());
    let names: Vec<String> = world.events(&callback.id).await.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["CallbackOpened", "CallbackLapsed"]);
    world.assert_log_is_true().await;
    world.stop().await;
}

/// Holidays are added while somebody is looked for: the window ends as if it had been opened by them, and it lapses once.
#[tokio::test(flavor = "multi_thread")]
async fn a_pending_window_goes_by_a_new_calendar() {
    let world = World::new().await;
    let mut operator = world.operator(Some(CITY));
    operator.apply_profile(applying(profile(DISTRICT), false)).await.unwrap();
    let ended = world.resolved(&Case::new()).await;
    let mut staff = world.staff();
    staff.record_verdict(judging(&ended, verdict(true, pb::Satisfaction::Satisfied))).await.unwrap();
    let before = world.resolved(&Case::new()).await;
    let mut later = profile(DISTRICT);
    let days = ["2026-11-25", "2026-11-26"].map(str::to_owned);
    later.calendar.as_mut().unwrap().holidays.extend(days);
    let would = operator.apply_profile(applying(later.clone(), true)).await.unwrap().into_inner();
    assert_eq!((would.changed, world.in_state(&before.id, Pending).await.version), (0, 1));

    let applied = operator.apply_profile(applying(later.clone(), false)).await.unwrap().into_inner();
    assert_eq!((applied.changed, applied.unfinished), (1, false), "what has ended stays");
    let now = world.in_state(&before.id, Pending).await;
    let seconds = |callback: &pb::Callback| callback.due_time.as_ref().unwrap().seconds;
    assert_eq!(now.version, 2);
    // By its own instant: two work days, and Saturday is one.
    let due: chrono::DateTime<chrono::Utc> = "2026-11-28T01:00:00Z".parse().unwrap();
    assert!(seconds(&before) < seconds(&now), "{before:?} {now:?}");
    assert_eq!(seconds(&now), due.timestamp());
    let again = operator.apply_profile(applying(later, false)).await.unwrap().into_inner();
    assert_eq!(again.changed, 0);

    world.clock.advance(Duration::from_secs(4 * 24 * 3600));
    assert_eq!(world.in_state(&before.id, Pending).await.version, 2, "the old window is over");
    world.clock.advance(Duration::from_secs(24 * 3600));
    assert_eq!(world.in_state(&before.id, Lapsed).await.version, 3);
    let names: Vec<String> = world.events(&before.id).await.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["CallbackOpened", "CallbackRecomputed", "CallbackLapsed"]);
    world.assert_log_is_true().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_moves_on_is_not_asked_about() {
    let world = World::new().await;
    let reopened = Case::new();
    let first = world.resolved(&reopened).await;
    world.send(DISTRICT, reopened.id, 3, &reopened.reopened()).await;
    assert_eq!(world.in_state(&first.id, Cancelled).await.version, 2);
    // The next attempt is asked about anew.
    let again = Case { attempt: 2, first_version: 4, ..reopened };
    let second = world.resolved(&again).await;
    assert_eq!((second.state(), second.attempt), (Pending, 2));
    assert_ne!(second.id, first.id);
    let names: Vec<String> = world.events(&first.id).await.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["CallbackOpened", "CallbackCancelled"]);
    world.assert_log_is_true().await;
    world.stop().await;
}

/// Who takes back what is resolved has had it done: how, is asked all the same, and counts for the unit.
#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_leaves_the_callback_and_it_counts() {
    let world = World::new().await;
    let [judged, unreached] = [Case::new(), Case::new()];
    let (asked, sought) = (world.resolved(&judged).await, world.resolved(&unreached).await);
    for case in [&judged, &unreached] {
        world.send(DISTRICT, case.id, 3, &case.closed(Outcome::Withdrawn)).await;
        // A second attempt, seen, proves that what was sent before has been.
        world.resolved(&Case { attempt: 2, first_version: 4, ..case.clone() }).await;
    }
    assert_eq!(world.in_state(&asked.id, Pending).await.version, 1);
    let said = judging(&asked, verdict(false, pb::Satisfaction::Satisfied));
    assert_eq!(world.staff().record_verdict(said).await.unwrap().into_inner().state(), Failed);
    let day = pb::GetRatesRequest {
        district: DISTRICT.into(),
        from_date: "2026-11-23".into(),
        to_date: "2026-11-24".into(),
        ..Default::default()
    };
    let mut rates = world.rates(Role::Callback, None, Some(DISTRICT));
    let total = rates.get_rates(day).await.unwrap().into_inner().total.unwrap();
    let valid = pb::Count { measure: "valid".into(), number: 1 };
    assert!(total.counts.contains(&valid), "{total:?}");

    world.clock.advance(Duration::from_secs(5 * 24 * 3600));
    assert_eq!(world.in_state(&sought.id, Lapsed).await.version, 2);
    world.assert_log_is_true().await;
    world.stop().await;
}

/// A callback of the attempt after it, seen, proves that the declined one has been heard of.
#[tokio::test(flavor = "multi_thread")]
async fn of_a_declined_case_nobody_is_asked() {
    let world = World::new().await;
    let declined = Case::new();
    world.send(DISTRICT, declined.id, 1, &declined.opened()).await;
    world.send(DISTRICT, declined.id, 2, &declined.declined()).await;
    let again = Case { attempt: 2, first_version: 3, ..declined.clone() };
    world.resolved(&again).await;
    let list = pb::ListCallbacksRequest {
        district: DISTRICT.into(),
        case: declined.id.to_string(),
        ..pb::ListCallbacksRequest::default()
    };
    let callbacks = world.staff().list_callbacks(list).await.unwrap().into_inner().callbacks;
    assert_eq!(callbacks.iter().map(|it| it.attempt).collect::<Vec<_>>(), [2]);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_evaluation_itself_caused_leaves_its_verdict_alone() {
    let world = World::new().await;
    let (good, bad) = (Case::new(), Case::new());
    let (passes, fails) = (world.resolved(&good).await, world.resolved(&bad).await);
    let mut staff = world.staff();
    staff.record_verdict(judging(&passes, verdict(true, pb::Satisfaction::Basically))).await.unwrap();
    staff.record_verdict(judging(&fails, verdict(false, pb::Satisfaction::Satisfied))).await.unwrap();
    world.send(DISTRICT, good.id, 3, &good.closed(Outcome::StruckOff)).await;
    world.send(DISTRICT, bad.id, 3, &bad.reopened()).await;
    // A third attempt, seen, proves that what was sent before has been.
    world.resolved(&Case { attempt: 2, first_version: 4, ..bad.clone() }).await;
    world.resolved(&Case { attempt: 2, first_version: 4, ..good.clone() }).await;
    assert_eq!(world.in_state(&passes.id, Passed).await.version, 2);
    assert_eq!(world.in_state(&fails.id, Failed).await.version, 2);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_let_go_may_hold_words_of_a_newer_casework() {
    let world = World::new().await;
    let case = Case::new();
    let mut opened = case.opened();
    opened.data = to_raw_value(&json!({ "case": { "state": "CASE_STATE_OF_TOMORROW" } })).unwrap();
    world.send(DISTRICT, case.id, 1, &opened).await;
    world.send(DISTRICT, case.id, 2, &case.resolved()).await;
    assert_eq!(world.callback_of(&case).await.state(), Pending);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisonous_event_parks_its_case_and_no_other() {
    let world = World::new().await;
    let poisonous = Case { requests: vec!["not a uuid".into()], ..Case::new() };
    world.send(DISTRICT, poisonous.id, 1, &poisonous.opened()).await;
    world.send(DISTRICT, poisonous.id, 2, &poisonous.resolved()).await;
    world.resolved(&Case::new()).await;
    let mut log = world.log(Role::Operator);
    let letter = eventually("the event is a dead letter", async || {
        let list = log.list_dead_letters(ListDeadLettersRequest::default()).await.ok()?.into_inner();
        list.dead_letters.into_iter().next()
    })
    .await;
    assert_eq!(
        (letter.source.as_str(), letter.aggregate, letter.version),
        ("casework", poisonous.id.to_string(), 2)
    );
    world.stop().await;
}
