//! 重点人群: the words by which a district knows that a request concerns somebody who comes first.

use huying_terms::PriorityKind;
use serde::{Deserialize, Serialize};

/// Words that tell of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleWords {
    /// None: these hold such a word and tell of nobody (残疾人通道).
    pub kind: Option<PriorityKind>,
    pub words: Vec<String>,
}
