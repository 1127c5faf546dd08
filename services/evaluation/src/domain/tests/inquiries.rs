//! Who may do what to an inquiry and when, and what is owed until when.

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::log::{Actor, Aggregate as _, Decided, Stamp};
use uuid::Uuid;

use crate::domain::{
    figure::course::{Course, Overdue},
    inquiry::{
        ANSWER_WITHIN, ANSWERS, Asked, CLAIM_WITHIN, Inquiry, InquiryChange, InquiryError, InquiryState,
        Known,
    },
    inspection::{Found, Inspection, InspectionError},
};

const CASE: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);

fn start() -> DateTime<Utc> {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

fn person(subject: &str) -> Actor {
    Actor { subject: subject.into(), unit: None, name: None }
}

fn asked(cases: &[Uuid]) -> Asked {
    Asked {
        district: "420102".into(),
        area: "420102003".into(),
        unit: "parks".into(),
        cases: cases.to_vec(),
        question: "为何又没人管".into(),
        due_at: DateTime::UNIX_EPOCH,
    }
}

fn open(known: Known<'_>, own: Option<&str>) -> Result<InquiryChange, InquiryError> {
    Inquiry::open(asked(&[CASE, OTHER]), known, own, start())
}

fn opened() -> Inquiry {
    let all = [CASE, OTHER];
    let change = open(Known { there: &all, worked: &all, own: &[] }, None).unwrap();
    let stamp = Stamp { id: Uuid::from_u128(9), at: start(), actor: person("delegate") };
    Inquiry::first(&change, Inquiry::leads_to(None, &change).unwrap(), &stamp).unwrap()
}

/// What somebody did is done.
fn then(
    it: &mut Inquiry,
    by: &str,
    at: DateTime<Utc>,
    decided: Result<Decided<InquiryChange>, InquiryError>,
) {
    for change in decided.unwrap().changes() {
        let state = Inquiry::leads_to(Some(it), &change).unwrap();
        it.apply(&change, state, &Stamp { id: Uuid::from_u128(9), at, actor: person(by) });
    }
}

fn claimed() -> Inquiry {
    let mut it = opened();
    let claim = it.claim("副区长", &person("leader"), start());
    then(&mut it, "leader", start(), claim);
    it
}

fn answered() -> Inquiry {
    let mut it = claimed();
    let answer = it.answer("已整改", &person("leader"));
    then(&mut it, "leader", start(), answer);
    it
}

fn judged(solved: bool, it: &mut Inquiry) {
    let judge = it.judge(solved, "看过", &person("delegate"), start());
    then(it, "delegate", start(), judge);
}

fn refused<T: std::fmt::Debug>(decided: Result<T, InquiryError>) -> InquiryError {
    decided.unwrap_err()
}

#[test]
fn only_what_is_known_and_nobodys_own_is_asked_about() {
    let (all, one) = ([CASE, OTHER], [CASE]);
    let unknown = open(Known { there: &one, worked: &all, own: &[] }, None);
    assert_eq!(refused(unknown), InquiryError::UnknownCases { places: vec![1] });
    let idle = open(Known { there: &all, worked: &one, own: &[] }, None);
    assert_eq!(refused(idle), InquiryError::NotOfCases { unit: "parks".into(), places: vec![1] });
    let known = Known { there: &all, worked: &all, own: &[] };
    assert_eq!(refused(open(known, Some("parks"))), InquiryError::OwnWork);
    assert_eq!(refused(open(Known { own: &one, ..known }, Some("G-1"))), InquiryError::OwnWork);
    assert!(open(known, Some("G-1")).is_ok());
    assert_eq!(opened().due_at, Some(start() + CLAIM_WITHIN));
}

#[test]
fn one_leader_claims_it_and_another_only_what_is_overdue() {
    let it = opened();
    assert_eq!(refused(it.claim("副区长", &person("delegate"), start())), InquiryError::OwnWork);
    let mut it = claimed();
    assert_eq!((it.state, it.due_at), (InquiryState::Claimed, Some(start() + ANSWER_WITHIN)));
    let due = start() + ANSWER_WITHIN;
    for (by, at) in [("leader", start()), ("other", due - TimeDelta::microseconds(1)), ("leader", due)] {
        let again = it.claim("局长", &person(by), at);
        assert_eq!(refused(again), InquiryError::ClaimedAlready, "{by} {at}");
    }
    let over = it.claim("局长", &person("other"), due);
    then(&mut it, "other", due, over);
    assert_eq!(refused(it.answer("已整改", &person("leader"))), InquiryError::NotYours);
    assert!(it.answer("已整改", &person("other")).is_ok());
    assert_eq!(refused(answered().claim("局长", &person("other"), due)), InquiryError::ClaimedAlready);
}

#[test]
fn each_does_their_own_step_in_its_turn() {
    let not_allowed = |state, step| InquiryError::NotAllowed { state, step };
    let unclaimed = opened().answer("已整改", &person("leader"));
    assert_eq!(refused(unclaimed), not_allowed(InquiryState::Open, "answered"));
    let judge = |it: &Inquiry, by: &str| refused(it.judge(true, "好", &person(by), start()));
    assert_eq!(judge(&claimed(), "delegate"), not_allowed(InquiryState::Claimed, "judged"));
    assert_eq!(judge(&answered(), "leader"), InquiryError::OwnWork);
    assert_eq!(judge(&answered(), "another"), InquiryError::NotYours);
    let twice = answered().answer("再答", &person("leader"));
    assert_eq!(refused(twice), not_allowed(InquiryState::Answered, "answered"));

    let withdraw = |it: &Inquiry, by: &str| it.withdraw("问错了", &person(by));
    assert_eq!(refused(withdraw(&opened(), "another")), InquiryError::NotYours);
    assert!(withdraw(&claimed(), "delegate").is_ok());
    assert_eq!(refused(withdraw(&answered(), "delegate")), not_allowed(InquiryState::Answered, "withdrawn"));
    let mut again = answered();
    judged(false, &mut again);
    assert_eq!(refused(withdraw(&again, "delegate")), not_allowed(InquiryState::Claimed, "withdrawn"));
}

#[test]
fn it_ends_solved_or_after_three_answers() {
    let mut it = answered();
    judged(true, &mut it);
    assert_eq!((it.state, it.due_at, it.end_at), (InquiryState::Solved, None, Some(start())));
    let late = it.claim("局长", &person("other"), start());
    assert_eq!(refused(late), InquiryError::NotAllowed { state: InquiryState::Solved, step: "claimed" });
    let again = |it: &Inquiry| refused(it.judge(true, "再看", &person("delegate"), start()));
    assert_eq!(again(&it), InquiryError::NotAllowed { state: InquiryState::Solved, step: "judged" });

    let mut it = answered();
    for _ in 1..ANSWERS {
        judged(false, &mut it);
        assert_eq!((it.state, it.due_at), (InquiryState::Claimed, Some(start() + ANSWER_WITHIN)));
        let answer = it.answer("再整改", &person("leader"));
        then(&mut it, "leader", start(), answer);
    }
    judged(false, &mut it);
    assert_eq!((it.state, it.answers.len()), (InquiryState::Unsolved, ANSWERS));
    assert!(it.end_at.is_some() && it.due_at.is_none());
    assert_eq!(again(&it), InquiryError::NotAllowed { state: InquiryState::Unsolved, step: "judged" });
    assert!(it.answers.iter().all(|answer| answer.judgement.as_ref().is_some_and(|it| !it.solved)));
}

#[test]
fn what_is_overdue_is_told_once_for_each_step() {
    let mut it = opened();
    let due = start() + CLAIM_WITHIN;
    assert_eq!(it.remind(due - TimeDelta::microseconds(1)), Decided::AlreadyDone);
    let told = it.remind(due);
    assert_eq!(told, Decided::one(InquiryChange::Missed { due_at: due }));
    then(&mut it, "evaluation", due, Ok(told));
    assert_eq!((it.state, it.overdue), (InquiryState::Open, true));
    assert_eq!(it.remind(due), Decided::AlreadyDone);
    let claim = it.claim("副区长", &person("leader"), due);
    then(&mut it, "leader", due, claim);
    assert!(!it.overdue, "another step is owed");
    assert_ne!(it.remind(due + ANSWER_WITHIN), Decided::AlreadyDone);
    assert_eq!(answered().remind(due + ANSWER_WITHIN), Decided::AlreadyDone, "nothing is owed");
}

#[test]
fn a_case_is_inspected_once_and_by_nobody_who_worked_on_it() {
    let found = || Found {
        district: "420102".into(),
        area: "420102".into(),
        case: CASE,
        good: false,
        text: "脏".into(),
    };
    assert_eq!(Inspection::record(found(), true, None), Err(InspectionError::OwnWork));
    assert_eq!(Inspection::record(found(), false, Some(OTHER)), Err(InspectionError::InspectedAlready));
    assert!(Inspection::record(found(), false, None).is_ok());
    let (one, two) = (person("one"), person("two"));
    assert_ne!(Inspection::key(CASE, &one), Inspection::key(CASE, &two));
    assert_ne!(Inspection::key(CASE, &one), Inspection::key(OTHER, &one));
}

#[test]
fn a_case_was_late_as_long_as_it_was_overdue_in_all() {
    let hours = |from, to| Overdue {
        from: start() + TimeDelta::hours(from),
        to: start() + TimeDelta::hours(to),
        unit: "parks".into(),
        tier: huying_terms::Tier::Street,
    };
    assert_eq!(course(None).days_late(start()), 0);
    let course = Course { overdue: vec![hours(0, 20), hours(30, 34)], ..course(None) };
    assert_eq!(course.days_late(start() + TimeDelta::days(9)), 1, "a day, and no more");
    let runs = Course { due_at: Some(start()), ..course };
    assert_eq!(runs.days_late(start() + TimeDelta::microseconds(1)), 2, "another one has begun");
    assert_eq!(runs.days_late(start() - TimeDelta::hours(1)), 1, "not yet overdue again");
}

fn course(due_at: Option<DateTime<Utc>>) -> Course {
    let body = serde_json::json!({
        "number": "", "district": "420102", "area": "420102", "category": "01", "tier": "street", "holder": "parks", "first": "parks",
        "attempt": 1, "opened_at": 0, "held_at": 0,
    });
    Course { due_at, ..serde_json::from_value(body).unwrap() }
}
