//! ApplyProfile, checked: the wire's words become the terms' types, and the domain says what else must hold.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime};
use huying_chassis::{status::Problem, validate::Violations};
use huying_proto::{common::v1 as common, evaluation::v1 as pb};
use huying_terms::{Calendar, Limit, LimitKind, Span, Tz};
use uuid::Uuid;

use crate::domain::{profile::EvaluationProfile, rates::Weights};

pub fn apply_profile(request: pb::ApplyProfileRequest) -> Result<(EvaluationProfile, bool, Uuid), Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    let profile = request.profile.unwrap_or_default();
    let part = EvaluationProfile {
        calendar: calendar(&mut v, profile.calendar.unwrap_or_default()),
        callback: limit(&mut v, profile.callback.unwrap_or_default()),
        weights: Weights {
            basically: profile.basically_weight,
            response: profile.response_weight,
            resolution: profile.resolution_weight,
            satisfaction: profile.satisfaction_weight,
        },
        district: profile.district,
    };
    // What could not be read was replaced by something usable and is said already.
    for (field, what) in part.check() {
        v.add(format!("profile.{field}"), what);
    }
    v.finish()?;
    Ok((part, request.dry_run, request_id))
}

fn limit(v: &mut Violations, limit: common::Limit) -> Limit {
    let kind = match common::LimitKind::try_from(limit.kind) {
        Ok(common::LimitKind::UrgentHour) => Some(LimitKind::UrgentHour),
        Ok(common::LimitKind::WorkHour) => Some(LimitKind::WorkHour),
        Ok(common::LimitKind::WorkDay) => Some(LimitKind::WorkDay),
        Ok(common::LimitKind::NaturalDay) => Some(LimitKind::NaturalDay),
        Ok(common::LimitKind::Unspecified) | Err(_) => None,
    };
    v.require("profile.callback.kind", kind.is_some(), "must be one of the named values");
    v.range("profile.callback.amount", limit.amount, 1..=Limit::MOST);
    let kind = kind.unwrap_or(LimitKind::NaturalDay);
    Limit::new(kind, limit.amount).unwrap_or(Limit { kind, amount: 1 })
}

fn calendar(v: &mut Violations, calendar: common::Calendar) -> Calendar {
    let zone = calendar.zone.parse::<Tz>();
    v.require("profile.calendar.zone", zone.is_ok(), "must be an IANA time zone such as Asia/Shanghai");
    v.list_len("profile.calendar.hours", calendar.hours.len(), 1..=12);
    v.list_len("profile.calendar.holidays", calendar.holidays.len(), 0..=400);
    v.list_len("profile.calendar.makeup_days", calendar.makeup_days.len(), 0..=100);
    let mut read = Calendar::new(zone.unwrap_or(Tz::Asia__Shanghai));
    let hours: Option<Vec<Span>> = calendar.hours.iter().take(12).map(span).collect();
    v.require("profile.calendar.hours", hours.is_some(), "must be given as HH:MM");
    if let Some(hours) = hours.filter(|hours| !hours.is_empty()) {
        read.hours = hours;
    }
    read.holidays = dates(v, "profile.calendar.holidays", &calendar.holidays);
    read.makeup = dates(v, "profile.calendar.makeup_days", &calendar.makeup_days);
    read
}

fn span(span: &common::WorkSpan) -> Option<Span> {
    // A day that ends at midnight is written 24:00 and kept as 00:00.
    let to = if span.to == "24:00" { Some(NaiveTime::MIN) } else { time(&span.to) };
    Some(Span::new(time(&span.from)?, to?))
}

fn time(text: &str) -> Option<NaiveTime> {
    (text.len() == 5).then(|| NaiveTime::parse_from_str(text, "%H:%M").ok()).flatten()
}

fn dates(v: &mut Violations, field: &str, texts: &[String]) -> BTreeSet<NaiveDate> {
    let date = |text: &String| {
        (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
    };
    let dates: Option<BTreeSet<NaiveDate>> = texts.iter().map(date).collect();
    v.require(field, dates.is_some(), "must be dates as YYYY-MM-DD");
    dates.unwrap_or_default()
}
