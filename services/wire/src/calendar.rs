//! When a place works. A calendar comes with a profile; whether its parts make sense together is [`Calendar::check`]'s to say.

use huying_chassis::validate::Violations;
use huying_proto::common::v1 as common;
use huying_terms::{Calendar, Span, Tz, calendar::day};

/// Most spans of hours in a day, and most days off and made up for.
const HOURS: usize = 12;
const HOLIDAYS: usize = 400;
const MAKEUP_DAYS: usize = 100;

/// As the wire has it.
pub fn write(calendar: &Calendar) -> common::Calendar {
    let span = |span: &Span| {
        let [from, to] = span.written();
        common::WorkSpan { from, to }
    };
    common::Calendar {
        zone: calendar.zone.name().to_owned(),
        hours: calendar.hours.iter().map(span).collect(),
        holidays: calendar.holidays.iter().map(ToString::to_string).collect(),
        makeup_days: calendar.makeup.iter().map(ToString::to_string).collect(),
    }
}

/// A calendar that a caller must give. None when anything in it cannot be read, which is named.
pub fn check(v: &mut Violations, field: &str, calendar: Option<&common::Calendar>) -> Option<Calendar> {
    let Some(calendar) = calendar else {
        v.add(field, "must be given");
        return None;
    };
    let before = v.fields().count();
    let zone = calendar.zone.parse::<Tz>();
    v.require(&format!("{field}.zone"), zone.is_ok(), "must be an IANA time zone such as Asia/Shanghai");
    let (hours, holidays, makeup) =
        (format!("{field}.hours"), format!("{field}.holidays"), format!("{field}.makeup_days"));
    v.list_len(&hours, calendar.hours.len(), 1..=HOURS);
    v.list_len(&holidays, calendar.holidays.len(), 0..=HOLIDAYS);
    v.list_len(&makeup, calendar.makeup_days.len(), 0..=MAKEUP_DAYS);
    let hours = all(
        v,
        &hours,
        HOURS,
        &calendar.hours,
        span,
        "must be two times such as 08:30, or 24:00 for the day's end",
    );
    let holidays = all(v, &holidays, HOLIDAYS, &calendar.holidays, |text| day(text), DAY);
    let makeup = all(v, &makeup, MAKEUP_DAYS, &calendar.makeup_days, |text| day(text), DAY);
    let read = Calendar {
        hours,
        holidays: holidays.into_iter().collect(),
        makeup: makeup.into_iter().collect(),
        ..Calendar::new(zone.ok()?)
    };
    (v.fields().count() == before).then_some(read)
}

const DAY: &str = "must be a day such as 2026-10-01";

fn span(span: &common::WorkSpan) -> Option<Span> {
    Span::parse(&span.from, &span.to)
}

/// The items of a list that can be read; the others are named, up to the most there may be.
fn all<T, R>(
    v: &mut Violations,
    field: &str,
    most: usize,
    items: &[T],
    read: impl Fn(&T) -> Option<R>,
    must: &str,
) -> Vec<R> {
    let items = items.iter().take(most).enumerate().filter_map(|(at, item)| {
        let item = read(item);
        v.require(&format!("{field}[{at}]"), item.is_some(), must);
        item
    });
    items.collect()
}
