//! A place's calendar: when its people work.
//!
//! It comes from the profile; whoever takes one in calls [`Calendar::check`] once. Holidays and make-up
//! working days (调休) are announced year by year. A year is entered when it has its seven festivals; in one
//! that is not, the statutory days whose date is fixed are off all the same: 1 January, 1 and 2 May, 1 to 3 October.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Duration, NaiveDate, NaiveTime, Timelike, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// How the end of a day is written as the end of hours; [`Span`] keeps it as 00:00.
const END_OF_DAY: &str = "24:00";
/// How far ahead the holidays of a year are missed, in days: further than a limit of fifteen work days runs with what is usually
/// added to it, and about when a year's holidays have been announced.
const REACH: Days = Days::new(60);

/// A month and a day.
type MonthDay = (u32, u32);
/// The days off whose date is fixed, from and to, by the State Council's rules of 2025 (全国年节及纪念日放假办法).
const FIXED: [(MonthDay, MonthDay); 3] = [((1, 1), (1, 1)), ((5, 1), (5, 2)), ((10, 1), (10, 3))];
/// The festivals of a year, and where each can lie: a holiday there stands for it. Those of the moon move by a month. The
/// Mid-Autumn Festival may fall into the week of National Day, which is the 1st to the 7th and then lasts until the 8th.
const FESTIVALS: [(&str, &[(MonthDay, MonthDay)]); 7] = [
    ("元旦", &[((1, 1), (1, 1))]),
    ("春节", &[((1, 21), (2, 21))]),
    ("清明节", &[((4, 4), (4, 6))]),
    ("劳动节", &[((5, 1), (5, 1))]),
    ("端午节", &[((5, 27), (6, 26))]),
    ("中秋节", &[((9, 7), (9, 30)), ((10, 8), (10, 8))]),
    ("国庆节", &[((10, 1), (10, 1))]),
];

/// How a time of day is.
const MINUTE: &str = "%H:%M";

/// Working hours of one day, `from` inclusive, `to` exclusive. A `to` of 00:00 is the day's end,
/// so 00:00–00:00 is a duty that never rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub from: NaiveTime,
    pub to: NaiveTime,
}

impl Span {
    pub fn new(from: NaiveTime, to: NaiveTime) -> Span {
        Span { from, to }
    }

    /// Hours as people write them: `08:30`, with two digits each. `24:00` is the day's end, and no beginning.
    pub fn parse(from: &str, to: &str) -> Option<Span> {
        Some(Span { from: time_of_day(from)?, to: end_of_hours(to)? })
    }

    /// As [`Span::parse`] reads it.
    pub fn written(&self) -> [String; 2] {
        [minute(self.from), if self.ends_with_day() { END_OF_DAY.to_owned() } else { minute(self.to) }]
    }

    /// Whether it lasts until the end of the day.
    pub fn ends_with_day(&self) -> bool {
        self.to == NaiveTime::MIN
    }

    /// Its length by the clock on the wall.
    pub fn length(&self) -> Duration {
        let length = self.to - self.from;
        if self.ends_with_day() { length + Duration::hours(24) } else { length }
    }
}

/// A time such as `08:30`.
pub fn time_of_day(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, MINUTE).ok().filter(|time| minute(*time) == text)
}

/// The same, or `24:00`: when hours end.
pub fn end_of_hours(text: &str) -> Option<NaiveTime> {
    if text == END_OF_DAY { Some(NaiveTime::MIN) } else { time_of_day(text) }
}

/// A day such as `2026-10-01`.
pub fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| day.to_string() == text)
}

// Read this way, a time has other spellings too, such as 8:30; only the one it is written in counts.
fn minute(time: NaiveTime) -> String {
    time.format(MINUTE).to_string()
}

/// When a place works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// The zone its days and hours are told in, by name: `Asia/Shanghai`.
    #[serde(with = "zone")]
    pub zone: Tz,
    /// The hours of every working day, in order.
    #[serde(default = "default_hours")]
    pub hours: Vec<Span>,
    /// Days off, whatever the weekday.
    #[serde(default)]
    pub holidays: BTreeSet<NaiveDate>,
    /// Working days on a weekend, which make up for a holiday.
    #[serde(default)]
    pub makeup: BTreeSet<NaiveDate>,
    /// The weekdays that are off.
    #[serde(default = "default_weekend")]
    pub weekend: Vec<Weekday>,
}

/// Why a calendar cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    #[error("a working day needs hours")]
    NoHours,
    #[error("working hours are told in whole minutes, not {at}")]
    NotMinutes { at: NaiveTime },
    #[error("the working hours from {from} end before they begin, or at once")]
    EmptySpan { from: NaiveTime },
    #[error("the working hours from {from} begin before the ones before them end")]
    Overlap { from: NaiveTime },
    #[error("at least one weekday is worked")]
    NoWorkingDay,
    #[error("{date} is both a holiday and a make-up working day")]
    Both { date: NaiveDate },
    #[error("{date} is no weekend: it cannot be a make-up working day")]
    MakeupOnWeekday { date: NaiveDate },
}

impl Calendar {
    /// The usual week in a zone: Monday to Friday, 08:30–12:00 and 14:00–17:30, no holidays yet.
    pub fn new(zone: Tz) -> Calendar {
        Calendar {
            zone,
            hours: default_hours(),
            holidays: BTreeSet::new(),
            makeup: BTreeSet::new(),
            weekend: default_weekend(),
        }
    }

    /// Whether the parts make sense together. The arithmetic never fails on a calendar that was not
    /// checked, but its answers mean something only for one that was.
    pub fn check(&self) -> Result<(), CalendarError> {
        self.check_hours()?;
        let week = [0_u8, 1, 2, 3, 4, 5, 6].map(Weekday::try_from);
        if week.iter().flatten().all(|day| self.weekend.contains(day)) {
            return Err(CalendarError::NoWorkingDay);
        }
        if let Some(&date) = self.makeup.intersection(&self.holidays).next() {
            return Err(CalendarError::Both { date });
        }
        match self.makeup.iter().find(|date| !self.is_weekend(**date)) {
            Some(&date) => Err(CalendarError::MakeupOnWeekday { date }),
            None => Ok(()),
        }
    }

    /// Whether people work on that day of the place's own calendar.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.makeup.contains(&date)
            || !(self.is_weekend(date) || self.holidays.contains(&date) || self.is_off_by_law(date))
    }

    /// The festivals of a year that no holiday stands for; none when the year is entered.
    pub fn festivals_missing(&self, year: i32) -> Vec<&'static str> {
        let missing = FESTIVALS.iter().filter(|(_, windows)| !self.has_holiday(year, windows));
        missing.map(|(name, _)| *name).collect()
    }

    /// The years that are not entered, of those that clocks running today reach: this one and, in its last two months, the next.
    pub fn years_missing(&self, today: NaiveDate) -> Vec<i32> {
        let last = today.checked_add_days(REACH).unwrap_or(today).year();
        (today.year()..=last).filter(|year| !self.festivals_missing(*year).is_empty()).collect()
    }

    /// How much working time one working day has.
    pub fn daily(&self) -> Duration {
        self.hours.iter().map(Span::length).sum()
    }

    fn is_weekend(&self, date: NaiveDate) -> bool {
        self.weekend.contains(&date.weekday())
    }

    /// Whether it is a fixed day off that nobody needs to enter, in a year that is not entered.
    fn is_off_by_law(&self, date: NaiveDate) -> bool {
        let day = (date.month(), date.day());
        FIXED.iter().any(|(from, to)| (from..=to).contains(&&day))
            && !self.festivals_missing(date.year()).is_empty()
    }

    fn has_holiday(&self, year: i32, windows: &[(MonthDay, MonthDay)]) -> bool {
        let date = |(month, day): MonthDay| NaiveDate::from_ymd_opt(year, month, day);
        windows.iter().any(|(from, to)| match (date(*from), date(*to)) {
            (Some(from), Some(to)) => self.holidays.range(from..=to).next().is_some(),
            _ => false,
        })
    }

    fn check_hours(&self) -> Result<(), CalendarError> {
        if self.hours.is_empty() {
            return Err(CalendarError::NoHours);
        }
        let mut before: Option<&Span> = None;
        for span in &self.hours {
            let broken = |at: &NaiveTime| at.second() != 0 || at.nanosecond() != 0;
            if let Some(at) = [span.from, span.to].into_iter().find(broken) {
                return Err(CalendarError::NotMinutes { at });
            }
            if span.length() <= Duration::zero() {
                return Err(CalendarError::EmptySpan { from: span.from });
            }
            if before.is_some_and(|before| before.ends_with_day() || span.from < before.to) {
                return Err(CalendarError::Overlap { from: span.from });
            }
            before = Some(span);
        }
        Ok(())
    }
}

impl Default for Calendar {
    /// The usual week in China's one zone.
    fn default() -> Calendar {
        Calendar::new(Tz::Asia__Shanghai)
    }
}

fn default_hours() -> Vec<Span> {
    [((8, 30), (12, 0)), ((14, 0), (17, 30))]
        .into_iter()
        .filter_map(|(from, to)| {
            let from = NaiveTime::from_hms_opt(from.0, from.1, 0)?;
            let to = NaiveTime::from_hms_opt(to.0, to.1, 0)?;
            Some(Span { from, to })
        })
        .collect()
}

fn default_weekend() -> Vec<Weekday> {
    vec![Weekday::Sat, Weekday::Sun]
}

/// A zone travels by its name.
mod zone {
    use chrono_tz::Tz;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(zone: &Tz, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(zone.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Tz, D::Error> {
        String::deserialize(from)?.parse().map_err(|_| D::Error::custom("no such time zone"))
    }
}
