//! 退单 as a case remembers it: which units said that it is not theirs, and how each time was decided.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use serde::{Deserialize, Serialize};

use super::Case;
use crate::domain::unit::Named;

/// A unit handed the case back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRefusal {
    pub unit: Named,
    pub reason: String,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
    /// None: nobody has decided yet, or the case was withdrawn before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arbitration: Option<Arbitration>,
}

/// Who is responsible, as somebody above decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arbitration {
    pub to: Named,
    /// That unit may not hand it back again.
    pub binding: bool,
    pub reason: String,
    /// The unit of whoever decided; none: somebody without a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
}

impl Case {
    /// Whether it was decided that the holder may not hand it back.
    pub fn binds(&self) -> bool {
        let mut arbitrations = self.refusals.iter().filter_map(|refusal| refusal.arbitration.as_ref());
        arbitrations.any(|it| it.binding && it.to.unit == self.holder.unit)
    }
}
