//! How a callback ends, but for the case's own doing: a verdict, or nobody reached until the window ends.

use chrono::{DateTime, Utc};
use huying_chassis::{
    log::{Decided, Meta, Versioned},
    run::{Halt, on},
};
use uuid::Uuid;

use super::{App, Refused, See};
use crate::{
    NAME,
    domain::{callback::Callback, change::Change, error::Error, verdict::Verdict},
};

impl App {
    /// The reporter said this.
    ///
    /// # Errors
    /// The domain's, and the log's.
    pub async fn judge(
        &self,
        id: Uuid,
        meta: &Meta,
        verdict: &Verdict,
    ) -> Result<Versioned<Callback>, Refused> {
        let judge = meta.actor.unit.as_deref();
        self.step(id, meta, |callback, _| callback.judge(verdict.clone(), judge)).await
    }

    /// Nobody was reached this time.
    ///
    /// # Errors
    /// The domain's, and the log's.
    pub async fn attempt(&self, id: Uuid, meta: &Meta, note: &str) -> Result<Versioned<Callback>, Refused> {
        self.step(id, meta, |callback, _| callback.attempt(note.to_owned())).await
    }

    /// Its window may be over: fired by the timer.
    ///
    /// # Errors
    /// The log's.
    pub async fn lapse(&self, id: Uuid) -> Result<(), Refused> {
        let lapsed = self.step(id, &Meta::of_service(NAME), |callback, now| Ok(callback.lapse(now))).await;
        lapsed.map(drop)
    }

    async fn step(
        &self,
        id: Uuid,
        meta: &Meta,
        decide: impl Fn(&Callback, DateTime<Utc>) -> Result<Decided<Change>, Error> + Send + Sync,
    ) -> Result<Versioned<Callback>, Refused> {
        let step =
            on(id, |it: &Versioned<Callback>, seen: &See| decide(&it.it, seen.now()).map_err(Halt::Refused));
        self.runner.run(&step, meta).await
    }
}
