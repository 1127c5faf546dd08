//! What was heard and is to be counted.

use serde::{Deserialize, Serialize};

use super::{received::Received, told::Told};

/// Of a case, or that a request came. Told apart by their fields: what was kept before requests were heard of is of cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Word {
    Case(Told),
    Request(Received),
}
