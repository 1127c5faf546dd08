//! Looking cases up.

use chrono::{DateTime, Utc};
use huying_chassis::{
    db::asked,
    log::{Versioned, read::entries_of},
};
use huying_terms::Lamp;
use sqlx::PgPool;
use uuid::Uuid;

use super::{
    filter::Filter,
    path::{self, KEY},
};
use crate::domain::{Case, Cases, Change, Order, Page, Place, rule::Happened as _};

pub(crate) const BY_NUMBER: &str =
    "select id, version, shape, hash, body from \"case\" where number = $1 order by id desc limit 1";
// By the claim: the case of a request, or its prelude.
pub(crate) const BY_REQUEST: &str =
    "select c.id from claim n join \"case\" c on c.id = n.aggregate where n.name = 'request' and n.key = $1";
// The area's prefix is no question for an index here: a year has few.
pub(crate) const SUPERVISED_BETWEEN: &str = "select count(*) from \"case\" where district = $1 and \
     instant(body -> 'supervised_at') >= $2 and instant(body -> 'supervised_at') < $3 and starts_with(area, $4)";
// By the log's own key: the entries of few cases.
pub(crate) const AT_THAT_INSTANT: &str = "select aggregate, version from log where aggregate = any($1) and at = $2 order by array_position($1, aggregate)";

impl Cases {
    /// The clauses of these filters, after a page's last row.
    pub fn filter(&self, after: Option<Place>) -> Filter {
        let mut filter = Filter::of("case", path::CASE, self.order, &self.district);
        // What has an outcome is closed: that need not be asked for too.
        if let Some(state) = self.state.filter(|state| self.outcome.is_none() || state.is_open()) {
            filter.text("state", "state = #", state.name());
        }
        if let Some(outcome) = self.outcome {
            filter.text("outcome", "body ->> 'outcome' = #", outcome.name());
        }
        if self.open {
            filter.plain("open", "state <> 'closed'");
        }
        if let Some(tier) = self.tier {
            filter.text("tier", "tier = #", tier.as_str());
        }
        if let Some(holder) = &self.holder {
            filter.text("holder", "holder = #", holder);
        }
        if let Some(arbiter) = &self.arbiter {
            filter.text("arbiter", "body -> 'arbiter' ->> 'unit' = #", arbiter);
        }
        if let Some(leader) = &self.leader {
            filter.text("leader", "body -> 'charge' ->> 'leader' = #", leader);
        }
        if self.hard {
            filter.plain("hard", "hard(state, body)");
        }
        if self.led {
            filter.plain("led", "body -> 'charge' is not null");
        }
        if self.whole {
            filter.plain("whole", "body ->> 'whole' is null");
        }
        if let Some(verifier) = &self.verifier {
            filter.text("verifier", "body -> 'verifier' ->> 'unit' = #", verifier);
        }
        if let Some(officer) = &self.officer {
            filter.text("officer", "body -> 'officer' ->> 'subject' = #", officer);
        }
        for area in [&self.area, &self.within].into_iter().flatten() {
            in_area(&mut filter, area);
        }
        if let Some(category) = &self.category {
            filter.text("category", "category = #", category);
        }
        // What is due first goes by the lamp itself.
        if self.overdue || (self.lamp == Some(Lamp::Red) && self.order != Order::Due) {
            filter.plain("overdue", "overdue");
        }
        if self.supervised {
            filter.plain("supervised", "instant(body -> 'supervised_at') is not null");
        }
        if let Some(lamp) = self.lamp {
            let (least, beyond) = path::urgencies(lamp);
            let on = if self.order == Order::Due { KEY } else { "lamp" };
            filter.number(on, "urgency(body) >= #", least);
            filter.number(on, "urgency(body) < #", beyond);
        }
        if let Some(from) = self.span.from {
            filter.number(KEY, "@ >= #", from.timestamp_micros());
        }
        if let Some(before) = self.span.before {
            filter.number(KEY, "@ < #", before.timestamp_micros());
        }
        if let Some(place) = after {
            filter.after(place);
        }
        filter
    }
}

/// Only what lies in an area: its street and its community have indexes.
fn in_area(filter: &mut Filter, area: &str) {
    if area.len() <= 9 {
        return filter.area(area);
    }
    filter.text("street", "street = left(#, 9)", area);
    filter.text("community", "community = left(#, 12)", area);
    if area.len() > 12 {
        filter.text("area", "area = #", area);
    }
}

/// In the order that was asked for.
pub async fn list(
    pool: &PgPool,
    cases: &Cases,
    after: Option<Place>,
    limit: i64,
) -> Result<Page<Versioned<Case>>, sqlx::Error> {
    cases.filter(after).page(limit, pool).await
}

pub async fn by_number(pool: &PgPool, number: &str) -> Result<Option<Versioned<Case>>, sqlx::Error> {
    sqlx::query_as(BY_NUMBER).bind(number).fetch_optional(asked(pool)).await
}

/// How many in an area became supervised from one instant up to another.
pub async fn supervised_between(
    pool: &PgPool,
    (district, area): (&str, &str),
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<i64, sqlx::Error> {
    let counted = sqlx::query_scalar(SUPERVISED_BETWEEN).bind(district).bind(from).bind(to).bind(area);
    counted.fetch_one(asked(pool)).await
}

/// The case that was opened on a request.
pub async fn by_request(pool: &PgPool, request: Uuid) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar(BY_REQUEST).bind(request.to_string()).fetch_optional(asked(pool)).await
}

/// The dispatches that a case called in one of its versions, and those that its task force called in the same commit on its other cases;
/// none when something else happened then.
///
/// # Errors
/// The database is away.
pub async fn called_in(pool: &PgPool, case: Uuid, version: i64) -> Result<Vec<Uuid>, sqlx::Error> {
    let Some((at, change)) = happened(pool, case, version).await? else { return Ok(Vec::new()) };
    let mut called = change.happened().called();
    if let Change::GroupCalled(formed) = &change {
        let others: Vec<Uuid> = formed.group.cases.iter().copied().filter(|other| *other != case).collect();
        let same: Vec<(Uuid, i64)> =
            sqlx::query_as(AT_THAT_INSTANT).bind(&others).bind(at).fetch_all(asked(pool)).await?;
        for (other, version) in same {
            if let Some((_, Change::GroupCalled(it))) = happened(pool, other, version).await?
                && it.group.code == formed.group.code
            {
                called.extend(it.called());
            }
        }
    }
    Ok(called)
}

/// What happened to a case in one of its versions, and when.
async fn happened(
    pool: &PgPool,
    case: Uuid,
    version: i64,
) -> Result<Option<(DateTime<Utc>, Change)>, sqlx::Error> {
    let entry = entries_of(pool, case, version, 1).await?.into_iter().next();
    Ok(entry.and_then(|entry| Some((entry.head.at, entry.change::<Case>().ok()?.0))))
}
