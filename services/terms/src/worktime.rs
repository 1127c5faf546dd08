//! The arithmetic of limits over a calendar.
//!
//! Every kind of limit is a measure of time that grows with the clock on the wall, sometimes standing still:
//!
//! | kind | what counts | one of it |
//! |---|---|---|
//! | urgent hour 紧急工作时 | every instant | 1 h |
//! | natural day 自然日 | every instant | 24 h, from the moment on, whatever the date |
//! | work hour 工作时 | working hours of working days | 1 h |
//! | work day 工作日 | working hours of working days | the calendar's daily working time ([`Calendar::daily`]) |
//!
//! So a work day given at 10:00 is due at 10:00 of the next working day, and nobody gains or loses by the
//! hour at which a case comes in, is paused or is resumed. From that measure all else follows:
//!
//! - [`used`] is how much of it lies between two instants; it adds up when an interval is split.
//! - [`after`] is its inverse: the *earliest* instant by which so much has been used. A limit whose last
//!   minute ends a working day is due that evening, not the next morning.
//! - [`due`] and [`share`] are both said in terms of a limit.
//!
//! Total: any argument has an answer, no matter how absurd. A calendar that never works is due at [`NEVER`].
//! Where a zone changes its clocks, a wall-clock time stands for the earliest instant at which the wall shows
//! it or more: the first of two, the gap's end when there is none. That keeps spans in order and disjoint.

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};

use crate::calendar::{Calendar, Span};
use crate::limit::{Limit, LimitKind};

/// The end of time: what is due here is never due.
pub const NEVER: DateTime<Utc> = DateTime::<Utc>::MAX_UTC;

/// How many days are looked at before giving up. The longest limit, counted in work days with one
/// a week, needs 61,320.
const HORIZON_DAYS: usize = 250 * 366;

/// When a limit that starts at `from` has run out.
pub fn due(calendar: &Calendar, from: DateTime<Utc>, limit: Limit) -> DateTime<Utc> {
    after(calendar, limit.kind, from, limit.length(calendar))
}

/// The time between two instants, in the kind's own measure; zero if `to` is not later.
pub fn used(calendar: &Calendar, kind: LimitKind, from: DateTime<Utc>, to: DateTime<Utc>) -> Duration {
    if to <= from {
        return Duration::zero();
    }
    if kind.is_continuous() {
        return to - from;
    }
    shifts(calendar, from)
        .take_while(|(open, _)| *open < to)
        .map(|(open, close)| close.min(to) - open.max(from))
        .filter(|here| *here > Duration::zero())
        .sum()
}

/// Whether an instant lies in the working time.
pub fn is_working(calendar: &Calendar, at: DateTime<Utc>) -> bool {
    // Hours are told in whole minutes.
    let next = at.checked_add_signed(Duration::microseconds(1)).unwrap_or(NEVER);
    used(calendar, LimitKind::WorkHour, at, next) > Duration::zero()
}

/// The earliest instant, from `from` on, by which `amount` of the kind's time has been used.
pub fn after(calendar: &Calendar, kind: LimitKind, from: DateTime<Utc>, amount: Duration) -> DateTime<Utc> {
    if amount <= Duration::zero() {
        return from;
    }
    if kind.is_continuous() {
        return from.checked_add_signed(amount).unwrap_or(NEVER);
    }
    // More than all the days looked at could hold: no need to look.
    if amount.num_days() > HORIZON_DAYS as i64 {
        return NEVER;
    }
    let mut left = amount;
    for (open, close) in shifts(calendar, from) {
        let open = open.max(from);
        let here = (close - open).max(Duration::zero());
        if here >= left {
            return open.checked_add_signed(left).unwrap_or(NEVER);
        }
        left -= here;
    }
    NEVER
}

/// How much time is left until `percent` of a limit is used, when `used` of it already is; never negative.
pub fn share(calendar: &Calendar, limit: Limit, used: Duration, percent: u32) -> Duration {
    let whole = i128::from(limit.length(calendar).num_milliseconds());
    let part = i64::try_from(whole * i128::from(percent) / 100).unwrap_or(i64::MAX);
    Duration::try_milliseconds(part)
        .unwrap_or(Duration::MAX)
        .checked_sub(&used)
        .unwrap_or(Duration::zero())
        .max(Duration::zero())
}

/// The working spans as instants, in order, beginning with some that may lie before `from`.
fn shifts(calendar: &Calendar, from: DateTime<Utc>) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
    // The place's own date is at most one off from the date in UTC.
    let first = from.date_naive().pred_opt().unwrap_or(NaiveDate::MIN);
    first
        .iter_days()
        .take(HORIZON_DAYS)
        .filter(|date| calendar.is_working_day(*date))
        .flat_map(|date| calendar.hours.iter().map(move |span| (date, span)))
        .map_while(|(date, span)| shift(calendar.zone, date, span))
}

fn shift(zone: Tz, date: NaiveDate, span: &Span) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let close = if span.ends_with_day() {
        date.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN)
    } else {
        date.and_time(span.to)
    };
    Some((instant(zone, date.and_time(span.from)), instant(zone, close)))
}

/// When a day begins in a place; where its first midnight is none, when the wall shows more.
pub fn begins(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    instant(zone, day.and_time(NaiveTime::MIN))
}

/// The day in which an instant lies in a place: when it began, and when the next one begins.
pub fn day(zone: Tz, at: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let day = at.with_timezone(&zone).date_naive();
    (begins(zone, day), begins(zone, day.succ_opt().unwrap_or(day)))
}

/// The earliest instant at which the wall shows `local` or more.
fn instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    zone.from_local_datetime(&local)
        .earliest()
        .or_else(|| GapInfo::new(&local, &zone)?.end)
        .map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
}
