//! What the reporter says, and when it passes.

use serde::{Deserialize, Serialize};
use strum::VariantArray;

/// The three questions of a callback, answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// 是否联系: did the unit contact them.
    pub contacted: bool,
    /// 是否解决: is it truly solved.
    pub solved: bool,
    /// 是否满意: are they satisfied.
    pub satisfaction: Satisfaction,
    /// In the reporter's words. Never in an event.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
}

/// How satisfied the reporter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "snake_case")]
pub enum Satisfaction {
    /// 满意.
    Satisfied,
    /// 基本满意.
    Basically,
    /// 不满意.
    Unsatisfied,
}

impl Verdict {
    /// Solved and not unsatisfied. Whether the unit got in touch counts in its rates, not here: a lamp that shines again is not
    /// reopened because nobody phoned.
    pub fn passes(&self) -> bool {
        match self.satisfaction {
            Satisfaction::Satisfied | Satisfaction::Basically => self.solved,
            Satisfaction::Unsatisfied => false,
        }
    }
}
