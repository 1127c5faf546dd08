//! How a callback ends, but for the case's own doing: a verdict, or nobody reached until the window ends.

use huying_chassis::log::{Meta, Versioned};
use uuid::Uuid;

use super::{App, Refused};
use crate::{
    NAME,
    domain::{callback::Callback, error::Error, verdict::Verdict},
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
        self.log.step(id, meta, |callback: &Callback, _| callback.judge(verdict.clone(), judge)).await
    }

    /// Nobody was reached this time.
    ///
    /// # Errors
    /// The domain's, and the log's.
    pub async fn attempt(&self, id: Uuid, meta: &Meta, note: &str) -> Result<Versioned<Callback>, Refused> {
        self.log.step(id, meta, |callback: &Callback, _| callback.attempt(note.to_owned())).await
    }

    /// Its window may be over: fired by the timer.
    ///
    /// # Errors
    /// The log's.
    pub async fn lapse(&self, id: Uuid) -> Result<(), Refused> {
        let lapse = |callback: &Callback, now| Ok::<_, Error>(callback.lapse(now));
        self.log.step(id, &Meta::of_service(NAME), lapse).await.map(|_| ())
    }
}
