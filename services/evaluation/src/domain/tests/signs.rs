//! Early signs: what is one, what is none, and that each is told once.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use crate::domain::{
    figure::{Counts, Measure, Span},
    sign::{
        Seen, SignKind,
        find::{HISTORY, Ledger, MOST, Matter, repeats, rows, signs, tail, unraised},
    },
};

/// A Monday.
fn day() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

fn back(days: u64) -> NaiveDate {
    day() - Days::new(days)
}

fn add(ledger: &mut Ledger, at: (Span, NaiveDate), measure: Measure, number: i64) {
    let mut counts = Counts::default();
    counts.add(measure, number);
    ledger.add(at, &counts);
}

/// So many opened on the day, and on each of the days before what `past` says.
fn opened(number: i64, past: impl Fn(u64) -> i64) -> Ledger {
    let mut ledger = Ledger::default();
    add(&mut ledger, (Span::Day, day()), Measure::Opened, number);
    (1..=HISTORY).for_each(|days| add(&mut ledger, (Span::Day, back(days)), Measure::Opened, past(days)));
    ledger
}

fn stock(open: i64, overdue: i64) -> Ledger {
    let mut ledger = Ledger::default();
    // What there is came in whole months and in days, and some of it has gone.
    add(&mut ledger, (Span::Month, back(60)), Measure::Open, open);
    add(&mut ledger, (Span::Day, back(2)), Measure::Open, 1);
    add(&mut ledger, (Span::Day, day()), Measure::Open, -1);
    add(&mut ledger, (Span::Day, day()), Measure::OverdueOpen, overdue);
    ledger
}

#[test]
fn a_surge_is_many_and_far_more_than_usual() {
    assert_eq!(opened(5, |_| 0).surge(day()), Some((5, 0.0)));
    assert_eq!(opened(4, |_| 0).surge(day()), None, "few");
    assert_eq!(opened(2, |days| i64::from(days == 1)).surge(day()), None, "from one to two");
    assert_eq!(opened(12, |_| 2).surge(day()), Some((12, 2.0)));
    assert_eq!(opened(7, |_| 2).surge(day()), None, "not rare enough: {}", tail(7, 2.0));
    assert_eq!(opened(199, |_| 100).surge(day()), None, "less than twice");
    assert_eq!(opened(200, |_| 100).surge(day()), Some((200, 100.0)));
}

#[test]
fn a_day_as_there_was_one_is_no_surge() {
    let once = |most| move |days| if days == 10 { most } else { 0 };
    assert_eq!(opened(20, once(20)).surge(day()), None);
    assert!(opened(20, once(19)).surge(day()).is_some());
    // A day before the history counts no more.
    let mut ledger = opened(20, |_| 0);
    add(&mut ledger, (Span::Day, back(HISTORY + 1)), Measure::Opened, 20);
    assert!(ledger.surge(day()).is_some());
}

#[test]
fn mondays_are_held_against_mondays() {
    let mondays = |days: u64| if days.is_multiple_of(7) { 20 } else { 0 };
    assert_eq!(opened(35, mondays).surge(day()), None, "twice what is usual on a Monday is 40");
    assert_eq!(opened(45, mondays).surge(day()), Some((45, 20.0)));
    let sundays = |days: u64| if days % 7 == 1 { 20 } else { 0 };
    assert_eq!(opened(35, sundays).surge(day()).map(|it| it.0), Some(35));
}

#[test]
fn poisson_is_as_in_the_tables() {
    for (number, usual, expected) in [(5, 1.0, 0.003_659_8), (10, 3.0, 0.001_102_5), (12, 2.0, 0.000_001_4)] {
        let told = tail(number, usual);
        assert!((told - expected).abs() < 1e-6, "{number} of {usual}: {told}");
    }
    // Where e to the power of it is nothing any more.
    assert!(tail(2_000, 1_000.0) < 1e-100 && tail(2_000, 1_000.0) >= 0.0);
}

#[test]
fn what_piles_up_is_overdue_and_most_of_what_is_open() {
    assert_eq!(stock(10, 5).ageing(), Some((5, 10)));
    assert_eq!(stock(11, 5).ageing(), None, "less than half");
    assert_eq!(stock(4, 4).ageing(), None, "few");
}

fn found(known: bool, ledgers: Vec<Ledger>) -> Vec<Seen> {
    let categories = ledgers.into_iter().enumerate().map(|(n, it)| (format!("{n:04}"), it)).collect();
    let areas = BTreeMap::from([("420102003".to_owned(), categories)]);
    unraised((day(), signs(("420102", day(), known), &areas)), [])
}

#[test]
fn the_first_weeks_have_no_surges() {
    assert!(found(false, vec![opened(50, |_| 0)]).is_empty());
    assert_eq!(found(false, vec![stock(10, 5)]).len(), 1, "what is overdue needs no history");
    let told = found(true, vec![opened(50, |_| 0)]).remove(0);
    assert_eq!(
        (told.kind, told.number, told.usual, &*told.area),
        (SignKind::Surge, 50, Some(0.0), "420102003")
    );

    let since = |at| {
        let mut ledger = Ledger::default();
        add(&mut ledger, at, Measure::Opened, 1);
        ledger.reaches(day())
    };
    assert!(since((Span::Day, back(HISTORY))) && since((Span::Month, back(60))));
    assert!(!since((Span::Day, back(HISTORY - 1))) && !Ledger::default().reaches(day()));
}

#[test]
fn the_largest_are_told_first_and_not_all() {
    let told = found(true, (0..300).map(|n| opened(10 + n, |_| 0)).collect());
    assert_eq!((told.len(), told[0].number, told[MOST - 1].number), (MOST, 309, 210));
    // What piles up is counted in more than what came in a day, and hides no surge.
    let piles = (0..2 * MOST).map(|_| stock(900, 900));
    let both = found(true, piles.chain([opened(50, |_| 0)]).collect());
    assert_eq!((both.len(), both[0].kind), (MOST + 1, SignKind::Surge));
}

/// 250 pile up and last. Monday is looked at twice, as when whoever looked was stopped before it was noted.
#[test]
fn what_lasts_makes_room_for_what_was_not_told_yet() {
    let piles = (0..250).map(|n| (format!("{n:04}"), stock(900 - n, 900 - n))).collect();
    let areas = BTreeMap::from([("420102003".to_owned(), piles)]);
    let (mut raised, mut told) = (Vec::new(), Vec::new());
    for days in [0, 0, 1, 2, 3, 7] {
        let at = day() + Days::new(days);
        let new = unraised((at, signs(("420102", at, false), &areas)), &raised);
        told.push((new.len(), new.first().map(|it| it.number)));
        raised.extend(new);
    }
    let expected: [(usize, Option<i64>); 6] =
        [(100, Some(900)), (0, None), (100, Some(800)), (50, Some(700)), (0, None), (100, Some(900))];
    assert_eq!(told, expected);
}

/// A whole month that the history ends with is read by its days.
#[test]
fn the_days_of_the_history_are_all_read() {
    for (at, first) in
        [("2026-11-23", "2026-10-01"), ("2026-02-28", "2026-01-01"), ("2026-03-01", "2026-02-01")]
    {
        assert_eq!(rows(at.parse().unwrap()).last, first.parse().unwrap());
    }
}

#[test]
fn a_surge_is_told_of_its_day_and_what_piles_up_once_a_week() {
    let key = |kind, day: &str| {
        let it = found(false, vec![stock(10, 5)]).remove(0);
        Seen { kind, day: day.parse().unwrap(), ..it }.key()
    };
    assert_eq!(key(SignKind::Surge, "2026-11-25"), "surge/420102003/0000/2026-11-25");
    assert_eq!(key(SignKind::Ageing, "2026-11-23"), "ageing/420102003/0000/2026-11-23");
    assert_eq!(key(SignKind::Ageing, "2026-11-29"), key(SignKind::Ageing, "2026-11-23"));
    assert_ne!(key(SignKind::Ageing, "2026-11-30"), key(SignKind::Ageing, "2026-11-29"));
}

/// Of the street of the last call, or of the district where that says no more; whoever calls on is told once a week.
#[test]
fn a_matter_that_is_called_about_again_lies_in_a_street() {
    let matter = |area: &str| Matter { request: Uuid::from_u128(8), area: area.into(), calls: 3 };
    let told = |at: &str, area| repeats(("420102", at.parse().unwrap()), vec![matter(area)]).remove(0);
    assert_eq!(told("2026-11-23", "420102003005").area, "420102003");
    assert_eq!(told("2026-11-23", "420102").area, "420102");
    let key = |at: &str| told(at, "420102003005").key();
    assert_eq!(key("2026-11-23"), format!("repeat/{}/2026-11-23", Uuid::from_u128(8)));
    assert_eq!(told("2026-11-29", "420102").key(), key("2026-11-23"));
    assert_ne!(key("2026-11-30"), key("2026-11-23"));
}
