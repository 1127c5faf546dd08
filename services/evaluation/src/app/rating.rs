//! Ratings: given once, and listed. A rating rests on the case as casework's events told it, which is counted first; it is drafted by hand, as
//! whatever begins at a door is, and its claim guards that there is none yet.

use huying_chassis::{
    id,
    log::{AppendError, Draft, Meta, Versioned},
    status::Problem,
};
use uuid::Uuid;

use super::App;
use crate::domain::{
    figure::course::Course,
    rating::{Judged, Rating, RatingError},
    wanted::Ratings,
};

impl App {
    /// A case as it is known now: what was heard of it is counted first.
    ///
    /// # Errors
    /// `OVERLOADED`: more was heard than is counted in five seconds; the store is away.
    pub async fn case(&self, id: Uuid) -> Result<Option<Course>, Problem> {
        self.catch_up().await?;
        Ok(self.store.course(id).await?)
    }

    /// The unit of whoever asks rates another. The same command again gets the first answer.
    ///
    /// # Errors
    /// The domain's, and the log's.
    pub async fn rate(
        &self,
        (case, course): (Uuid, &Course),
        judged: &Judged,
        meta: &Meta,
    ) -> Result<Versioned<Rating>, Problem> {
        if let Some(done) = self.begun_before(meta).await? {
            return Ok(done);
        }
        let now = self.log.now();
        let given = course.rate(case, meta.actor.unit.as_deref(), judged, now)?;
        // Not by whoever acted for the unit that is rated, for whichever they act now.
        if self.store.acted_for(case, &meta.actor.subject, &judged.unit).await? {
            return Err(RatingError::OwnWork { unit: judged.unit.clone() }.into());
        }
        let drafted = Draft::new::<Rating>(id::new(), &[given], meta, now)?;
        let (draft, rating) =
            drafted.ok_or_else(|| Problem::bug(anyhow::anyhow!("a rating that is given drafts nothing")))?;
        match self.log.append(draft.into()).await {
            Ok(()) => Ok(rating),
            Err(AppendError::Replayed) => {
                self.begun_before(meta).await?.ok_or_else(|| AppendError::Replayed.into())
            }
            Err(AppendError::Duplicate) => Err(RatingError::Already.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Ratings, the newest first.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT` when there is neither a profile nor any callback; the store is away.
    pub async fn ratings(
        &self,
        wanted: &Ratings,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Rating>>, Problem> {
        let page = self.store.ratings(wanted, after, size).await?;
        if page.is_empty() && after.is_none() {
            self.require_district(&wanted.district).await?;
        }
        Ok(page)
    }
}
