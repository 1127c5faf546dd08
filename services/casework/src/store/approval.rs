//! Looking approvals up.

use huying_chassis::log::Versioned;
use sqlx::PgPool;

use super::{filter::Filter, path};
use crate::domain::{Approval, Approvals, Order, Page, Place};

impl Approvals {
    /// The clauses of these filters, after a page's last row.
    pub fn filter(&self, after: Option<Place>) -> Filter {
        let mut filter = Filter::of("approval", path::APPROVAL, Order::Newest, &self.district);
        if let Some(granter) = &self.granter {
            filter.text("granter", "granter = #", granter);
        }
        if let Some(asked_by) = &self.asked_by {
            filter.text("asked_by", "asked_by = #", asked_by);
        }
        if let Some(case) = self.case {
            filter.id("case", "case_id = #", case);
        }
        if let Some(state) = self.state {
            filter.text("state", "state = #", state.name());
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

/// Newest first.
pub async fn list(
    pool: &PgPool,
    approvals: &Approvals,
    after: Option<Place>,
    limit: i64,
) -> Result<Page<Versioned<Approval>>, sqlx::Error> {
    approvals.filter(after).page(limit, pool).await
}
