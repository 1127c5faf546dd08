//! Looking open meetings up, and counting them.

use huying_chassis::{db::asked, log::Versioned};
use sqlx::PgPool;

use super::{filter::Filter, path};
use crate::domain::{Meeting, MeetingCount, Meetings, Order, Page, Period, Place};

/// By the index `meeting_starts_at`: those held in the period, whatever else there is.
pub(crate) const COUNT: &str = "
    select left(area, $6) as area, count(*) as held, sum(jsonb_array_length(body -> 'items'))::int8 as cases,
           sum((body ->> 'settled')::int8)::int8 as settled
      from meeting
     where district = $1 and state = 'held' and starts_at >= $2 and starts_at < $3
       and starts_with(area, $4) and starts_with(area, $5)
     group by 1 order by 1";

impl Meetings {
    /// The clauses of these filters, after a page's last row.
    pub fn filter(&self, after: Option<Place>) -> Filter {
        let mut filter = Filter::of("meeting", path::MEETING, Order::Newest, &self.district);
        if let Some(state) = self.state {
            filter.text("state", "state = #", state.name());
        }
        for area in [&self.area, &self.within].into_iter().flatten() {
            filter.area(area);
        }
        if let Some(place) = after {
            filter.after(place);
        }
        filter
    }
}

/// Newest first.
pub async fn list(
    pool: &PgPool,
    meetings: &Meetings,
    after: Option<Place>,
    limit: i64,
) -> Result<Page<Versioned<Meeting>>, sqlx::Error> {
    meetings.filter(after).page(limit, pool).await
}

/// The length of the codes of areas next below one whose code has this.
pub(super) const fn below(length: usize) -> usize {
    match length {
        ..9 => 9,
        9..12 => 12,
        12.. => 15,
    }
}

/// Those held in a period, by area.
pub async fn count(pool: &PgPool, period: &Period) -> Result<Vec<MeetingCount>, sqlx::Error> {
    let rows: Vec<(String, i64, i64, i64)> = sqlx::query_as(COUNT)
        .bind(&period.district)
        .bind(period.from)
        .bind(period.until)
        .bind(&period.area)
        .bind(period.within.as_ref().unwrap_or(&period.district))
        .bind(below(period.area.len()) as i32)
        .fetch_all(asked(pool))
        .await?;
    let count = |(area, held, cases, settled)| MeetingCount { area, held, cases, settled };
    Ok(rows.into_iter().map(count).collect())
}
