//! What the log keeps of a change, as a golden file holds it: the one place of the golden files that knows an entry's form.

use huying_chassis::log::{Aggregate, Entry, Position, Stamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::to_raw_value};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    change: Value,
    about: Value,
}

impl Kept {
    pub(super) fn of<A: Aggregate>(after: &A, change: &A::Change) -> Self {
        Self {
            change: serde_json::to_value(change).unwrap(),
            about: serde_json::to_value(after.about()).unwrap(),
        }
    }

    /// The entry it lies in.
    pub(super) fn entry<A: Aggregate>(&self, after: &A, version: i64, stamp: Stamp) -> Entry {
        let Position { xid, seq } = Position::default();
        Entry {
            id: Uuid::from_u128(version.cast_unsigned().into()),
            kind: A::KIND.to_owned(),
            aggregate: stamp.id,
            version,
            district: after.district().to_owned(),
            at: stamp.at,
            actor: stamp.actor,
            traceparent: None,
            change: to_raw_value(&self.change).unwrap(),
            about: to_raw_value(&self.about).unwrap(),
            xid,
            seq,
        }
    }

    /// What was kept once, read by today's code and kept again.
    pub(super) fn read<A: Aggregate>(kept: &Value) -> serde_json::Result<Self> {
        let Self { change, about } = Self::deserialize(kept)?;
        let (change, about) = (A::Change::deserialize(&change)?, A::About::deserialize(&about)?);
        Ok(Self { change: serde_json::to_value(change)?, about: serde_json::to_value(about)? })
    }
}
