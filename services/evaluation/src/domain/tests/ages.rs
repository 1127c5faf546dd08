//! For how long what is overdue has been so.

use chrono::{Days, NaiveDate};
use chrono_tz::Asia::Shanghai;
use huying_terms::{Tier, worktime};
use proptest::prelude::*;

use super::courses::{any_told, at, closed, counted, course, lived, resolved, told};
use crate::domain::figure::{
    Measure,
    age::{Ages, Late},
    course::Course,
    told::{Told, What},
};

/// How many hours it was overdue after so many, and in whose hands.
fn late(course: &Course, hours: i64) -> Option<(i64, &str)> {
    course.late(at(hours)).map(|Late { since, unit }| ((at(hours) - since).num_hours(), unit))
}

fn ages(course: &Course, hours: i64, unit: &str) -> [i64; 6] {
    let mut ages = Ages::default();
    ages.add(course, at(hours), unit);
    ages.0
}

#[test]
fn a_case_ages_from_when_its_time_was_over() {
    let open = course(&[told(What::Opened, 0)]);
    assert_eq!(
        [late(&open, 24), late(&open, 25)],
        [None, Some((1, "community"))],
        "due after a day, not yet late then"
    );
    assert_eq!(ages(&open, 48, ""), [1, 0, 0, 0, 0, 0], "a day to the second is not more than one");
    assert_eq!(ages(&open, 49, ""), [0, 1, 0, 0, 0, 0]);
    let older = [4, 8, 16, 31].map(|days| ages(&open, 24 + 24 * days, ""));
    assert_eq!(older, [[0, 0, 1, 0, 0, 0], [0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 1]]);
    assert_eq!(ages(&open, 49, "street"), [0; 6], "another's");
    assert_eq!(late(&course(&[told(What::SplitOff, 0)]), 49), None, "its whole counts");
}

#[test]
fn it_stays_overdue_from_hand_to_hand_until_it_is_resolved() {
    let street = |told: Told| Told { tier: Tier::Street, holder: "street".into(), ..told };
    let life = course(&[
        told(What::Opened, 0),
        street(told(What::Escalated, 30)),
        street(resolved(100)),
        street(closed(120)),
    ]);
    let seen = [24, 30, 31, 100, 101].map(|hours| late(&life, hours));
    assert_eq!(seen, [None, Some((6, "community")), Some((7, "street")), Some((76, "street")), None]);
}

#[test]
fn more_time_ends_it_and_it_begins_anew() {
    let more = Told { due_at: Some(at(60)), ..told(What::Changed, 40) };
    let life = course(&[told(What::Opened, 0), more]);
    let seen = [40, 41, 60, 62].map(|hours| late(&life, hours));
    assert_eq!(seen, [Some((16, "community")), None, None, Some((2, "community"))]);
}

/// Due after a day: whatever is read by then leaves it out, as does what is read at that instant.
#[test]
fn what_falls_due_later_is_left_out() {
    let open = course(&[told(What::Opened, 0)]);
    let stock = |hours: i64| {
        let all = open.clone().overdue_by(at(hours)).postings(Shanghai);
        all.iter().filter(|it| it.measure == Measure::OverdueOpen).map(|it| it.number).sum::<i64>()
    };
    assert_eq!([stock(23), stock(24), stock(25)], [0, 0, 1]);
}

proptest! {
    /// What is overdue at the end of a day is what the figures of that day say, of each unit.
    #[test]
    fn ages_add_up_to_the_figures(events in prop::collection::vec(any_told(), 0..20), days in 1u64..40) {
        let life = lived(events);
        let first: NaiveDate = "2026-11-23".parse().unwrap();
        let day = first.checked_add_days(Days::new(days)).unwrap();
        let told = counted(&life, ("2026-11-01", &day.to_string()));
        for unit in ["community", "street"] {
            let mut ages = Ages::default();
            ages.add(&life, worktime::begins(Shanghai, day), unit);
            let number = told.get(&(unit.to_owned(), Measure::OverdueOpen)).copied().unwrap_or_default();
            prop_assert_eq!(ages.0.iter().sum::<i64>(), number, "{} {}", unit, day);
        }
    }
}
