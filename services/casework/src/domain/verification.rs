//! 核查: cases of which categories are looked at on site before anybody is told that they are resolved, and by which unit.

use serde::{Deserialize, Serialize};

use super::profile::{is_below, is_category_part};

/// Cases of a category, or of all below a part of its code, are verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationDemand {
    pub category: String,
    /// The unit that looks; none: the one above the holder, as also where it worked on the case itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

impl VerificationDemand {
    /// What is demanded of a category: of several the one that names most of its code.
    pub fn of<'a>(category: &str, demands: &'a [Self]) -> Option<&'a Self> {
        demands.iter().filter(|it| is_below(category, &it.category)).max_by_key(|it| it.category.len())
    }

    /// Whether it can be meant.
    pub fn is_right(&self) -> bool {
        let named = self.unit.as_ref().is_none_or(|unit| (1..=64).contains(&unit.len()));
        named && is_category_part(&self.category)
    }
}
