//! Archives of households and enterprises: opening them, what is needed and met, and how many were visited.

use chrono::{DateTime, Utc};
use huying_chassis::{
    id,
    log::{AppendError, Meta, Replay, Versioned},
    run::{Command, Decision, Halt, on},
    status::Problem,
};
use uuid::Uuid;

use super::{App, Claimed, See, World};
use crate::{
    domain::{
        Error,
        archive::{ARCHIVE, Archive, ArchiveChange, Place, Update},
        counted::{Count, Counted},
        visit::Visited,
        wanted::{Placed, Walk},
    },
    store::archive::{self, Walked},
};

type Stop = Halt<Error>;

/// An archive to be opened.
pub struct Opening {
    pub place: Place,
    pub visited: Visited,
    /// Its code or address in normal form.
    pub known_by: String,
    pub unit: Option<String>,
}

impl App {
    /// Opens an archive, or gives the one that there is.
    ///
    /// # Errors
    /// `BAD_FIELD` (no unit).
    pub async fn open_archive(&self, opening: &Opening, meta: &Meta) -> Result<Versioned<Archive>, Problem> {
        Ok(self.runner.run(&OpenArchive { id: id::new(), opening }, meta).await?)
    }

    /// Writes into an archive that the caller reaches.
    ///
    /// # Errors
    /// `NOT_FOUND`, `STALE_VERSION`, `UNKNOWN_NEED`, `MANY_NEEDS`.
    pub async fn update_archive(
        &self,
        id: Uuid,
        update: &Update,
        sees: impl Fn(&Archive) -> bool + Send + Sync,
        meta: &Meta,
    ) -> Result<Versioned<Archive>, Problem> {
        let step = on(id, |it: &Versioned<Archive>, _: &See| it.it.update(update).map_err(Halt::Refused));
        Ok(self.runner.run(&step.reached(sees), meta).await?)
    }

    pub async fn archive(&self, id: Uuid) -> Result<Option<Versioned<Archive>>, Problem> {
        Ok(self.log.load(id).await?)
    }

    /// Those of an area, by area.
    pub async fn archives(&self, area: &str, after: Option<Walk>, limit: i64) -> Result<Walked, Problem> {
        Ok(archive::list(self.log.pool(), area, after, limit).await?)
    }

    /// How many there are and how many of them were visited, from an instant on or ever.
    pub async fn coverage(
        &self,
        placed: &Placed,
        since: Option<DateTime<Utc>>,
        after: Option<Walk>,
    ) -> Result<Counted<Count, Walk>, Problem> {
        Ok(archive::coverage(self.log.pool(), placed, since, after).await?)
    }
}

struct OpenArchive<'a> {
    id: Uuid,
    opening: &'a Opening,
}

impl Command<World> for OpenArchive<'_> {
    type Error = Error;
    type Answer = Versioned<Archive>;

    fn decide(&self, seen: &See) -> Result<Decision<Versioned<Archive>>, Stop> {
        let Opening { place, visited, known_by, unit } = self.opening;
        let unit = unit.clone().ok_or(Halt::Refused(Error::NoUnit))?;
        if let Some(id) = *seen.ask(Claimed(ARCHIVE, place.key(known_by)))? {
            return Ok(Decision::nothing(seen.get::<Archive>(id)?.clone()));
        }
        let (place, visited) = (place.clone(), Box::new(visited.clone()));
        let opened = ArchiveChange::Opened { place, visited, known_by: known_by.clone(), unit };
        let nothing = || Halt::Draft(AppendError::Bug("an archive drafts nothing".into()));
        let (draft, archive) = seen.begin::<Archive>(self.id, &[opened])?.ok_or_else(nothing)?;
        Ok(Decision { drafts: vec![draft], answer: archive })
    }

    fn again(&self, seen: &See, done: &Replay) -> Result<Versioned<Archive>, Stop> {
        seen.get::<Archive>(done.aggregate).cloned()
    }
}
