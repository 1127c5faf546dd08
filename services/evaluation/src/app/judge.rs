//! How a callback ends, but for the case's own doing: a verdict, or nobody reached until the window ends.

use chrono::{DateTime, Utc};
use huying_chassis::{
    log::{Decided, Meta, Versioned},
    run::{Halt, on},
    timer::Timer,
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

    /// Ends the callbacks whose window is over.
    pub fn lapsing(&self) -> Timer {
        let lapse =
            |id| on(id, |it: &Versioned<Callback>, seen: &See| Ok::<_, Halt<Error>>(it.it.lapse(seen.now())));
        Timer::new::<Callback, _, _>("lapse", "due_at", self.runner.clone(), Meta::of_service(NAME), lapse)
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
