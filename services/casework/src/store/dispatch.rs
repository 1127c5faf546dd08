//! Looking dispatches up.

use huying_chassis::{db::asked, log::Versioned};
use sqlx::PgPool;
use uuid::Uuid;

use super::{filter::Filter, path};
use crate::domain::{Dispatch, Dispatches, Page, Place};

/// Under way on each of some cases, the first five: by the index `dispatch_case`.
pub(crate) const UNDER_WAY: &str = "
    select d.* from unnest($1::uuid[]) as c(id)
     cross join lateral (select id, version, shape, hash, body from dispatch
                          where case_id = c.id and state not in ('done', 'ended') order by id limit 5) as d";

impl Dispatches {
    /// The clauses of these filters, after a page's last row.
    pub fn filter(&self, after: Option<Place>) -> Filter {
        let mut filter = Filter::of("dispatch", path::DISPATCH, self.order, &self.district);
        if let Some(unit) = &self.unit {
            filter.text("unit", "unit = #", unit);
        }
        if let Some(case) = self.case {
            filter.id("case", "case_id = #", case);
        }
        if let Some(state) = self.state {
            filter.text("state", "state = #", state.name());
        }
        if self.silent {
            filter.plain("silent", "(body ->> 'silent')::boolean");
        }
        if let Some(officer) = &self.officer {
            filter.text("officer", "body -> 'officer' ->> 'subject' = #", officer);
        }
        if let Some(area) = &self.within {
            filter.area(area);
        }
        if let Some(place) = after {
            filter.after(place);
        }
        filter
    }
}

/// In the order that was asked for.
pub async fn list(
    pool: &PgPool,
    dispatches: &Dispatches,
    after: Option<Place>,
    limit: i64,
) -> Result<Page<Versioned<Dispatch>>, sqlx::Error> {
    dispatches.filter(after).page(limit, pool).await
}

/// What is under way on some cases, five of each at most.
///
/// # Errors
/// The database is away.
pub async fn under_way(pool: &PgPool, cases: &[Uuid]) -> Result<Vec<Versioned<Dispatch>>, sqlx::Error> {
    sqlx::query_as(UNDER_WAY).bind(cases).fetch_all(asked(pool)).await
}
