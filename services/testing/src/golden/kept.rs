//! What the log keeps of a change, as a golden file holds it: the entry's own text and the number of its shape.

use huying_chassis::log::{Aggregate, Entry, Position};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    shape: i16,
    text: Value,
}

impl Kept {
    pub(super) fn of(entry: &Entry) -> Self {
        Self { shape: entry.head.shape, text: serde_json::from_str(&entry.text).unwrap() }
    }

    /// What today's code reads in what was kept once, in place of an entry of today.
    pub(super) fn read<A: Aggregate>(kept: &Value, today: &Entry) -> Result<Value, String> {
        let Self { shape, text } = Self::deserialize(kept).map_err(|e| e.to_string())?;
        let mut head = today.head.clone();
        head.shape = shape;
        told::<A>(&Entry::new(head, text.to_string(), today.hash, Position::default()))
    }
}

/// All that an entry tells.
pub(super) fn told<A: Aggregate>(entry: &Entry) -> Result<Value, String> {
    let told = entry.decode::<A>().map_err(|e| e.to_string())?;
    Ok(json!({ "change": told.change, "state": told.state, "about": told.about }))
}
