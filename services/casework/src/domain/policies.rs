//! What a place has settled for itself: who grants what, how often and how long. Each has a usual value, for a district that does not say.

use std::collections::BTreeMap;

use huying_terms::{Limit, LimitKind, Tier};
use serde::{Deserialize, Serialize};

use super::approval::AskKind;

/// Who rules on an approval, seen from the holder that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Granter {
    /// The unit one tier above.
    Superior,
    /// The unit above that stands at this tier.
    Tier(Tier),
}

/// As applied; what is not said is as usual.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policies {
    pub grants: BTreeMap<AskKind, Granter>,
    /// Until an approval climbs.
    pub approve: Limit,
    /// How often a case may be extended, and by how much at a time.
    pub extensions: u32,
    pub longest_extension: Limit,
    /// How long a reporter is waited for who was asked something.
    pub wait: Limit,
    /// From an assignment: until then the holder may return the case.
    pub return_window: Limit,
    /// How often a case may be returned; from then on every decision binds.
    pub returns: u32,
    /// Until an arbitration climbs.
    pub arbitrate: Limit,
    /// How long a suspended case goes without a review at most.
    pub review: Limit,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            grants: BTreeMap::new(),
            approve: Limit { kind: LimitKind::WorkDay, amount: 1 },
            extensions: 2,
            longest_extension: Limit { kind: LimitKind::WorkDay, amount: 10 },
            wait: Limit { kind: LimitKind::NaturalDay, amount: 3 },
            return_window: Limit { kind: LimitKind::WorkHour, amount: 2 },
            returns: 2,
            arbitrate: Limit { kind: LimitKind::WorkHour, amount: 4 },
            review: Limit { kind: LimitKind::NaturalDay, amount: 30 },
        }
    }
}

impl Policies {
    pub fn granter(&self, kind: AskKind) -> Granter {
        self.grants.get(&kind).copied().unwrap_or_else(|| kind.usual_granter())
    }
}
