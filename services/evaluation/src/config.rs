//! Evaluation's own settings.

use serde::{Deserialize, Serialize};

/// There are none: what differs from place to place is the district's profile.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Own {}
