//! Who lives or works there, as rows and entries have it.

use std::collections::BTreeSet;

use huying_chassis::seal::Sealed;
use huying_terms::PriorityKind;
use serde::{Deserialize, Serialize};

use super::Visited;

/// Sealed but for who comes first there. The serde form is kept for ever: only add.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum KeptVisited {
    Sealed {
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        priority: BTreeSet<PriorityKind>,
        /// A [`Visited`].
        sealed: Sealed,
    },
    /// As told, before it is sealed, and as builds before this one kept it: no change with it can be drafted. Or nothing, where nothing is known
    /// any more.
    Clear(Visited),
}

impl Default for KeptVisited {
    fn default() -> Self {
        Self::Clear(Visited::default())
    }
}

impl KeptVisited {
    /// Whether it says somebody's name, address, phone or code.
    pub fn is_clear(&self) -> bool {
        match self {
            Self::Sealed { .. } => false,
            Self::Clear(Visited { name, address, contact, code, priority: _ }) => {
                ![name, address, contact, code].into_iter().all(String::is_empty)
            }
        }
    }

    pub fn is_sealed(&self) -> bool {
        matches!(self, Self::Sealed { .. })
    }

    /// Whether nothing is known of them any more.
    pub fn is_forgotten(&self) -> bool {
        !self.is_sealed() && !self.is_clear()
    }

    /// Who comes first there.
    pub fn priority(&mut self) -> &mut BTreeSet<PriorityKind> {
        match self {
            Self::Sealed { priority, .. } | Self::Clear(Visited { priority, .. }) => priority,
        }
    }
}
