//! The reporter's own verdict, by a link.

use chrono::Duration;
use huying_terms::Solved;
use huying_testing::after;

use super::{CENTRE, alone, monday, pending, somebody, stamp, verdict};
use crate::domain::{
    callback::Callback,
    change::{Cause, Change},
    error::Error,
    state::State,
    verdict::{By, Satisfaction, Verdict},
};

fn linked(it: Callback, hash: &str) -> Callback {
    let decided = it.issue_link(hash.into(), CENTRE, monday()).unwrap();
    decided.changes().iter().fold(it, |it, change| after(Some(it), change, &stamp(monday())).unwrap())
}

fn said() -> Verdict {
    Verdict { by: By::Link, ..verdict(true, Solved::Yes, Satisfaction::VerySatisfied) }
}

fn given(it: Callback, hash: &str) -> Result<Callback, Error> {
    it.takes(hash, monday())?;
    let decided = it.judge(said(), somebody(By::Link, None), alone(monday()))?;
    Ok(decided.changes().iter().fold(it, |it, change| after(Some(it), change, &stamp(monday())).unwrap()))
}

#[test]
fn a_token_is_used_once() {
    let judged = given(linked(pending(), "a"), "a").unwrap();
    assert_eq!((judged.state, judged.verdict.clone()), (State::Passed, Some(said())));
    assert_eq!(given(judged, "a"), Err(Error::TokenUsed));
}

#[test]
fn the_next_link_takes_the_place_of_the_one_before() {
    let twice = linked(linked(pending(), "a"), "b");
    assert_eq!(given(twice.clone(), "a"), Err(Error::UnknownToken));
    assert!(given(twice, "b").is_ok());
    assert_eq!(given(pending(), "a"), Err(Error::UnknownToken));
}

#[test]
fn it_counts_as_long_as_the_window() {
    let linked = linked(pending(), "a");
    let over = monday() + Duration::days(5);
    assert!(linked.takes("a", over - Duration::seconds(1)).is_ok());
    assert_eq!(linked.takes("a", over), Err(Error::TokenExpired));
    let lapsed = after(Some(linked), &Change::Lapsed, &stamp(over)).unwrap();
    assert_eq!(lapsed.takes("a", over), Err(Error::TokenExpired));
}

/// The token is theirs still, and they are told what became of it.
#[test]
fn what_ended_otherwise_says_how() {
    let moved_on = Change::Cancelled { cause: Cause::Reopened };
    let cancelled = after(Some(linked(pending(), "a")), &moved_on, &stamp(monday())).unwrap();
    assert_eq!(given(cancelled, "a"), Err(Error::NotResolved));
    let phoned = linked(pending(), "a");
    let decided = phoned.judge(verdict(true, Solved::Yes, Satisfaction::Satisfied), CENTRE, alone(monday()));
    let phoned = after(Some(phoned), &decided.unwrap().changes()[0], &stamp(monday())).unwrap();
    assert_eq!(given(phoned, "a"), Err(Error::Judged { state: State::Passed }));
}

/// Who worked on it would give the verdict themselves.
#[test]
fn who_worked_on_it_issues_none() {
    let own = somebody(By::FirstContact, Some("community"));
    let refused = Error::OwnWork { unit: "community".into() };
    assert_eq!(pending().issue_link("a".into(), own, monday()), Err(refused));
}
