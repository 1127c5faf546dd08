//! What the tests stand on: 2026 as the State Council announced it, and instants told in local time.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use huying_terms::{Calendar, Limit, LimitKind, Tz};

/// First and last day off.
const HOLIDAYS: [(&str, &str); 7] = [
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
];

const MAKEUP: [&str; 6] =
    ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"];

pub fn china_2026() -> Calendar {
    let mut calendar = Calendar::default();
    for (first, last) in HOLIDAYS {
        let days = date(first).iter_days().take_while(|day| *day <= date(last));
        calendar.holidays.extend(days);
    }
    calendar.makeup.extend(MAKEUP.map(date));
    calendar.check().unwrap();
    calendar
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant by the wall in China: `2026-02-14 16:30`.
pub fn at(text: &str) -> DateTime<Utc> {
    at_in(Tz::Asia__Shanghai, text)
}

pub fn at_in(zone: Tz, text: &str) -> DateTime<Utc> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    zone.from_local_datetime(&local).single().unwrap().with_timezone(&Utc)
}

pub fn limit(kind: LimitKind, amount: u32) -> Limit {
    Limit::new(kind, amount).unwrap()
}
