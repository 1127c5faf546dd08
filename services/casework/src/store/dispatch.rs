//! Looking dispatches up.

use huying_chassis::log::Versioned;
use sqlx::PgPool;

use super::{filter::Filter, path};
use crate::domain::{Dispatch, Dispatches, Page, Place};

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
