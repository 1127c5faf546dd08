//! Looking absences up.

use huying_chassis::log::Versioned;
use sqlx::PgPool;

use super::{filter::Filter, path};
use crate::domain::{Absence, Absences, Order, Page, Place};

impl Absences {
    /// The clauses of these filters, after a page's last row.
    pub fn filter(&self, after: Option<Place>) -> Filter {
        let mut filter = Filter::of("absence", path::ABSENCE, Order::Newest, &self.district);
        filter.text("unit", "unit = #", &self.unit);
        if let Some(subject) = &self.subject {
            filter.text("subject", "subject = #", subject);
        }
        if let Some(beyond) = self.beyond {
            filter.plain("open", "state = 'recorded'");
            filter.number("beyond", "until_at > #", beyond.timestamp_micros());
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
    absences: &Absences,
    after: Option<Place>,
    limit: i64,
) -> Result<Page<Versioned<Absence>>, sqlx::Error> {
    absences.filter(after).page(limit, pool).await
}
