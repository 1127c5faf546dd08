//! Counting anew, for whoever wants to know whether the figures are right.

use huying_chassis::status::Problem;
use tokio::sync::mpsc::Receiver;

use super::App;
use crate::{domain::figure::board::Recount, store::recount};

impl App {
    /// Counts a district anew, and puts right what differs unless it is only to be checked.
    pub fn recount(&self, district: String, check: bool) -> Receiver<Result<Recount, Problem>> {
        self.long(Recount::LookedAt, move |app, looked_at| async move {
            let zone = app.zone(&district).await;
            let counted = recount::recount(app.log.pool(), (&district, zone), check, &looked_at).await?;
            Ok(Recount::Done(counted))
        })
    }
}
