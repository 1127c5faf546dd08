//! One entry of the log: what is kept of a change, byte for byte, and the hash that chains it to the entry before.
//!
//! The text is a JSON object: `actor` who, `traceparent` the command's trace, `state` where the change led, `change` what happened,
//! `about` what events say of the aggregate after it (left out of a first entry, whose change says it all), `personal` what of the change is
//! personal, by JSON pointer. It is never parsed and written again: so a hash over it can be checked for ever.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{
    Map, Value,
    value::{RawValue, to_raw_value},
};
use sha2::{Digest, Sha256};
use sqlx::{FromRow, Row, postgres::PgRow};
use uuid::Uuid;

use super::{Actor, Aggregate, Position, Stamp};

/// SHA-256. A first entry is chained to zeros.
pub type Hash = [u8; 32];

/// What stands beside an entry's text in its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The event's id too.
    pub id: Uuid,
    pub kind: String,
    pub aggregate: Uuid,
    pub version: i64,
    pub district: String,
    /// The unit that has the aggregate after it.
    pub unit: Option<String>,
    pub at: DateTime<Utc>,
    pub shape: i16,
}

impl Head {
    /// The hash of an entry with this head, after the one before: over the fields in their order, a line each, then the text.
    pub fn chain(&self, before: &Hash, text: &str) -> Hash {
        let Self { id, kind, aggregate, version, district, unit, at, shape } = self;
        let unit = unit.as_deref().unwrap_or_default();
        let at = at.timestamp_micros();
        let head = format!("{id}\n{kind}\n{aggregate}\n{version}\n{district}\n{unit}\n{at}\n{shape}\n");
        Sha256::new().chain_update(before).chain_update(head).chain_update(text).finalize().into()
    }
}

/// One entry of the log, as read.
#[derive(Clone, Debug)]
pub struct Entry {
    pub head: Head,
    pub text: String,
    pub hash: Hash,
    pub position: Position,
    /// None: the text is not an entry's.
    body: Option<Body>,
}

/// The text, taken apart as far as is needed to know who and where from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Body {
    pub actor: Actor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<Box<RawValue>>,
    change: Box<RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    personal: Option<Personal>,
}

/// What is personal in a change, by where it stands there.
type Personal = Map<String, Value>;

/// What an entry tells.
#[derive(Clone, Debug)]
pub struct Told<A: Aggregate> {
    pub change: A::Change,
    /// Where it led.
    pub state: A::State,
    pub about: A::About,
}

/// Why an entry tells nothing.
#[derive(Debug, thiserror::Error)]
pub enum Untellable {
    /// A newer build wrote it; that build can tell.
    #[error("it was written by a newer build, in shape {0}")]
    Newer(i16),
    #[error("{0}")]
    Broken(String),
}

impl From<serde_json::Error> for Untellable {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

impl Body {
    pub fn of<A: Aggregate>(
        actor: &Actor,
        change: &A::Change,
        state: A::State,
        about: Option<A::About>,
    ) -> Result<Self, serde_json::Error> {
        let (change, personal) = part::<A>(change)?;
        let state = to_raw_value(&state)?;
        Ok(Self {
            actor: actor.clone(),
            traceparent: crate::telemetry::current_traceparent(),
            state: (state.get() != "null").then_some(state),
            change,
            about: about.map(|about| to_raw_value(&about)).transpose()?,
            personal,
        })
    }

    fn change<A: Aggregate>(&self) -> Result<A::Change, serde_json::Error> {
        let Some(personal) = &self.personal else {
            return serde_json::from_str(self.change.get());
        };
        let mut change: Value = serde_json::from_str(self.change.get())?;
        for (pointer, value) in personal {
            if let Some(place) = change.pointer_mut(pointer) {
                *place = value.clone();
            }
        }
        serde_json::from_value(change)
    }

    fn state<A: Aggregate>(&self) -> Result<A::State, serde_json::Error> {
        serde_json::from_str(self.state.as_ref().map_or("null", |state| state.get()))
    }
}

/// A change without what is personal in it, and that beside. Where it was, null stays.
fn part<A: Aggregate>(change: &A::Change) -> Result<(Box<RawValue>, Option<Personal>), serde_json::Error> {
    if A::PERSONAL.is_empty() {
        return Ok((to_raw_value(change)?, None));
    }
    let mut change = serde_json::to_value(change)?;
    let mut personal = Map::new();
    for pointer in A::PERSONAL {
        if let Some(place) = change.pointer_mut(pointer).filter(|place| !place.is_null()) {
            personal.insert((*pointer).to_owned(), place.take());
        }
    }
    Ok((to_raw_value(&change)?, (!personal.is_empty()).then_some(personal)))
}

impl Entry {
    pub fn new(head: Head, text: String, hash: Hash, position: Position) -> Self {
        let body = serde_json::from_str(&text).ok();
        Self { head, text, hash, position, body }
    }

    /// Who, without the name: as an event may tell it.
    pub fn actor(&self) -> Actor {
        self.named_actor().unnamed()
    }

    /// Who, with what the person is called: for a history, shown to whoever may read all of it.
    pub fn named_actor(&self) -> Actor {
        self.body.as_ref().map(|body| body.actor.clone()).unwrap_or_default()
    }

    /// The command's trace.
    pub fn traceparent(&self) -> Option<&str> {
        self.body.as_ref()?.traceparent.as_deref()
    }

    /// The circumstances of its change.
    pub fn stamp(&self) -> Stamp {
        Stamp { id: self.head.aggregate, at: self.head.at, actor: self.actor() }
    }

    /// What happened, and where it led.
    ///
    /// # Errors
    /// An entry of a newer shape, or one that is none of `A`'s.
    pub fn change<A: Aggregate>(&self) -> Result<(A::Change, A::State), Untellable> {
        if self.head.shape > A::SHAPE {
            return Err(Untellable::Newer(self.head.shape));
        }
        let body = self.body.as_ref().ok_or_else(|| Untellable::Broken("it is no entry's text".into()))?;
        Ok((body.change::<A>()?, body.state::<A>()?))
    }

    /// All it tells.
    ///
    /// # Errors
    /// As [`change`](Self::change).
    pub fn decode<A: Aggregate>(&self) -> Result<Told<A>, Untellable> {
        let (change, state) = self.change::<A>()?;
        let about = match self.body.as_ref().and_then(|body| body.about.as_ref()) {
            Some(about) => serde_json::from_str(about.get())?,
            None => A::first(&change, state, &self.stamp())
                .ok_or_else(|| Untellable::Broken("it cannot be a first one".into()))?
                .about(),
        };
        Ok(Told { change, state, about })
    }
}

impl FromRow<'_, PgRow> for Head {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            kind: row.try_get("kind")?,
            aggregate: row.try_get("aggregate")?,
            version: row.try_get("version")?,
            district: row.try_get("district")?,
            unit: row.try_get("unit")?,
            at: row.try_get("at")?,
            shape: row.try_get("shape")?,
        })
    }
}

impl FromRow<'_, PgRow> for Entry {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let (head, position) = (Head::from_row(row)?, Position::from_row(row)?);
        Ok(Self::new(head, row.try_get("entry")?, row.try_get("hash")?, position))
    }
}
