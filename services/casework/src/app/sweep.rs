//! Looking after the store of objects: whether it can be used, and what was left in it that never came onto a case.

use std::time::Duration;

use chrono::TimeDelta;
use huying_chassis::{server::admin::Readiness, status::Problem};
use uuid::Uuid;

use super::{
    App,
    attach::{name_of, unusable},
};
use crate::{domain::Case, store};

/// How old an upload is when it is swept: nobody puts it, or decides on it, any more.
const LEFT: TimeDelta = TimeDelta::days(1);
/// How many are swept at a time.
const SWEPT: i64 = 100;
/// Between looks at the store, and how long one may take; every how many of them uploads are swept.
const LOOK_EVERY: Duration = Duration::from_secs(30);
const LOOK_WITHIN: Duration = Duration::from_secs(10);
const SWEEP_EVERY: u32 = 20;

impl App {
    /// Tells whether the store of objects can be used and sweeps it, until the service stops. Every replica does: sweeping twice is no harm.
    pub async fn look_after_objects(self, readiness: Readiness) {
        let mut sweep_in = 0;
        loop {
            let looked = tokio::time::timeout(LOOK_WITHIN, self.objects.look()).await;
            readiness.tell("objects", matches!(looked, Ok(Ok(()))));
            if sweep_in == 0 {
                match self.sweep().await {
                    Ok(left) => tracing::debug!(left, "uploads were swept"),
                    Err(problem) => tracing::warn!(%problem, "uploads cannot be swept now"),
                }
                sweep_in = SWEEP_EVERY;
            }
            sweep_in -= 1;
            if !self.stop.pause(LOOK_EVERY).await {
                return;
            }
        }
    }

    /// Looks up uploads of a day ago that have not ended: their cases have them, or their bytes are deleted. Tells how many there were.
    ///
    /// # Errors
    /// The database is away.
    pub async fn sweep(&self) -> Result<usize, Problem> {
        let left = store::upload::left(self.log.pool(), self.log.now() - LEFT, SWEPT).await?;
        for upload in &left {
            let case = self.log.load::<Case>(upload.case_id).await?;
            let has = |case: &Case| case.attachments.iter().any(|it| it.file.id == upload.id);
            if case.is_some_and(|case| has(&case.it)) {
                store::upload::end(self.log.pool(), upload.id).await?;
            } else {
                self.forget(upload.id, &upload.object).await;
            }
        }
        Ok(left.len())
    }

    /// Deletes the bytes of an upload. Where that fails it stays written down.
    pub(super) async fn forget(&self, id: Uuid, object: &str) {
        let forgotten = async {
            self.objects.delete(&name_of(object)?).await.map_err(unusable)?;
            Ok::<_, Problem>(store::upload::end(self.log.pool(), id).await?)
        };
        if let Err(problem) = forgotten.await {
            tracing::warn!(upload = %id, %problem, "an upload is left for later");
        }
    }
}
