//! The request's own rules, without I/O.

use huying_chassis::log::{Actor, Decided, Stamp};
use huying_intake::domain::{
    Error,
    request::{News, Request, Teller, Workers},
    state::{State, Step, next},
};
use huying_testing::{after, golden::instant};
use uuid::Uuid;

use super::golden::{index, submitted};

/// Every state and every step: a change here is a change of the product, and shows in review.
#[test]
fn every_step_in_every_state() {
    let table: String = State::ALL
        .iter()
        .flat_map(|state| Step::ALL.iter().map(move |step| (state, step)))
        .map(|(state, step)| {
            format!(
                "{:<10} {:<9} {}\n",
                state.name(),
                step.name(),
                next(*state, *step).map_or("–", State::name)
            )
        })
        .collect();
    insta::assert_snapshot!(table);
}

/// No state but the withdrawn one is a dead end.
#[test]
fn only_a_withdrawn_request_is_at_its_end() {
    for &state in State::ALL {
        let ways_on =
            Step::ALL.iter().filter(|step| next(state, **step).is_some_and(|after| after != state)).count();
        assert_eq!(ways_on == 0, state == State::Withdrawn, "{state:?}");
    }
}

/// What a request hears of the case that it was merged into and of its own comes in no common order: whatever comes first, what is owed
/// last is answered, and nothing older takes its place.
#[test]
fn a_merged_request_hears_of_two_cases_in_any_order() {
    let (own, other) = (Uuid::from_u128(2), Uuid::from_u128(3));
    let settled = |attempt| News::Settled { answer: format!("第{attempt}次"), attempt };
    let hear = |request: Request, case, news| {
        let changes = match request.hear(&teller(case, ""), news, &index(), instant(0)) {
            Decided::Done(changes) => changes,
            Decided::AlreadyDone => Vec::new(),
        };
        changes.iter().fold(request, |request, change| after(Some(request), change, &stamp()).unwrap())
    };
    let request: Request = after(None, &submitted(), &stamp()).unwrap();
    let request = hear(request, other, settled(1));
    assert_eq!((request.state, request.case), (State::Answering, Some(other)));
    let request = hear(request, own, News::Opened);
    assert_eq!((request.state, request.case), (State::Answering, Some(other)), "it had opened before");
    // Un-merged after the other one was reopened, and resolved by itself: the other one's older news change nothing.
    let request = hear(request, own, settled(2));
    assert_eq!((request.state, request.answer.as_str()), (State::Answering, "第2次"));
    for late in [settled(1), News::Reopened { attempt: 2 }] {
        assert_eq!(hear(request.clone(), other, late), request);
    }
    let request = hear(request, own, News::Reopened { attempt: 3 });
    assert_eq!(request.state, State::Handling);
}

/// Who holds the case that it is on now, in whatever order the two of a merge tell.
#[test]
fn a_merged_request_knows_who_holds_its_case() {
    let (own, other) = (Uuid::from_u128(2), Uuid::from_u128(3));
    let moved = || News::Moved("已上报上一级办理".into());
    let hear = |request: &Request, case, holder, news| match request.hear(
        &teller(case, holder),
        news,
        &index(),
        instant(0),
    ) {
        Decided::Done(changes) => changes
            .iter()
            .fold(request.clone(), |request, change| after(Some(request), change, &stamp()).unwrap()),
        Decided::AlreadyDone => request.clone(),
    };
    let request: Request = after(None, &submitted(), &stamp()).unwrap();
    assert_eq!(request.holder(), None);
    let request = hear(&request, own, "G-1", News::Opened);
    assert_eq!(request.holder(), Some("G-1"));
    assert_eq!(hear(&request, own, "G-1", News::Held), request, "nothing that is new");

    let merged = |request: &Request| hear(request, other, "", News::Moved("并案".into()));
    let in_order = hear(&merged(&hear(&request, own, "C-1", moved())), other, "S-1", News::Held);
    let overtaken = merged(&hear(&hear(&request, other, "S-1", News::Held), own, "C-1", moved()));
    for request in [&in_order, &overtaken] {
        assert_eq!((request.case, request.holder()), (Some(other), Some("S-1")));
        let refused = request.withdraw(String::new(), Some("S-1"), &Workers::default());
        assert_eq!(refused, Err(Error::OwnWork { unit: "S-1".into() }));
        for unit in [Some("C-1"), Some("G-1"), None] {
            assert!(request.withdraw(String::new(), unit, &Workers::default()).is_ok(), "{unit:?}");
            let units = ["C-1", "G-1"].map(str::to_owned).into();
            let had = Workers { units, ..Workers::default() };
            assert_eq!(request.withdraw(String::new(), unit, &had).is_err(), unit.is_some(), "{unit:?}");
            // Nor whoever acted for one of them, whichever they act for now.
            let acted = Workers { acted: ["C-1".to_owned()].into(), ..had };
            let refused = Err(Error::OwnWork { unit: "C-1".into() });
            assert_eq!(request.withdraw(String::new(), unit, &acted), refused, "{unit:?}");
        }
    }
    let apart = hear(&in_order, own, "C-1", News::Moved("已撤销并案，单独办理".into()));
    assert_eq!((apart.holder(), apart.holders.len()), (Some("C-1"), 2));
}

/// Until when its case is to be resolved: what a case that it is on no longer says of that changes nothing.
#[test]
fn a_request_knows_until_when_its_case_is_to_be_resolved() {
    let (own, other) = (Uuid::from_u128(2), Uuid::from_u128(3));
    let until = |case, due: Option<usize>| Teller { due_at: Some(due.map(instant)), ..teller(case, "G-1") };
    let hear =
        |request: &Request, teller: Teller, news| match request.hear(&teller, news, &index(), instant(0)) {
            Decided::Done(changes) => changes
                .iter()
                .fold(request.clone(), |request, change| after(Some(request), change, &stamp()).unwrap()),
            Decided::AlreadyDone => request.clone(),
        };
    let request: Request = after(None, &submitted(), &stamp()).unwrap();
    let opened = hear(&request, until(own, Some(5)), News::Opened);
    assert_eq!(opened.due_at, Some(instant(5)));
    let extended = hear(&opened, until(own, Some(9)), News::Held);
    assert_eq!(extended.due_at, Some(instant(9)), "the clock runs on to another instant");
    assert_eq!(hear(&extended, until(own, Some(9)), News::Held), extended, "nothing that is new");
    let merged = hear(&extended, Teller { due_at: None, ..teller(other, "") }, News::Moved("并案".into()));
    assert_eq!((merged.case, merged.due_at), (Some(other), None), "the merge does not say");
    let joined = hear(&merged, until(other, Some(7)), News::Held);
    assert_eq!(joined.due_at, Some(instant(7)));
    assert_eq!(hear(&joined, until(own, Some(20)), News::Held), joined, "it is on that case no longer");
    let suspended = hear(&joined, until(other, None), News::Moved("挂账".into()));
    assert_eq!(suspended.due_at, None, "its clock stands still");
    let owed = News::Settled { answer: "已办结".into(), attempt: 1 };
    assert_eq!(hear(&joined, until(other, Some(7)), owed).due_at, None, "it is resolved");
}

fn teller(case: Uuid, holder: &str) -> Teller {
    Teller { case, holder: holder.into(), due_at: None, workers: Vec::new(), parties: Vec::new() }
}

pub fn stamp() -> Stamp {
    Stamp { id: Uuid::from_u128(1), at: instant(0), actor: Actor::service("test") }
}
