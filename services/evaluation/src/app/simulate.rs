//! A rule book on trial.

use huying_chassis::status::Problem;
use tokio::sync::{mpsc::Receiver, watch};

use super::App;
use crate::{
    domain::{
        figure::{
            board::Simulated,
            rate::{Grade, Rate},
            standing::Rules,
            trial::Trial,
        },
        wanted::Rates,
    },
    store::recount,
};

/// What is tried. Nothing: as it is.
#[derive(Clone, Debug, Default)]
pub struct RuleBook {
    pub rates: Vec<Rate>,
    pub grades: Vec<Grade>,
    pub trial: Trial,
}

impl App {
    /// How all units of a district would have stood.
    pub fn simulate(&self, wanted: Rates, book: RuleBook) -> Receiver<Result<Simulated, Problem>> {
        self.long(Simulated::LookedAt, move |app, looked_at| async move {
            app.simulated(&wanted, book, looked_at).await
        })
    }

    async fn simulated(
        &self,
        wanted: &Rates,
        RuleBook { rates, grades, trial }: RuleBook,
        looked_at: watch::Sender<i64>,
    ) -> Result<Simulated, Problem> {
        let now = Box::new(self.rates(wanted).await?);
        let (profile, _) = self.profile_or_default(&wanted.district).await?;
        let held = profile.rules();
        let rules = Rules {
            rates: if rates.is_empty() { held.rates } else { rates },
            grades: if grades.is_empty() { held.grades } else { grades },
        };
        let cells = match trial.beside(&profile.calendar, profile.callback) {
            Some(tried) => {
                let of = (&*wanted.district, self.now());
                Some(recount::simulate(self.log.pool(), of, &tried, &looked_at).await?)
            }
            None => None,
        };
        let would_be = Box::new(self.would_be(wanted, &rules, cells.as_ref()).await?);
        let looked_at = *looked_at.borrow();
        Ok(Simulated::Done { looked_at, now, would_be })
    }
}
