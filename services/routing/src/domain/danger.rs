//! Danger to life: read apart from what a request is about, so that it counts even where nothing else is known.
//!
//! It errs on the safe side: a word counts unless it is clearly denied, settled, supposed or harmless; see [`super::text`].

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::lists::lists;

/// By kind; see there.
const WORDS: &str = include_str!("danger.txt");
/// The list of what holds a word of danger and is none.
const HARMLESS: &str = "harmless";

/// A kind of danger.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Danger {
    Gas,
    Trapped,
    Suicide,
    Violence,
    Collapse,
    Electricity,
    Fire,
    Drowning,
    Poisoning,
    /// Somebody or something falls from a height, or into a hole.
    Fall,
    /// Somebody hurt, unconscious or suddenly ill.
    Injury,
    /// A child, an old or a sick person alone, missing or not answering.
    Alone,
}

impl Danger {
    pub fn name(self) -> &'static str {
        self.into()
    }

    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Gas => "燃气泄漏",
            Self::Trapped => "人员被困",
            Self::Suicide => "轻生",
            Self::Violence => "暴力伤害",
            Self::Collapse => "坍塌",
            Self::Electricity => "触电漏电",
            Self::Fire => "起火爆炸",
            Self::Drowning => "溺水",
            Self::Poisoning => "中毒",
            Self::Fall => "坠落",
            Self::Injury => "伤病",
            Self::Alone => "无人照看或失联",
        }
    }
}

/// The words that every district has.
pub fn words(danger: Danger) -> impl Iterator<Item = &'static str> {
    listed(danger.name())
}

/// What holds a word of danger and is none.
pub fn harmless() -> impl Iterator<Item = &'static str> {
    listed(HARMLESS)
}

fn listed(wanted: &'static str) -> impl Iterator<Item = &'static str> {
    lists(WORDS).filter(move |(name, _)| *name == wanted).map(|(_, word)| word)
}

/// Words of a district's own that speak of a danger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DangerWords {
    pub danger: Danger,
    pub words: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_of_a_danger_and_each_has_one() {
        let known = |name| name == HARMLESS || Danger::VARIANTS.iter().any(|it| it.name() == name);
        assert!(lists(WORDS).all(|(name, _)| known(name)));
        assert!(Danger::VARIANTS.iter().all(|danger| words(*danger).count() > 10));
    }
}
