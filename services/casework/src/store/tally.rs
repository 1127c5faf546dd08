//! Counting dispatches, by the unit that was called and by the one that called.

use chrono::{DateTime, Utc};
use huying_chassis::db::asked;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgPool, Row, postgres::PgRow};
use uuid::Uuid;

use crate::domain::{
    Period,
    dispatch::tally::{CalledCount, CallerCount, DispatchCounts},
};

/// By the index `dispatch_sent_at`: so many of those sent in the period, after one of them, whatever else there is; the area is looked at in
/// these. A row is of a called unit, or else of one that called.
pub(crate) const COUNT: &str = "
    with looked as (
        select area, unit, body ->> 'unit_name' as unit_name,
               body -> 'caller' ->> 'unit' as caller, body -> 'caller' ->> 'name' as caller_name,
               state, (body ->> 'silences')::int8 as silences, (body ->> 'binding')::boolean as binding,
               (body -> 'tally' ->> 'reported')::boolean as reported, (body -> 'tally' ->> 'declined')::boolean as declined,
               body -> 'tally' ->> 'ending' as ending, (body -> 'tally' ->> 'apt')::boolean as apt,
               (body -> 'clocks' -> 'respond' ->> 'used')::int8 as report, (body -> 'clocks' -> 'resolve' ->> 'used')::int8 as finish,
               body -> 'clocks' -> 'resolve' ->> 'reached' = 'red' as late
          from dispatch
         where district = $1 and instant(body -> 'sent_at') >= $2 and instant(body -> 'sent_at') < $3
           and (instant(body -> 'sent_at'), id) > ($4, $5)
         order by instant(body -> 'sent_at'), id limit $8
    )
    select grouping(caller) = 1 as is_called, coalesce(unit, caller, '') as of,
           coalesce(case when grouping(caller) = 1 then max(unit_name) else max(caller_name) end, '') as name,
           count(*) as dispatches,
           count(*) filter (where reported) as reported,
           count(*) filter (where reported and silences = 0) as reported_on_time,
           count(*) filter (where silences > 0) as silent,
           coalesce(sum(silences), 0)::int8 as silences,
           count(*) filter (where state = 'done' and late is not true) as done_on_time,
           count(*) filter (where state = 'done' and late) as done_late,
           count(*) filter (where declined) as declined,
           count(*) filter (where declined and binding) as overruled,
           count(*) filter (where ending = 'taken_back') as taken_back,
           count(*) filter (where state = 'ended' and ending is distinct from 'taken_back') as ended,
           count(*) filter (where state not in ('done', 'ended')) as open,
           count(*) filter (where apt) as apt,
           count(*) filter (where not apt) as not_apt,
           coalesce(sum(report) filter (where reported), 0)::int8 as report_micros,
           coalesce(sum(finish) filter (where state = 'done'), 0)::int8 as finish_micros
      from looked
     where starts_with(area, $6) and starts_with(area, $7)
     group by grouping sets ((unit), (caller)) order by 1, 2";

/// The last of so many that are looked at, where there are so many.
pub(crate) const LAST: &str = "
    select instant(body -> 'sent_at') as at, id from dispatch
     where district = $1 and instant(body -> 'sent_at') >= $2 and instant(body -> 'sent_at') < $3
       and (instant(body -> 'sent_at'), id) > ($4, $5)
     order by instant(body -> 'sent_at'), id limit 1 offset $6";

/// A dispatch, up to which it was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct CountedTo {
    pub at: DateTime<Utc>,
    pub id: Uuid,
}

/// Those sent in a period, so many at most; and where the next ones begin.
///
/// # Errors
/// The database is away.
pub async fn count(
    pool: &PgPool,
    period: &Period,
    after: Option<CountedTo>,
    most: usize,
) -> Result<(DispatchCounts, Option<CountedTo>), sqlx::Error> {
    // No id is nil, so after this come all.
    let after = after.unwrap_or(CountedTo { at: period.from, id: Uuid::nil() });
    let counted = sqlx::query_as::<_, Counted>(COUNT)
        .bind(&period.district)
        .bind(period.from)
        .bind(period.until)
        .bind(after.at)
        .bind(after.id)
        .bind(&period.area)
        .bind(period.within.as_ref().unwrap_or(&period.district))
        .bind(most as i64)
        .fetch_all(asked(pool))
        .await?;
    let next = sqlx::query_as(LAST)
        .bind(&period.district)
        .bind(period.from)
        .bind(period.until)
        .bind(after.at)
        .bind(after.id)
        .bind(most as i64 - 1)
        .fetch_optional(asked(pool))
        .await?;
    let mut counts = DispatchCounts::default();
    for it in counted {
        match it {
            Counted::Called(it) => counts.called.push(it),
            Counted::Caller(it) => counts.callers.push(it),
        }
    }
    Ok((counts, next))
}

/// A row: of one end of the calls, or of the other.
enum Counted {
    Called(CalledCount),
    Caller(CallerCount),
}

impl FromRow<'_, PgRow> for Counted {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let (unit, name) = (row.try_get("of")?, row.try_get("name")?);
        let count = |column| row.try_get::<i64, &str>(column);
        if !row.try_get::<bool, _>("is_called")? {
            let (calls, apt) = (count("dispatches")?, count("apt")?);
            let (not_apt, taken_back) = (count("not_apt")?, count("taken_back")?);
            return Ok(Self::Caller(CallerCount { unit, name, calls, apt, not_apt, taken_back }));
        }
        Ok(Self::Called(CalledCount {
            unit,
            name,
            called: count("dispatches")?,
            reported: count("reported")?,
            reported_on_time: count("reported_on_time")?,
            silent: count("silent")?,
            silences: count("silences")?,
            done_on_time: count("done_on_time")?,
            done_late: count("done_late")?,
            declined: count("declined")?,
            overruled: count("overruled")?,
            taken_back: count("taken_back")?,
            ended: count("ended")?,
            open: count("open")?,
            report_micros: count("report_micros")?,
            finish_micros: count("finish_micros")?,
        }))
    }
}
