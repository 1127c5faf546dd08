//! How alike two texts are: by the pairs of characters that follow each other in both.

use std::collections::BTreeSet;

use crate::normal;

/// A text's pairs of letters and digits, in normal form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(BTreeSet<(char, char)>);

impl Pairs {
    pub fn of(text: &str) -> Self {
        let letters: Vec<char> = normal(text).chars().filter(|c| c.is_alphanumeric()).collect();
        Self(letters.iter().copied().zip(letters.iter().copied().skip(1)).collect())
    }

    /// The share of the shorter one's pairs that both have, 0 to 1; 0 where one has none. Two people's accounts of one matter share a third
    /// to a half, those of two matters hardly a tenth.
    pub fn share(&self, other: &Self) -> f32 {
        let both = self.0.intersection(&other.0).count();
        match self.0.len().min(other.0.len()) {
            0 => 0.0,
            shorter => both as f32 / shorter as f32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pairs;

    fn share(one: &str, other: &str) -> f32 {
        let (one, other) = (Pairs::of(one), Pairs::of(other));
        assert_eq!(one.share(&other), other.share(&one), "it goes both ways");
        one.share(&other)
    }

    #[test]
    fn texts_are_as_alike_as_their_pairs() {
        assert_eq!(share("路灯不亮", "路燈 不亮！"), 1.0, "in normal form, whatever stands between");
        assert!(share("胜利街的大树歪了", "胜利街一棵大树快倒了") > 0.4);
        assert!(share("胜利街的大树歪了", "二楼夜里装修吵人") < 0.1);
        for nothing in ["", "。", "灯"] {
            assert_eq!(share(nothing, "路灯不亮"), 0.0, "{nothing}");
        }
    }
}
