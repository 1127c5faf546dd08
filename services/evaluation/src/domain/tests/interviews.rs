//! Interviews: recorded once, by whom they were handed out to, and never by whoever had part in the case.

use huying_chassis::log::Aggregate as _;
use huying_terms::Solved;
use huying_testing::after;
use uuid::Uuid;

use super::{monday, party, stamp};
use crate::domain::{
    interview::{Drawn, Interview, InterviewChange, InterviewState, Interviewer, Outcome, Recorded},
    round::{RoundError, share::share},
    verdict::{Satisfaction, Verdict},
};

pub fn drawn(with: impl FnOnce(&mut Drawn)) -> Interview {
    let mut it = Drawn {
        round: Uuid::from_u128(5),
        district: "420102".into(),
        callback: Uuid::from_u128(6),
        case: Uuid::from_u128(7),
        number: "JA-20261123-000001".into(),
        attempt: 1,
        area: "420102003005".into(),
        unit: "community".into(),
        worked: vec!["parks".into()],
        parties: ["community", "grid", "parks"].map(party).into(),
        stratum: "community".into(),
        place: 1,
        reserve: false,
    };
    with(&mut it);
    after(None, &InterviewChange::Drawn(Box::new(it)), &stamp(monday())).unwrap()
}

pub fn interviewer(unit: &str, subject: &str) -> Interviewer {
    Interviewer { unit: unit.into(), subject: subject.into() }
}

pub fn yes(satisfied: bool) -> Verdict {
    let satisfaction = if satisfied { Satisfaction::Basically } else { Satisfaction::Unsatisfied };
    super::verdict(true, if satisfied { Solved::Yes } else { Solved::No }, satisfaction)
}

fn said() -> Recorded {
    Recorded { outcome: Outcome::Answered(yes(true)), note: String::new(), replaced_by: None }
}

fn happened(interview: Interview, changes: Vec<InterviewChange>) -> Interview {
    changes.into_iter().fold(interview, |it, change| after(Some(it), &change, &stamp(monday())).unwrap())
}

#[test]
fn it_is_recorded_once() {
    let waiting = drawn(|_| {});
    let recorded =
        happened(waiting.clone(), waiting.record(said(), ("a", Some("callbacks"))).unwrap().changes());
    assert_eq!((recorded.state, recorded.verdict.clone()), (InterviewState::Answered, Some(yes(true))));
    assert_eq!(recorded.recorded_at, Some(monday()));
    let twice = recorded.record(said(), ("a", Some("callbacks")));
    assert_eq!(twice, Err(RoundError::NotAllowed { state: InterviewState::Answered, step: "recorded" }));
    let late = recorded.hand_out(interviewer("callbacks", ""));
    assert!(matches!(late, Err(RoundError::NotAllowed { .. })));
}

#[test]
fn whoever_worked_on_the_case_does_not_ask() {
    let waiting = drawn(|_| {});
    for unit in ["community", "parks", "grid"] {
        let refused = Err(RoundError::OwnWork { unit: unit.into() });
        assert_eq!(waiting.record(said(), ("a", Some(unit))), refused);
        let moved = format!("officer of {unit}");
        assert_eq!(waiting.record(said(), (&moved, Some("callbacks"))), refused);
        let given = share(&[(Uuid::nil(), &waiting)], |_, _| true, &[interviewer("callbacks", &moved)]);
        assert_eq!((given.given.len(), given.left), (0, 1));
    }
    assert!(waiting.record(said(), ("a", None)).is_ok());
}

#[test]
fn it_is_for_whom_it_was_handed_out_to() {
    let waiting = drawn(|_| {});
    let of_unit =
        happened(waiting.clone(), waiting.hand_out(interviewer("callbacks", "")).unwrap().changes());
    assert_eq!(of_unit.hand_out(interviewer("callbacks", "")).unwrap().changes(), []);
    assert!(of_unit.record(said(), ("anybody", Some("callbacks"))).is_ok());
    let elsewhere = of_unit.record(said(), ("anybody", Some("desk")));
    assert_eq!(elsewhere, Err(RoundError::HandedToAnother));
    let of_person =
        happened(of_unit.clone(), of_unit.hand_out(interviewer("callbacks", "wang")).unwrap().changes());
    assert!(of_person.record(said(), ("wang", None)).is_ok());
    assert_eq!(of_person.record(said(), ("li", Some("callbacks"))), Err(RoundError::HandedToAnother));
}

#[test]
fn one_of_the_reserve_waits_for_somebody_to_fail() {
    let reserve = drawn(|it| (it.reserve, it.worked) = (true, vec!["water".into()]));
    assert_eq!(reserve.state, InterviewState::Reserve);
    assert!(reserve.record(said(), ("a", None)).is_err() && reserve.hand_out(interviewer("a", "")).is_err());
    let first = Uuid::from_u128(1);
    let mut failed = drawn(|_| {});
    for (who, gets) in [
        (interviewer("callbacks", "wang"), Some(interviewer("callbacks", "wang"))),
        (interviewer("water", ""), None),
    ] {
        failed.interviewer = Some(who);
        let called = happened(reserve.clone(), reserve.call_up(first, &failed).unwrap().changes());
        assert_eq!((called.state, called.replaces), (InterviewState::Waiting, Some(first)));
        assert_eq!(called.interviewer, gets, "unless they worked on this one");
    }
    assert!(failed.call_up(first, &reserve).is_err(), "only from the reserve");
}

/// Each change where it may be, and nowhere else.
#[test]
fn states_and_changes() {
    let change = |outcome| {
        InterviewChange::Recorded(Box::new(Recorded { outcome, note: String::new(), replaced_by: None }))
    };
    let changes = [
        InterviewChange::Drawn(Box::new(drawn(|_| {}).drawn)),
        InterviewChange::CalledUp { replaces: Uuid::from_u128(1), interviewer: None },
        InterviewChange::HandedOut { interviewer: interviewer("a", "") },
        change(Outcome::Answered(yes(true))),
        change(Outcome::Refused),
        change(Outcome::Unreachable),
    ];
    let mut table = Vec::new();
    for state in InterviewState::ALL {
        let it = Interview { state: *state, ..drawn(|_| {}) };
        let leads = changes.iter().map(|change| Interview::leads_to(Some(&it), change));
        let leads: Vec<&str> = leads.map(|to| to.map_or("–", InterviewState::name)).collect();
        table.push(format!("{}: {}", state.name(), leads.join(" ")));
    }
    assert_eq!(
        table,
        [
            "reserve: – waiting – – – –",
            "waiting: – – waiting answered refused unreachable",
            "answered: – – – – – –",
            "refused: – – – – – –",
            "unreachable: – – – – – –",
        ]
    );
    let begins = changes.iter().map(|change| Interview::leads_to(None, change).is_some());
    assert_eq!(begins.collect::<Vec<_>>(), [true, false, false, false, false, false]);
}
