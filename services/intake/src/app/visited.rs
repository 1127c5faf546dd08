//! Who is visited is sealed before anything of it is drafted, and opened where a visit has to know them, or somebody may see them.

use std::{fmt, marker::PhantomData};

use huying_chassis::{
    log::{Aggregate as _, AppendError, Log, Versioned},
    run::{Answering, Halt, Question},
    seal::{Fresh, Place, SealError, Sealed, Seals},
    status::Problem,
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{App, See, World};
use crate::domain::{
    Error,
    archive::{Archive, ArchiveKind, By},
    visit::{KeptVisited, Visited},
};

/// Where who was visited stands in a visit and in an archive.
const VISITED: &str = "visited";
/// What the hashes are for by which an archive is found.
const KNOWN: &str = "known";
/// Of a hash so many bytes tell two apart.
const BYTES: usize = 16;

type Stop = Halt<Error>;

/// What the archive of somebody is known by, as it is told and as it is kept.
pub(super) fn known_as(seals: &Seals, kind: ArchiveKind, visited: &Visited) -> Vec<By> {
    let by = |text: String| By { hash: hex::encode(&seals.hash(KNOWN, &text)[..BYTES]), text };
    visited.known_as(kind).into_iter().map(by).collect()
}

/// Who was visited, as it is kept.
pub(super) fn sealed(fresh: &Fresh, kind: &'static str, visited: &Visited) -> Result<KeptVisited, Stop> {
    let (priority, person) = (visited.priority.clone(), Visited { priority: [].into(), ..visited.clone() });
    let sealed = fresh.seal(kind, VISITED, &person);
    let sealed = sealed.map_err(|error| Halt::Draft(AppendError::Bug(error.to_string())))?;
    Ok(KeptVisited::Sealed { priority, sealed })
}

/// Something sealed, asked for while it is decided what happens.
struct Opened<T>(Seals, Place, Sealed, PhantomData<fn() -> T>);

/// A new data key of one aggregate, asked for likewise.
#[derive(Clone)]
struct Key(Seals, Uuid);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.1)
    }
}

impl<T> Clone for Opened<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), self.1, self.2.clone(), PhantomData)
    }
}

impl<T> fmt::Debug for Opened<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Opened({:?}, {:?})", self.1, self.2)
    }
}

impl Question<World> for Key {
    type Answer = Fresh;

    fn answer<'a>(&'a self, _: &'a Log, _: &'a World) -> Answering<'a, Fresh> {
        Box::pin(async { Ok(self.0.fresh(self.1).await?) })
    }
}

impl<T: DeserializeOwned + Send + Sync + 'static> Question<World> for Opened<T> {
    type Answer = T;

    fn answer<'a>(&'a self, _: &'a Log, _: &'a World) -> Answering<'a, T> {
        Box::pin(async { Ok(self.0.open_one(self.1, &self.2).await?) })
    }
}

/// A new data key of an aggregate.
pub(super) fn new_key<'s>(seen: &'s See, seals: &Seals, id: Uuid) -> Result<&'s Fresh, Stop> {
    seen.ask(Key(seals.clone(), id))
}

/// What is sealed at a place.
pub(super) fn opened<'s, T: DeserializeOwned + Send + Sync + 'static>(
    seen: &'s See,
    seals: &Seals,
    place: Place,
    sealed: &Sealed,
) -> Result<&'s T, Stop> {
    seen.ask(Opened(seals.clone(), place, sealed.clone(), PhantomData))
}

/// Who an archive is about.
pub(super) fn own(seen: &See, seals: &Seals, archive: &Versioned<Archive>) -> Result<Visited, Stop> {
    match &archive.it.visited {
        KeptVisited::Clear(visited) => Ok(visited.clone()),
        KeptVisited::Sealed { priority, sealed } => {
            let opened = opened::<Visited>(seen, seals, place(Archive::KIND, archive.id), sealed)?;
            Ok(Visited { priority: priority.clone(), ..opened.clone() })
        }
    }
}

fn place(kind: &'static str, id: Uuid) -> Place {
    Place { kind, id, field: VISITED }
}

impl App {
    /// Who each of these is about, by kind and id, in their order.
    ///
    /// # Errors
    /// The database is away.
    pub async fn visited(
        &self,
        kind: &'static str,
        kept: &[(Uuid, &KeptVisited)],
    ) -> Result<Vec<Result<Visited, SealError>>, Problem> {
        let sealed = |(id, kept): &(Uuid, &'_ KeptVisited)| match kept {
            KeptVisited::Sealed { sealed, .. } => Some((place(kind, *id), sealed.clone())),
            KeptVisited::Clear(_) => None,
        };
        let wanted: Vec<(Place, Sealed)> = kept.iter().filter_map(sealed).collect();
        let wanted: Vec<(Place, &Sealed)> = wanted.iter().map(|(place, sealed)| (*place, sealed)).collect();
        let mut opened = self.seals.open::<Visited>(&wanted).await?.into_iter();
        let each = kept.iter().map(|(id, kept)| match kept {
            KeptVisited::Clear(visited) => Ok(visited.clone()),
            KeptVisited::Sealed { priority, .. } => {
                let opened = opened.next().unwrap_or(Err(SealError::Missing));
                let opened = opened.map_err(|error| error.told(place(kind, *id)))?;
                Ok(Visited { priority: priority.clone(), ..opened })
            }
        });
        Ok(each.collect())
    }

    /// Who one is about.
    ///
    /// # Errors
    /// `SEAL_BROKEN`, `SEAL_KEY_MISSING`.
    pub async fn visited_one(
        &self,
        kind: &'static str,
        id: Uuid,
        kept: &KeptVisited,
    ) -> Result<Visited, Problem> {
        let opened = self.visited(kind, &[(id, kept)]).await?.pop();
        Ok(opened.unwrap_or(Err(SealError::Missing))?)
    }
}
