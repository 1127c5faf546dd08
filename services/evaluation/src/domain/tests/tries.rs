//! Nobody reached, or nobody who answers: when that ends it.

use chrono::{DateTime, Duration, Utc};
use huying_testing::after;

use super::{CENTRE, alone, monday, pending, settling, somebody, stamp};
use crate::domain::{
    callback::Callback,
    change::{Change, Ended},
    error::Error,
    settle::Judgement,
    state::State,
    verdict::By,
};

/// One more try that reaches nobody.
fn tried(it: Callback, most: u32, at: DateTime<Utc>) -> Callback {
    let decided = it.attempt("no answer".into(), CENTRE, most, alone(at)).unwrap();
    decided.changes().iter().fold(it, |it, change| after(Some(it), change, &stamp(at)).unwrap())
}

#[test]
fn the_last_try_ends_it_as_nobody_reached() {
    let at = |hours| monday() + Duration::hours(hours);
    let second = tried(tried(pending(), 3, at(1)), 3, at(2));
    assert_eq!((second.state, second.tries), (State::Pending, 2));
    let third = tried(second, 3, at(3));
    assert_eq!((third.state, third.tries, third.end_at), (State::Lapsed, 3, Some(at(3))));
    assert_eq!(third.settles, settling(Judgement::Lapsed).settles, "nobody was judged");
}

/// Three calls in a minute reach nobody any better than one.
#[test]
fn calls_within_an_hour_are_one_try() {
    let at = |minutes| monday() + Duration::minutes(minutes);
    let first = tried(pending(), 2, at(0));
    let again = tried(first, 2, at(59));
    assert_eq!((again.state, again.tries), (State::Pending, 1));
    let later = tried(again, 2, at(60));
    assert_eq!((later.state, later.tries), (State::Lapsed, 2));
}

/// The reporter was told until when the link counts.
#[test]
fn with_a_link_only_the_window_ends_it() {
    let linked = pending().issue_link("a".into(), CENTRE, monday()).unwrap();
    let linked = after(Some(pending()), &linked.changes()[0], &stamp(monday())).unwrap();
    let tried = (1..9).fold(linked, |it, hour| tried(it, 2, monday() + Duration::hours(hour)));
    assert_eq!((tried.state, tried.tries), (State::Pending, 8));
}

#[test]
fn without_a_bound_only_the_window_ends_it() {
    let many = (1..30).fold(pending(), |it, hour| tried(it, 0, monday() + Duration::hours(hour)));
    assert_eq!((many.state, many.tries), (State::Pending, 29));
}

#[test]
fn who_will_not_answer_is_asked_no_more_and_is_no_verdict() {
    let decided = pending().refuse("busy".into(), CENTRE, alone(monday())).unwrap();
    let ended = settling(Judgement::Lapsed);
    let expected = Change::Refused { note: "busy".into(), by: By::Centre, ended };
    assert_eq!(decided.changes(), std::slice::from_ref(&expected));
    let refused = after(Some(pending()), &expected, &stamp(monday())).unwrap();
    assert_eq!((refused.state, refused.verdict.clone()), (State::Refused, None));
    assert!(refused.attempt(String::new(), CENTRE, 3, alone(monday())).is_err());
}

/// To run out a callback of one's own work would close the case unjudged.
#[test]
fn who_worked_on_it_must_not_say_that_nobody_was_reached() {
    let own = somebody(By::Centre, Some("parks"));
    let refused = Error::OwnWork { unit: "parks".into() };
    assert_eq!(pending().attempt(String::new(), own, 3, alone(monday())), Err(refused.clone()));
    assert_eq!(pending().refuse(String::new(), own, alone(monday())), Err(refused));
}

#[test]
fn after_the_window_nothing_is_recorded() {
    let over = monday() + Duration::days(5);
    assert_eq!(pending().attempt(String::new(), CENTRE, 3, alone(over)), Err(Error::WindowOver));
    assert_eq!(pending().refuse(String::new(), CENTRE, alone(over)), Err(Error::WindowOver));
    let lapsed = after(Some(pending()), &Change::RanOut(Ended::default()), &stamp(over)).unwrap();
    assert_eq!(lapsed.attempt(String::new(), CENTRE, 3, alone(over)), Err(Error::WindowOver));
}
