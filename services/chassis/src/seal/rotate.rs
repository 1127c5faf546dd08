//! Rotation: all data keys are wrapped by the newest key, some at a time. What they seal stays as it is. It can stop anywhere, and goes on
//! with what is left; several may do it at once.
//!
//! Whoever has the service's login to the database can change a row so that it unwraps no more, or write another key's name beside it. So
//! that name is tried first and not believed: every row is looked at, also one that names the newest key, with each key of the file. What
//! none opens is passed over, counted and said in the log: it is in nobody's way.
//!
//! Not guaranteed by one pass: a replica that has not read the newer file yet, or a commit that was open, may wrap by an older key behind
//! the place. Whoever takes a key out goes over all again first, until nothing was wrapped anew.

use std::iter::once;

use huying_words::bounded;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    DataKey, SealError, Seals, Wrap, Wrapped,
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
    /// The file's keys, besides the newest, that rows name still; empty on the last step.
    pub left: Vec<String>,
    /// Where the next step goes on. None when all were looked at.
    pub next: Option<Place>,
    /// How many of those looked at no key of the file opens.
    pub unopened: u64,
    /// The keys that rows name and that are not in the file: the first 50.
    pub missing: Vec<String>,
}

/// The row that was looked at last, and for which key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    newest: String,
    aggregate: Uuid,
    id: Uuid,
}

/// What there is to be done with the rows of a step.
#[derive(Default)]
struct Looked {
    /// The last of them.
    last: Option<(Uuid, Uuid)>,
    /// Those to be wrapped, with the key that they named.
    rewrapped: Vec<(Uuid, Uuid, String, Vec<u8>)>,
    unopened: Vec<Uuid>,
    /// The file has got a newer key meanwhile: the rows behind the last one were not looked at.
    is_cut: bool,
}

impl Seals {
    /// The names of the keys that there are, the newest first, and of those that are used: of the former all, of others the first 50.
    ///
    /// # Errors
    /// The database is away.
    pub async fn names(&self) -> Result<(Vec<String>, Vec<String>), SealError> {
        let names = self.wrap.names();
        let mut used = table::used(&self.pool, &names, MISSING).await?;
        for name in used.iter_mut().filter(|name| !names.contains(name)) {
            *name = bounded(name, NAME);
        }
        Ok((names, used))
    }

    /// Looks at so many data keys after a place, and wraps by the newest key what is not. Where a newer one has come since, it begins anew.
    ///
    /// # Errors
    /// The database is away; the file read here does not have the place's key yet.
    pub async fn rotate(&self, after: Option<Place>, at_most: i64) -> Result<Rotated, SealError> {
        let names = self.wrap.names();
        let (newest, older) = names.split_first().ok_or_else(|| SealError::NoSuchKey("newest".to_owned()))?;
        let from = begin(after, &names)?;
        let rows = table::after(&self.pool, from, at_most).await?;
        let are_all = i64::try_from(rows.len()).is_ok_and(|rows| rows < at_most);
        let looked = look(&*self.wrap, rows, &names).await?;
        let rewrapped = table::rewrap(&self.pool, newest, &looked.rewrapped).await?;
        tell(&looked.unopened);
        let used = table::used(&self.pool, &names, MISSING).await?;
        let (aggregate, id) = looked.last.unwrap_or(from);
        let next = (looked.is_cut || !are_all).then(|| Place { newest: newest.clone(), aggregate, id });
        let left = older.iter().filter(|kek| next.is_some() && used.contains(kek));
        let missing = used.iter().filter(|kek| !names.contains(kek));
        Ok(Rotated {
            newest: newest.clone(),
            rewrapped,
            left: left.cloned().collect(),
            unopened: looked.unopened.len() as u64,
            missing: missing.map(|kek| bounded(kek, NAME)).collect(),
            next,
        })
    }
}

/// Behind the place; at the first row where there is none, or a newer key than its own: what was wrapped by that one is to be wrapped again.
fn begin(after: Option<Place>, names: &[String]) -> Result<(Uuid, Uuid), SealError> {
    let Some(place) = after else { return Ok(Default::default()) };
    if !names.contains(&place.newest) {
        return Err(SealError::NoSuchKey(bounded(&place.newest, NAME)));
    }
    let is_newest = names.first() == Some(&place.newest);
    Ok(if is_newest { (place.aggregate, place.id) } else { Default::default() })
}

async fn look(wrap: &dyn Wrap, rows: Vec<Found>, names: &[String]) -> Result<Looked, SealError> {
    let (newest, mut looked) = (names.first(), Looked::default());
    for (aggregate, id, wrapped) in rows {
        let place = place_of(aggregate, id);
        match opened(wrap, &wrapped, names, &place).await? {
            None => looked.unopened.push(id),
            Some((_, by)) if by == wrapped.by && newest == Some(&by) => {}
            Some((key, _)) => {
                let Wrapped { by, bytes } = wrap.wrap(&key, &place).await?;
                if newest != Some(&by) {
                    looked.is_cut = true;
                    break;
                }
                looked.rewrapped.push((aggregate, id, wrapped.by, bytes));
            }
        }
        looked.last = Some((aggregate, id));
    }
    Ok(looked)
}

/// The data key, and by which key it is wrapped: what is wrapped opens by no other, and at no other place. None: by none of these.
async fn opened(
    wrap: &dyn Wrap,
    wrapped: &Wrapped,
    names: &[String],
    place: &str,
) -> Result<Option<(DataKey, String)>, SealError> {
    let others = names.iter().filter(|name| **name != wrapped.by);
    for by in once(&wrapped.by).chain(others) {
        let tried = Wrapped { by: by.clone(), bytes: wrapped.bytes.clone() };
        let key = wrap.unwrap(&tried, place).await;
        match key {
            Ok(key) => return Ok(Some((key, tried.by))),
            Err(error @ SealError::Store(_)) => return Err(error),
            Err(SealError::Missing | SealError::Broken | SealError::NoSuchKey(_)) => {}
        }
    }
    Ok(None)
}

fn tell(unopened: &[Uuid]) {
    if unopened.is_empty() {
        return;
    }
    let ids: Vec<String> = unopened.iter().take(NAMED).map(Uuid::to_string).collect();
    let (number, ids) = (unopened.len(), ids.join(" "));
    tracing::error!(
        number,
        ids,
        "no key of the file opens these data keys, and they are passed over: somebody has changed them, or their key is not in the file"
    );
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{KeyFile, add_key};
    use super::*;

    /// It would be counted as done otherwise, and nothing would come back to it.
    #[tokio::test]
    async fn a_row_that_a_newer_key_would_wrap_ends_the_step_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let first = add_key(&path).unwrap();
        let file = KeyFile::looking_every(&path, Duration::ZERO).unwrap();
        let (aggregate, id) = (crate::id::new(), crate::id::new());
        let wrapped = file.wrap(&DataKey::random(), &place_of(aggregate, id)).await.unwrap();
        assert_eq!(wrapped.by, first);
        add_key(&path).unwrap();
        let names = file.names();
        let rows = || vec![(aggregate, id, wrapped.clone())];
        let looked = look(&file, rows(), &names).await.unwrap();
        assert_eq!((looked.last, looked.rewrapped.len(), looked.is_cut), (Some((aggregate, id)), 1, false));

        add_key(&path).unwrap();
        let looked = look(&file, rows(), &names).await.unwrap();
        assert_eq!((looked.last, looked.rewrapped.len(), looked.is_cut), (None, 0, true));
        assert!(looked.unopened.is_empty());
    }
}
