//! Looking approvals up.

use huying_chassis::log::Versioned;
use sqlx::PgPool;
use uuid::Uuid;

use super::filter::Filter;
use crate::domain::{Approval, Approvals};

impl Approvals {
    /// The clauses of these filters, after a page's last id.
    pub fn filter(&self, after: Option<Uuid>) -> Filter {
        let mut filter = Filter::default();
        filter.text("district = #", &self.district);
        if let Some(granter) = &self.granter {
            filter.text("granter = #", granter);
        }
        if let Some(asked_by) = &self.asked_by {
            filter.text("asked_by = #", asked_by);
        }
        if let Some(case) = self.case {
            filter.id("case_id = #", case);
        }
        if let Some(state) = self.state {
            filter.text("state = #", state.name());
        }
        match self.within.as_deref() {
            // Few approvals lie below a street: its index, and a look at the rest of the code.
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
    approvals: &Approvals,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Versioned<Approval>>, sqlx::Error> {
    approvals.filter(after).fetch("approval", limit, pool).await
}
