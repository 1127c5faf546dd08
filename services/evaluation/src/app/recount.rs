//! Counting anew, for whoever wants to know whether the figures are right.

use huying_chassis::status::Problem;
use tokio::sync::{
    mpsc::{self, Receiver},
    watch,
};

use super::App;
use crate::{domain::figure::board::Recount, store::recount};

impl App {
    /// Counts a district anew, and puts right what differs unless it is only to be checked. It ends when nobody listens any more.
    pub fn recount(&self, district: String, check: bool) -> Receiver<Result<Recount, Problem>> {
        let (answers, receiver) = mpsc::channel(1);
        let app = self.clone();
        tokio::spawn(async move {
            let zone = app.zone(&district).await;
            let (looked_at, mut told) = watch::channel(0);
            let counted = recount::recount(app.log.pool(), (&district, zone), check, &looked_at);
            tokio::pin!(counted);
            loop {
                let answer = tokio::select! {
                    counted = &mut counted => counted.map(Recount::Done).map_err(Problem::from),
                    Ok(()) = told.changed() => Ok(Recount::LookedAt(*told.borrow_and_update())),
                };
                let is_last = !matches!(answer, Ok(Recount::LookedAt(_)));
                // Whoever asked may have gone.
                if answers.send(answer).await.is_err() || is_last {
                    return;
                }
            }
        });
        receiver
    }
}
