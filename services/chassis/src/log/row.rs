//! A row of an aggregate's table.

use sqlx::{FromRow, Row, postgres::PgRow, types::Json};
use uuid::Uuid;

use super::{Aggregate, Hash};

/// An aggregate and the version it is at.
#[derive(Clone, Debug, PartialEq)]
pub struct Versioned<A> {
    pub id: Uuid,
    pub version: i64,
    /// Of its last entry: what the next one is chained to.
    pub hash: Hash,
    pub it: A,
}

/// A newer build wrote it in a form that this build cannot keep.
#[derive(Debug, thiserror::Error)]
#[error("a {kind} of shape {shape} was written by a newer build: this one knows {known}")]
pub struct NewerShape {
    pub kind: &'static str,
    pub shape: i16,
    pub known: i16,
}

impl NewerShape {
    /// Whether a failed read met one.
    pub(crate) fn within(error: &sqlx::Error) -> Option<&Self> {
        if let sqlx::Error::Decode(source) = error { source.downcast_ref() } else { None }
    }
}

/// Reads `id, version, shape, hash, body`.
impl<A: Aggregate> FromRow<'_, PgRow> for Versioned<A> {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let shape: i16 = row.try_get("shape")?;
        if shape > A::SHAPE {
            return Err(sqlx::Error::Decode(Box::new(NewerShape { kind: A::KIND, shape, known: A::SHAPE })));
        }
        let Json(it) = row.try_get("body")?;
        Ok(Self { id: row.try_get("id")?, version: row.try_get("version")?, hash: row.try_get("hash")?, it })
    }
}
