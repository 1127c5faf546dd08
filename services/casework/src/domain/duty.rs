//! When an officer is on duty, as a line of a roster says it: in the working time, always, or by shifts of their own.

use std::fmt;

use chrono::{DateTime, Datelike as _, NaiveDateTime, Utc, Weekday};
use huying_terms::{Calendar, Span, worktime};
use serde::{Deserialize, Serialize};

/// Most shifts of one officer.
const MOST_SHIFTS: usize = 12;
const ALWAYS: &str = "always";
const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

/// What is wrong with a text that is none.
pub const HOW: &str =
    "must be empty (the working time), always, or 1 to 12 shifts such as mon-fri 08:30-17:30;sat 09:00-12:00";

/// Kept as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Duty {
    /// In the working time of the district's calendar.
    #[default]
    WorkingTime,
    Always,
    Shifts(Vec<Shift>),
}

/// From one weekday through another, in these hours of the place's own time, whether the day is worked or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    from: Weekday,
    to: Weekday,
    /// They end on the next day where they end before they begin.
    hours: Span,
}

impl Duty {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "" => Some(Self::WorkingTime),
            ALWAYS => Some(Self::Always),
            shifts => {
                let shifts: Vec<Shift> = shifts.split(';').map(Shift::parse).collect::<Option<_>>()?;
                (shifts.len() <= MOST_SHIFTS).then_some(Self::Shifts(shifts))
            }
        }
    }

    /// Whether an instant lies in it.
    pub fn covers(&self, calendar: &Calendar, at: DateTime<Utc>) -> bool {
        match self {
            Self::WorkingTime => worktime::is_working(calendar, at),
            Self::Always => true,
            Self::Shifts(shifts) => {
                let local = at.with_timezone(&calendar.zone).naive_local();
                shifts.iter().any(|shift| shift.covers(local))
            }
        }
    }

    pub fn is_working_time(&self) -> bool {
        *self == Self::WorkingTime
    }
}

impl Shift {
    fn parse(text: &str) -> Option<Self> {
        let (days, hours) = text.trim().split_once(' ')?;
        let (from, to) = days.split_once('-').unwrap_or((days, days));
        let (begin, end) = hours.split_once('-')?;
        let hours = Span::parse(begin, end)?;
        let lasts = hours.ends_with_day() || hours.from != hours.to;
        lasts.then_some(Self { from: day(from)?, to: day(to)?, hours })
    }

    fn covers(self, at: NaiveDateTime) -> bool {
        let (day, time, Span { from, to }) = (at.weekday(), at.time(), self.hours);
        if self.hours.ends_with_day() || from < to {
            return self.has(day) && from <= time && (self.hours.ends_with_day() || time < to);
        }
        (self.has(day) && from <= time) || (self.has(day.pred()) && time < to)
    }

    fn has(self, day: Weekday) -> bool {
        day.days_since(self.from) <= self.to.days_since(self.from)
    }
}

fn day(word: &str) -> Option<Weekday> {
    DAYS.iter().find(|(known, _)| *known == word).map(|(_, day)| *day)
}

fn word(day: Weekday) -> &'static str {
    DAYS.iter().find(|(_, known)| *known == day).map_or("", |(word, _)| word)
}

impl fmt::Display for Duty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WorkingTime => Ok(()),
            Self::Always => f.write_str(ALWAYS),
            Self::Shifts(shifts) => {
                f.write_str(&shifts.iter().map(ToString::to_string).collect::<Vec<_>>().join(";"))
            }
        }
    }
}

impl fmt::Display for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [begin, end] = self.hours.written();
        f.write_str(word(self.from))?;
        if self.from != self.to {
            write!(f, "-{}", word(self.to))?;
        }
        write!(f, " {begin}-{end}")
    }
}

impl TryFrom<String> for Duty {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or(HOW)
    }
}

impl From<Duty> for String {
    fn from(duty: Duty) -> Self {
        duty.to_string()
    }
}
