//! How old what is overdue is.

use huying_chassis::status::Problem;
use huying_terms::worktime;

use super::App;
use crate::{
    domain::{
        figure::{
            Counts,
            age::{Ages, Overdue},
        },
        wanted::Late,
    },
    store::overdue,
};

impl App {
    /// How many are overdue by how long: when a day began, or now.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT` when there is neither a profile nor any figure; the store is away.
    pub async fn overdue(&self, wanted: &Late) -> Result<Overdue, Problem> {
        let counted_at = self.count().await?;
        let zone = self.zone(&wanted.district).await;
        let (now, (_, tomorrow)) = (self.now(), self.days(zone));
        // Of a day that is not over, as its figures say, what is overdue by now.
        let at = wanted.to.map_or(now, |day| worktime::begins(zone, day.min(tomorrow)).min(now));
        let ages = overdue::ages(self.log.pool(), wanted, at).await?;
        if ages == Ages::default() {
            self.require_counted(&wanted.district, &Counts::default()).await?;
        }
        Ok(Overdue { ages, at, counted_at })
    }
}
