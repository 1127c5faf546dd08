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
