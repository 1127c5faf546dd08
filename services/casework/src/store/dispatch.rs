//! Looking dispatches up.

use huying_chassis::log::Versioned;
use sqlx::PgPool;
use uuid::Uuid;

use super::filter::Filter;
use crate::domain::{Dispatch, Dispatches};

impl Dispatches {
    /// The clauses of these filters, after a page's last id.
    pub fn filter(&self, after: Option<Uuid>) -> Filter {
        let mut filter = Filter::default();
        filter.text("district = #", &self.district);
        if let Some(unit) = &self.unit {
            filter.text("unit = #", unit);
        }
        if let Some(case) = self.case {
            filter.id("case_id = #", case);
        }
        if let Some(state) = self.state {
            filter.text("state = #", state.name());
        }
        if self.silent {
            filter.plain("(body ->> 'silent')::boolean");
        }
        match self.within.as_deref() {
            // Few dispatches lie below a street: its index, and a look at the rest of the code.
            Some(area) if area.len() > 9 => {
                filter.text("street = left(#, 9)", area);
                filter.text("starts_with(area, #)", area);
            }
            Some(area) => filter.area(area),
            None => {}
        }
        if let Some(after) = after {
            filter.id("id < #", after);
        }
        filter
    }
}

/// Newest first.
pub async fn list(
    pool: &PgPool,
    dispatches: &Dispatches,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Versioned<Dispatch>>, sqlx::Error> {
    dispatches.filter(after).fetch("dispatch", limit, pool).await
}
