//! Rotation: all data keys are wrapped by the newest key, some at a time. What they seal stays as it is. It can stop anywhere, and goes on
//! with what is left; several may do it at once.
//!
//! Whoever has the service's login to the database can change a row so that it unwraps no more, or name a key that nobody has. Such a row is
//! passed over, counted and said in the log: a key that has leaked can be retired all the same.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    SealError, Seals, Wrapped,
    seals::place_of,
    table::{self, Found},
};

/// Rows named in the log at a time.
const NAMED: usize = 50;
/// Keys that are not in the file and are told of: whoever writes to the database can name any number.
const MISSING: i64 = 50;
/// Characters of a missing key's name: it stands in the database, where it can be anything.
const NAME: usize = 40;

/// What a step came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The newest key.
    pub newest: String,
    /// How many data keys it wraps from now on.
    pub rewrapped: u64,
    /// The file's keys, besides the newest, that wrap some which were not looked at.
    pub left: Vec<String>,
    /// Where the next step goes on. None when nothing is left.
    pub next: Option<Place>,
    /// How many of those looked at do not unwrap.
    pub unopened: u64,
    /// The keys that wrap some and are not in the file: the first 50.
    pub missing: Vec<String>,
}

/// The row that was looked at last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    kek: String,
    aggregate: Uuid,
    id: Uuid,
}

impl Seals {
    /// The names of the keys that there are, the newest first, and of those that are used: of the former all, of others the first 50.
    ///
    /// # Errors
    /// The database is away.
    pub async fn names(&self) -> Result<(Vec<String>, Vec<String>), SealError> {
        let names = self.wrap.names();
        let used = table::used(&self.pool, &names, MISSING).await?;
        Ok((names, used.iter().map(|name| huying_words::bounded(name, NAME)).collect()))
    }

    /// Looks at so many data keys after a place, and wraps them by the newest key.
    ///
    /// # Errors
    /// The database is away.
    pub async fn rotate(&self, after: Option<Place>, at_most: i64) -> Result<Rotated, SealError> {
        let (names, used) = self.names().await?;
        let (newest, older) = names.split_first().ok_or_else(|| SealError::NoSuchKey("newest".to_owned()))?;
        let missing = used.iter().filter(|kek| !names.contains(kek)).cloned().collect();
        let newest = newest.clone();
        let mut done = Rotated { newest, rewrapped: 0, left: Vec::new(), next: None, unopened: 0, missing };
        // In the order of the file, which the next step has too. A place of a key that is there no more is passed over.
        let begun = after.as_ref().and_then(|after| older.iter().position(|kek| *kek == after.kek));
        let (mut place, mut room) = (after.filter(|_| begun.is_some()), at_most);
        for kek in older.iter().skip(begun.unwrap_or_default()).filter(|kek| used.contains(kek)) {
            let rows = match room {
                ..=0 => Vec::new(),
                _ => table::wrapped_by(&self.pool, kek, from(place.as_ref(), kek), room).await?,
            };
            let looked_at = i64::try_from(rows.len()).unwrap_or(i64::MAX);
            if looked_at >= room {
                done.left.push(kek.clone());
            }
            if let Some((aggregate, id, _)) = rows.last() {
                place = Some(Place { kek: kek.clone(), aggregate: *aggregate, id: *id });
            }
            room -= looked_at;
            self.rewrap(rows, &mut done).await?;
        }
        done.next = place.filter(|_| !done.left.is_empty());
        Ok(done)
    }

    async fn rewrap(&self, found: Vec<Found>, done: &mut Rotated) -> Result<(), SealError> {
        let (mut rows, mut unopened) = (Vec::with_capacity(found.len()), Vec::new());
        for (aggregate, id, wrapped) in found {
            let place = place_of(aggregate, id);
            let key = match self.wrap.unwrap(&wrapped, &place).await {
                Ok(key) => key,
                Err(error @ SealError::Store(_)) => return Err(error),
                Err(SealError::Missing | SealError::Broken | SealError::NoSuchKey(_)) => {
                    unopened.push(id);
                    continue;
                }
            };
            let Wrapped { by, bytes } = self.wrap.wrap(&key, &place).await?;
            // The file has changed meanwhile: whoever asks again sees to it.
            if by == done.newest {
                rows.push((aggregate, id, wrapped.by, bytes));
            }
        }
        if !unopened.is_empty() {
            let ids: Vec<String> = unopened.iter().take(NAMED).map(Uuid::to_string).collect();
            let (number, ids) = (unopened.len(), ids.join(" "));
            tracing::error!(
                number,
                ids,
                "data keys do not unwrap and are passed over: somebody has changed them"
            );
        }
        done.unopened += unopened.len() as u64;
        done.rewrapped += table::rewrap(&self.pool, &done.newest, &rows).await?;
        Ok(())
    }
}

/// Where to go on among the rows of a key: behind a place of its own, else at its first.
fn from(place: Option<&Place>, kek: &str) -> (Uuid, Uuid) {
    place.filter(|place| place.kek == kek).map(|place| (place.aggregate, place.id)).unwrap_or_default()
}
