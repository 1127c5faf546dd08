//! Archives of households and enterprises: opening them, what is needed and met, and how many were visited.

use chrono::{DateTime, NaiveDate, Utc};
use huying_chassis::{
    id,
    log::{Aggregate as _, AppendError, Decided, Meta, Replay, Versioned},
    run::{Command, Decision, Halt, heard, on},
    seal::{Fresh, Seals},
    status::Problem,
    timer::Timer,
};
use uuid::Uuid;

use super::{
    App, Claimed, See, World,
    profile::ProfileOf,
    steps::UPDATE,
    visit::known,
    visited::{known_as, new_key, own, sealed},
};
use crate::{
    NAME,
    domain::{
        Error,
        archive::{ARCHIVE, Archive, ArchiveChange, By, Place, Update, due::Obliging},
        counted::{Count, Counted},
        visit::Visited,
        wanted::{Cursor, Placed, Walk},
    },
    store::archive::{self, Walked},
};

type Stop = Halt<Error>;

/// An archive to be opened.
pub struct Opening {
    pub place: Place,
    pub visited: Visited,
    pub unit: Option<String>,
}

impl App {
    /// Opens an archive, or gives the one that there is.
    ///
    /// # Errors
    /// `BAD_FIELD` (no unit), `UNKNOWN_UNIT`.
    pub async fn open_archive(&self, opening: &Opening, meta: &Meta) -> Result<Versioned<Archive>, Problem> {
        let id = id::new();
        let key = self.seals.fresh(id).await?;
        Ok(self.runner.run(&OpenArchive { id, key, opening, seals: &self.seals }, meta).await?)
    }

    /// Writes into an archive that the caller reaches.
    ///
    /// # Errors
    /// `NOT_FOUND`, `STALE_VERSION`, `QUOTA_SPENT`, `UNKNOWN_NEED`, `MANY_NEEDS`.
    pub async fn update_archive(
        &self,
        id: Uuid,
        update: &Update,
        sees: impl Fn(&Archive) -> bool + Send + Sync,
        meta: &Meta,
    ) -> Result<Versioned<Archive>, Problem> {
        let updating = Updating { id, update, sees, app: self };
        Ok(self.runner.run(&updating, meta).await?)
    }

    /// Something happened that obliges a visit.
    ///
    /// # Errors
    /// `NOT_FOUND`, `STALE_VERSION`, `MANY_DUES`.
    pub async fn oblige_visit(
        &self,
        id: Uuid,
        (what, day): (Obliging, NaiveDate),
        sees: impl Fn(&Archive) -> bool + Send + Sync,
        meta: &Meta,
    ) -> Result<Versioned<Archive>, Problem> {
        let step = on(id, |it: &Versioned<Archive>, seen: &See| {
            let profile = seen.ask(ProfileOf(it.it.place.district.clone()))?;
            it.it.oblige(&profile.plans, what, day).map_err(Halt::Refused)
        });
        Ok(self.runner.run(&step.reached(sees), meta).await?)
    }

    /// Those whose visits are due before an instant, first what is due first.
    pub async fn visits_due(
        &self,
        placed: &Placed,
        until: DateTime<Utc>,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Walked, Problem> {
        Ok(archive::due(self.log.pool(), placed, until, after, limit).await?)
    }

    /// Tells of visits that were missed.
    pub fn visit_timer(&self) -> Timer {
        let due = "instant(body -> 'remind_at')";
        Timer::new::<Archive, _, _>("miss", due, self.runner.clone(), Meta::of_service(NAME), |id| {
            heard(move |seen: &See| {
                let archive = seen.get::<Archive>(id)?;
                let drafted = seen.draft(archive, archive.it.miss(seen.now()))?;
                Ok(drafted.map(|(draft, _)| draft).into_iter().collect())
            })
        })
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

/// These changes of an archive, and what the plans say of it then.
pub(super) fn with_plan(
    seen: &See,
    district: &str,
    id: Uuid,
    known: Option<&Versioned<Archive>>,
    mut changes: Vec<ArchiveChange>,
) -> Result<Vec<ArchiveChange>, Stop> {
    let profile = seen.ask(ProfileOf(district.to_owned()))?;
    let after = match known {
        Some(archive) => seen.draft(archive, Decided::Done(changes.clone()))?,
        None => seen.begin::<Archive>(id, &changes)?,
    };
    changes.extend(after.and_then(|(_, after)| after.it.plan(&profile.plans, seen.now())));
    Ok(changes)
}

/// Which archive each of these things leads to: by its hash, or as builds kept it that did not seal.
pub(super) fn holders(seen: &See, place: &Place, known_by: &[By]) -> Result<Vec<Option<Uuid>>, Stop> {
    let claimed = |by: &String| seen.ask(Claimed(ARCHIVE, place.key(by)));
    // Asked all at once.
    let holders: Vec<_> = known_by.iter().map(|by| (claimed(&by.hash), claimed(&by.text))).collect();
    holders.into_iter().map(|(hashed, clear)| Ok(hashed?.or(*clear?))).collect()
}

/// Those of these things that no archive is known by, as they are kept.
pub(super) fn unclaimed(seen: &See, place: &Place, known_by: Vec<By>) -> Result<Vec<String>, Stop> {
    let holders = holders(seen, place, &known_by)?;
    let free = known_by.into_iter().zip(holders).filter(|(_, holder)| holder.is_none());
    Ok(free.map(|(by, _)| by.hash).collect())
}

/// The first change of an archive of its own; none where whoever it is about is known by nothing that is free.
pub(super) fn opened(
    seen: &See,
    (seals, key): (&Seals, &Fresh),
    place: Place,
    visited: &Visited,
    unit: &str,
) -> Result<Option<ArchiveChange>, Stop> {
    let mut known_by = unclaimed(seen, &place, known_as(seals, place.kind, visited))?.into_iter();
    let Some(first) = known_by.next() else { return Ok(None) };
    let visited = Box::new(sealed(key, Archive::KIND, visited)?);
    let (unit, also) = (unit.to_owned(), known_by.collect());
    Ok(Some(ArchiveChange::Opened { place, visited, known_by: first, also, unit }))
}

struct OpenArchive<'a> {
    id: Uuid,
    key: Fresh,
    opening: &'a Opening,
    seals: &'a Seals,
}

impl Command<World> for OpenArchive<'_> {
    type Error = Error;
    type Answer = Versioned<Archive>;

    fn decide(&self, seen: &See) -> Result<Decision<Versioned<Archive>>, Stop> {
        let Opening { place, visited, unit } = self.opening;
        let profile = seen.ask(ProfileOf(place.district.clone()))?;
        let unit = profile.acting(unit.as_deref()).map_err(Halt::Refused)?;
        if let Some((archive, _)) = known(seen, self.seals, place, visited)? {
            return Ok(Decision::nothing(archive.clone()));
        }
        let nothing = || Halt::Draft(AppendError::Bug("an archive drafts nothing".into()));
        let (seals, key) = (self.seals, &self.key);
        let opened = opened(seen, (seals, key), place.clone(), visited, &unit)?.ok_or_else(nothing)?;
        let changes = with_plan(seen, &place.district, self.id, None, vec![opened])?;
        let (draft, archive) = seen.begin::<Archive>(self.id, &changes)?.ok_or_else(nothing)?;
        Ok(Decision { drafts: vec![draft.with_key(Some(key.row(None)))], answer: archive })
    }

    fn again(&self, seen: &See, done: &Replay) -> Result<Versioned<Archive>, Stop> {
        seen.get::<Archive>(done.aggregate).cloned()
    }
}

struct Updating<'a, F> {
    id: Uuid,
    update: &'a Update,
    sees: F,
    app: &'a App,
}

impl<F: Fn(&Archive) -> bool + Send + Sync> Command<World> for Updating<'_, F> {
    type Error = Error;
    type Answer = Versioned<Archive>;

    fn admit(&self, seen: &See) -> Result<(), Stop> {
        seen.reached::<Archive>(self.id, &self.sees)
    }

    fn decide(&self, seen: &See) -> Result<Decision<Versioned<Archive>>, Stop> {
        let it = seen.expected::<Archive>(self.id)?;
        let (kind, given, seals) = (it.it.place.kind, self.update.visited.as_ref(), &self.app.seals);
        let also = given.map(|visited| it.it.unknown(known_as(seals, kind, visited)));
        let also = unclaimed(seen, &it.it.place, also.unwrap_or_default())?;
        let own = own(seen, seals, it)?;
        let new = given.filter(|visited| **visited != own);
        let key = new.map(|_| new_key(seen, seals, self.id)).transpose()?;
        let kept = new.zip(key).map(|(visited, key)| sealed(key, Archive::KIND, visited)).transpose()?;
        let changes = it.it.update(self.update, kept, also).map_err(Halt::Refused)?.changes();
        let changes = with_plan(seen, &it.it.place.district, self.id, Some(it), changes)?;
        Ok(match seen.draft(it, Decided::Done(changes))? {
            Some((draft, answer)) => {
                self.app.quota(UPDATE, &it.it.place.district, seen)?;
                Decision { drafts: vec![draft.with_key(key.map(|key| key.row(None)))], answer }
            }
            None => Decision::nothing(it.clone()),
        })
    }

    fn again(&self, seen: &See, _: &Replay) -> Result<Versioned<Archive>, Stop> {
        seen.get::<Archive>(self.id).cloned()
    }
}
