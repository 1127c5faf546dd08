//! Which days a period has, and which it is compared with.

use chrono::NaiveDate;

use crate::domain::figure::period::Period;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days((from, to): (&str, &str)) -> Period {
    Period { from: day(from), to: day(to) }
}

/// Figures of what is not over are told up to a day.
#[test]
fn a_period_has_no_day_to_come() {
    let until = |span, tomorrow| days(span).until(day(tomorrow));
    let november = ("2026-11-01", "2026-12-01");
    assert_eq!(until(november, "2026-11-24"), days(("2026-11-01", "2026-11-24")));
    assert_eq!(until(november, "2026-12-01"), days(november), "its last day has begun");
    assert_eq!(until(november, "2027-03-01"), days(november), "it is over");
}

/// 环比: whole months stand beside as many months, any other days beside as many days.
#[test]
fn the_time_before_is_as_long() {
    for (span, before) in [
        (("2026-11-01", "2026-12-01"), ("2026-10-01", "2026-11-01")),
        (("2026-03-01", "2026-04-01"), ("2026-02-01", "2026-03-01")),
        (("2026-07-01", "2026-10-01"), ("2026-04-01", "2026-07-01")),
        (("2026-11-01", "2026-11-11"), ("2026-10-22", "2026-11-01")),
        (("2026-11-10", "2026-12-10"), ("2026-10-11", "2026-11-10")),
        (("2026-03-01", "2026-03-02"), ("2026-02-28", "2026-03-01")),
    ] {
        assert_eq!(days(span).before(), Some(days(before)), "{span:?}");
    }
}

/// 环比 of a period that is not over: the same days of the time before, and none that the period has not had itself.
#[test]
fn what_is_not_over_stands_beside_as_much_of_the_time_before() {
    for (span, tomorrow, before) in [
        (("2026-11-01", "2026-12-01"), "2026-11-11", ("2026-10-01", "2026-10-11")),
        (("2026-11-01", "2026-12-01"), "2026-12-01", ("2026-10-01", "2026-11-01")),
        (("2026-11-01", "2026-12-01"), "2027-03-01", ("2026-10-01", "2026-11-01")),
        (("2026-10-01", "2027-01-01"), "2026-11-11", ("2026-07-01", "2026-08-11")),
        (("2026-10-01", "2026-12-01"), "2026-11-01", ("2026-08-01", "2026-09-01")),
        (("2026-03-01", "2026-04-01"), "2026-03-31", ("2026-02-01", "2026-03-01")),
        (("2026-11-10", "2026-12-10"), "2026-11-24", ("2026-10-11", "2026-10-25")),
    ] {
        assert_eq!(days(span).before_until(day(tomorrow)), Some(days(before)), "{span:?} {tomorrow}");
    }
    let later = days(("2026-12-01", "2027-01-01")).before_until(day("2026-11-24")).unwrap();
    assert_eq!((later.from, later.days()), (day("2026-11-01"), 0), "it has not begun");
}

/// 同比: February is February, and no day is lost on the way to or from the 29th.
#[test]
fn a_year_before_has_the_same_days() {
    for (span, last_year) in [
        (("2026-11-01", "2026-12-01"), ("2025-11-01", "2025-12-01")),
        (("2026-11-10", "2026-11-20"), ("2025-11-10", "2025-11-20")),
        (("2028-02-01", "2028-03-01"), ("2027-02-01", "2027-03-01")),
        (("2029-02-01", "2029-03-01"), ("2028-02-01", "2028-03-01")),
        (("2028-02-01", "2028-02-29"), ("2027-02-01", "2027-03-01")),
        (("2028-02-28", "2028-02-29"), ("2027-02-28", "2027-03-01")),
        (("2028-02-29", "2028-03-01"), ("2027-02-28", "2027-03-01")),
        (("2029-02-28", "2029-03-01"), ("2028-02-28", "2028-02-29")),
    ] {
        assert_eq!(days(span).last_year(), Some(days(last_year)), "{span:?}");
    }
}
