//! What a case would have counted as, had other times held.

use chrono::Duration;
use huying_terms::{Calendar, Limit, LimitKind, Tier};

use super::monday;
use crate::domain::figure::{
    Measure,
    course::{Course, Told, What},
    trial::Trial,
};

fn told(what: What, days: i64) -> Told {
    Told {
        what,
        at: monday() + Duration::days(days),
        number: "JA-1".into(),
        district: "420102".into(),
        area: "420102003005".into(),
        category: "0101".into(),
        tier: Tier::Community,
        holder: "community".into(),
        attempt: 1,
        opened_at: monday(),
        // Ten days as it was.
        due_at: matches!(what, What::Opened).then(|| monday() + Duration::days(10)),
        respond_by: None,
        to_be_verified: false,
        request: None,
        withdrawn: false,
    }
}

fn course(what: &[(What, i64)]) -> Course {
    let mut course = Course::begin(&told(What::Opened, 0));
    what.iter().for_each(|(what, days)| course.take(&told(*what, *days)));
    course
}

fn trial(category: &str, days: u32) -> Trial {
    let limit = Limit::new(LimitKind::NaturalDay, days).unwrap();
    Trial { calendar: Calendar::default(), limits: [(category.to_owned(), limit)].into() }
}

/// How many of late, on time, and overdue at the end of the day so many days on.
fn counts(course: &Course, days: i64) -> [i64; 3] {
    let until = (monday() + Duration::days(days)).date_naive();
    let postings = course.postings(Calendar::default().zone);
    let sum = |measure, until: Option<_>| {
        let wanted =
            postings.iter().filter(|it| it.measure == measure && until.is_none_or(|until| it.day <= until));
        wanted.map(|it| it.number).sum::<i64>()
    };
    [sum(Measure::ResolvedLate, None), sum(Measure::OnTime, None), sum(Measure::OverdueOpen, Some(until))]
}

#[test]
fn a_shorter_time_makes_it_late_and_a_longer_one_not() {
    let settled = course(&[(What::Resolved, 5), (What::Closed, 6)]);
    assert_eq!(counts(&settled, 4), [0, 1, 0]);
    assert_eq!(counts(&trial("01", 3).of(&settled), 4), [1, 0, 1], "overdue from the third day to the fifth");
    assert_eq!(counts(&trial("01", 3).of(&settled), 5), [1, 0, 0]);
    let late = course(&[(What::Resolved, 12), (What::Closed, 13)]);
    assert_eq!(counts(&late, 11), [1, 0, 1]);
    assert_eq!(counts(&trial("", 20).of(&late), 11), [0, 1, 0]);
}

#[test]
fn what_no_limit_fits_is_as_it_was_and_the_longest_that_fits_counts() {
    let settled = course(&[(What::Resolved, 5), (What::Closed, 6)]);
    assert_eq!(trial("02", 3).of(&settled), settled);
    let mut two = trial("01", 3);
    two.limits.extend(trial("0101", 7).limits);
    assert_eq!(counts(&two.of(&settled), 4), [0, 1, 0]);
}

#[test]
fn what_is_open_is_overdue_from_then_on() {
    let open = course(&[(What::Accepted, 1)]);
    assert_eq!(counts(&trial("01", 3).of(&open), 4), [0, 0, 1]);
    assert_eq!(counts(&trial("01", 30).of(&open), 12), [0, 0, 0]);
}

/// Another attempt had its own time, which no trial knows.
#[test]
fn what_came_after_the_first_resolution_stays() {
    let again = course(&[(What::Resolved, 5), (What::Reopened, 6), (What::Resolved, 7), (What::Closed, 8)]);
    let tried = trial("01", 30).of(&again);
    assert_eq!(counts(&tried, 9), counts(&again, 9));
    assert_eq!(counts(&trial("01", 3).of(&again), 9), [1, 0, 0]);
}
