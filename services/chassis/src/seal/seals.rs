//! Sealing and opening, as a service does it.

use std::{collections::HashMap, sync::Arc};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::PgPool;
use uuid::Uuid;

use super::{DataKey, KeyFile, KeyRow, Place, SealError, Sealed, Wrap, Wrapped, problem::refused, table};
use crate::id;

/// Bytes of a token.
const TOKEN: usize = 16;

/// A service's keys. Cheap to clone.
#[derive(Clone)]
pub struct Seals {
    pub(super) pool: PgPool,
    pub(super) wrap: Arc<dyn Wrap>,
    hashes: Arc<KeyFile>,
}

/// A new data key of one aggregate. What it seals opens once its row is committed, and until that is destroyed.
#[derive(Clone, Debug)]
pub struct Fresh {
    aggregate: Uuid,
    id: Uuid,
    key: DataKey,
    wrapped: Wrapped,
}

impl Fresh {
    /// Seals a value at a field of its aggregate.
    ///
    /// # Errors
    /// It is no JSON, or longer than the cipher takes.
    pub fn seal<T: Serialize>(
        &self,
        kind: &'static str,
        field: &'static str,
        what: &T,
    ) -> Result<Sealed, SealError> {
        Sealed::new((self.id, &self.key), Place { kind, id: self.aggregate, field }, what)
    }

    /// What is kept of it.
    pub fn row(&self, found_by: Option<[u8; 32]>) -> KeyRow {
        KeyRow { id: self.id, wrapped: self.wrapped.clone(), found_by }
    }
}

/// With what a data key is authenticated: it opens nothing at another aggregate.
pub(super) fn place_of(aggregate: Uuid, id: Uuid) -> String {
    format!("data_key\n{aggregate}\n{id}")
}

impl Seals {
    /// By the keys of a file.
    pub fn new(pool: PgPool, file: KeyFile) -> Self {
        refused(0);
        let file = Arc::new(file);
        Self { pool, wrap: file.clone(), hashes: file }
    }

    /// A new data key for an aggregate.
    ///
    /// # Errors
    /// Whoever wraps it cannot.
    pub async fn fresh(&self, aggregate: Uuid) -> Result<Fresh, SealError> {
        let (id, key) = (id::new(), DataKey::random());
        let wrapped = self.wrap.wrap(&key, &place_of(aggregate, id)).await?;
        Ok(Fresh { aggregate, id, key, wrapped })
    }

    /// A keyed hash, by which the same text is found again.
    pub fn hash(&self, purpose: &str, text: &str) -> [u8; 32] {
        self.hashes.hash(purpose, text)
    }

    /// A token of 128 bits that nobody without the keys can guess, for one purpose and aggregate: always the same.
    pub fn token(&self, purpose: &str, id: Uuid) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(&self.hash(purpose, &id.to_string())[..TOKEN])
    }

    /// What is sealed at several places, in their order: one question to the database.
    ///
    /// # Errors
    /// The database is away; or whoever unwraps the keys.
    pub async fn open<T: DeserializeOwned>(
        &self,
        wanted: &[(Place, &Sealed)],
    ) -> Result<Vec<Result<T, SealError>>, SealError> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<_> = wanted.iter().map(|(place, sealed)| (place.id, sealed.key)).collect();
        let found = table::keys(&self.pool, &ids).await?;
        let found: HashMap<_, _> = found.into_iter().map(|(of, id, wrapped)| ((of, id), wrapped)).collect();
        let mut opened = Vec::with_capacity(wanted.len());
        for (place, sealed) in wanted {
            opened.push(self.open_by(found.get(&(place.id, sealed.key)), *place, sealed).await);
        }
        Ok(opened)
    }

    /// What is sealed at one place. What is lost is counted, and said in the log.
    ///
    /// # Errors
    /// As [`open`](Self::open), and where it does not open.
    pub async fn open_one<T: DeserializeOwned>(&self, place: Place, sealed: &Sealed) -> Result<T, SealError> {
        let opened = self.open(&[(place, sealed)]).await?.pop();
        opened.unwrap_or(Err(SealError::Missing)).map_err(|error| error.told(place))
    }

    async fn open_by<T: DeserializeOwned>(
        &self,
        wrapped: Option<&Wrapped>,
        place: Place,
        sealed: &Sealed,
    ) -> Result<T, SealError> {
        let wrapped = wrapped.ok_or(SealError::Missing)?;
        let key = self.wrap.unwrap(wrapped, &place_of(place.id, sealed.key)).await?;
        sealed.open(&key, place)
    }
}
