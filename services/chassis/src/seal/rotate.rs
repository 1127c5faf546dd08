//! Rotation: all data keys are wrapped by the newest key, some at a time. What they seal stays as it is. It can stop anywhere, and goes on
//! with what is left; several may do it at once.

use super::{SealError, Seals, Wrapped, seals::place_of, table};

/// What a step came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The newest key.
    pub newest: String,
    /// How many data keys it wraps from now on.
    pub rewrapped: u64,
    /// The keys that wrap any still, besides the newest.
    pub left: Vec<String>,
}

impl Seals {
    /// The names of the keys that there are, the newest first, and of those that are used.
    ///
    /// # Errors
    /// The database is away.
    pub async fn names(&self) -> Result<(Vec<String>, Vec<String>), SealError> {
        Ok((self.wrap.names(), table::used(&self.pool).await?))
    }

    /// Wraps at most so many data keys by the newest key.
    ///
    /// # Errors
    /// A key that wraps some is not in the file; the database is away.
    pub async fn rotate(&self, at_most: i64) -> Result<Rotated, SealError> {
        let newest = self.wrap.names().into_iter().next();
        let newest = newest.ok_or_else(|| SealError::NoSuchKey("newest".to_owned()))?;
        let (mut rewrapped, mut left) = (0, Vec::new());
        for kek in table::used(&self.pool).await?.into_iter().filter(|kek| *kek != newest) {
            let room = at_most - i64::try_from(rewrapped).unwrap_or(i64::MAX);
            let found = if room > 0 { table::wrapped_by(&self.pool, &kek, room).await? } else { Vec::new() };
            if found.len() as i64 >= room {
                left.push(kek);
            }
            let mut rows = Vec::with_capacity(found.len());
            for (aggregate, id, wrapped) in found {
                let place = place_of(aggregate, id);
                let key = self.wrap.unwrap(&wrapped, &place).await?;
                let Wrapped { by, bytes } = self.wrap.wrap(&key, &place).await?;
                // The file has changed meanwhile: the next step sees to it.
                if by == newest {
                    rows.push((aggregate, id, wrapped.by, bytes));
                }
            }
            rewrapped += table::rewrap(&self.pool, &newest, &rows).await?;
        }
        Ok(Rotated { newest, rewrapped, left })
    }
}
