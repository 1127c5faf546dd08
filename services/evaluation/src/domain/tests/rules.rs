//! What a place asks, by whom, and what may be answered.

use huying_terms::Solved;
use huying_testing::after;

use super::{alone, monday, resolved, somebody, stamp, verdict};
use crate::domain::{
    callback::Callback,
    error::Error,
    profile::EvaluationProfile,
    rules::{CallbackRules, Question, Said, Unlisted},
    verdict::{Answer, By, Reason, Satisfaction},
};

fn coded(code: &str, text: &str) -> Reason {
    Reason { code: code.into(), text: text.into() }
}

fn question(code: &str, options: &[&str]) -> Question {
    let options = options.iter().map(|code| coded(code, "text")).collect();
    Question { code: code.into(), text: "问".into(), options }
}

fn rules() -> CallbackRules {
    CallbackRules {
        reasons: vec![coded("slow", "太慢"), coded("rude", "态度差")],
        questions: vec![question("came", &[]), question("when", &["day", "night"])],
        ..CallbackRules::default()
    }
}

fn said(reasons: &[&str], answers: &[(&str, &str)]) -> Said {
    let answer =
        |(question, answer): &(&str, &str)| Answer { question: (*question).into(), answer: (*answer).into() };
    Said {
        contacted: true,
        told: Some(true),
        solved: Solved::Partly,
        satisfaction: Satisfaction::Unsatisfied,
        reasons: reasons.iter().map(|code| (*code).to_owned()).collect(),
        answers: answers.iter().map(answer).collect(),
        comment: "x".into(),
    }
}

#[test]
fn a_reason_is_kept_with_its_words_of_the_day() {
    let verdict = rules().read(&said(&["rude"], &[("came", "no"), ("when", "day")]), By::Link).unwrap();
    assert_eq!(verdict.reasons, [coded("rude", "态度差")]);
    assert_eq!((verdict.answers.len(), verdict.by, verdict.told), (2, By::Link, Some(true)));
}

#[test]
fn what_the_place_does_not_have_is_named() {
    for (reasons, answers, field) in [
        (&["slow", "late"][..], &[][..], "verdict.reasons[1].code"),
        (&[], &[("why", "yes")], "verdict.answers[0].question"),
        (&[], &[("came", "yes"), ("when", "yes")], "verdict.answers[1].answer"),
        (&[], &[("came", "day")], "verdict.answers[0].answer"),
    ] {
        let refused = rules().read(&said(reasons, answers), By::Centre);
        assert_eq!(refused, Err(Unlisted { field: field.into() }));
    }
}

#[test]
fn everything_wrong_with_them_is_said_by_its_key() {
    let mut profile = EvaluationProfile::default_of("420102");
    profile.callbacks = CallbackRules {
        pass_share: 1.1,
        sample_share: 0.0,
        most: 0,
        tries: 21,
        by: By::Platform,
        reasons: vec![coded("slow", "太慢"), coded("slow", "慢")],
        questions: vec![question("a b", &[]), question("when", &[])],
    };
    let said: Vec<String> =
        profile.check().into_iter().map(|(field, what)| format!("{field} {what}")).collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    callbacks.pass_share must be from 0 to 1
    callbacks.sample_share must be above 0, and at most 1
    callbacks.most must be from 1 to 200
    callbacks.tries must be from 0 to 20
    callbacks.by must be centre, first contact or link
    callbacks.reasons must have each code once, and has slow twice
    callbacks.questions must have codes of 1 to 32 letters, digits, '_', '.', ':' or '-', not "a b"
    "#);
    profile.callbacks = CallbackRules { pass_share: f64::NAN, sample_share: f64::NAN, ..rules() };
    assert_eq!(profile.check().len(), 2);
    profile.callbacks = CallbackRules { pass_share: 0.0, tries: 0, sample_share: 0.01, ..rules() };
    assert!(profile.check().is_empty());
    profile.callbacks.questions.push(question("where", &["here", "here"]));
    assert_eq!(profile.check()[0].0, "callbacks.questions");
}

/// The first contact asks where the place lets it, and never about its own work.
#[test]
fn who_asks_is_the_places_to_say() {
    let first = |unit| somebody(By::FirstContact, Some(unit));
    let yes = || verdict(true, Solved::Yes, Satisfaction::Satisfied);
    let of = |by| {
        let mut profile = EvaluationProfile::default_of("420102");
        profile.callbacks.by = by;
        let opened = Callback::open(&resolved(), &profile, false);
        after::<Callback>(None, &opened[0], &stamp(monday())).unwrap()
    };
    let theirs = of(By::FirstContact);
    assert!(theirs.judge(yes(), first("hotline"), alone(monday())).is_ok());
    let own = Err(Error::OwnWork { unit: "community".into() });
    assert_eq!(theirs.judge(yes(), first("community"), alone(monday())), own);
    for by in [By::Centre, By::Link] {
        assert_eq!(of(by).judge(yes(), first("hotline"), alone(monday())), Err(Error::NotAsking));
    }
    let platform = somebody(By::Platform, None);
    assert!(of(By::Centre).judge(yes(), platform, alone(monday())).is_ok());
}
