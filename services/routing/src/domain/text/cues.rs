//! The words that turn the meaning of others: the lists in `cues.txt`, and how each turns.

use std::{ops::Range, sync::LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};
use strum::{IntoStaticStr, VariantArray};

use crate::domain::lists::lists;

/// How a cue turns what stands before or behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Cue {
    /// Looks like a cue and is none, or says the thing twice over: 无故停水, 不是没有漏气.
    Nothing,
    /// There is none of what follows at once: 没有漏气.
    Absent,
    /// It is not what follows: 不是路灯的问题.
    Denied,
    /// What follows is imagined, guarded against or long past: 防止触电, 如果着火.
    Supposed,
    /// A new turn: what was denied or supposed is so no longer.
    But,
    /// What stands before is settled, if said to be done: 已修好.
    Settled,
    /// What stands before is settled likewise, and so is what it is said to mend, behind it: 已修好塌陷的路面.
    Mended,
    /// Done: 已.
    Done,
    /// What stands before is in order, or apart from the matter: 正常, 无关.
    Fine,
    /// What stands before is taught, insured or sold: 漏气报警器, 触电知识.
    Taught,
    /// What stands on either side is played or told: 消防演习, 电影里的爆炸.
    Played,
    /// Somebody says so, or it is only wished for: 回复说已修好, 希望修好了.
    Said,
    /// It came back: 又, 还是.
    Again,
}

/// By how they turn.
const CUES: &str = include_str!("cues.txt");

/// A cue at its place in a text's normal form.
pub(super) struct Turn {
    pub range: Range<usize>,
    pub cue: Cue,
}

struct Finder {
    automaton: Option<AhoCorasick>,
    /// By pattern.
    cues: Vec<Cue>,
}

/// A word of several cues is that of the first one listed, except where the place tells: see [`turns`].
static FINDER: LazyLock<Finder> = LazyLock::new(|| {
    let cue = |name| Cue::VARIANTS.iter().copied().find(|cue| <&str>::from(cue) == name);
    let words = lists(CUES).filter_map(|(name, word)| Some((word, cue(name)?)));
    let (words, cues): (Vec<&str>, Vec<Cue>) = words.unzip();
    Finder {
        automaton: AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok(),
        cues,
    }
});

/// The cues in a part of a text, in order.
pub(super) fn turns(normal: &str, part: Range<usize>) -> Vec<Turn> {
    let text = normal.get(part.clone()).unwrap_or_default();
    let hits = FINDER.automaton.iter().flat_map(|automaton| automaton.find_iter(text));
    let turn = |hit: aho_corasick::Match| {
        let cue = *FINDER.cues.get(hit.pattern().as_usize())?;
        Some(Turn { range: part.start + hit.start()..part.start + hit.end(), cue })
    };
    hits.filter_map(turn).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_of_a_cue() {
        for (name, word) in lists(CUES) {
            assert!(Cue::VARIANTS.iter().any(|cue| <&str>::from(cue) == name), "{name} {word}");
            assert_eq!(huying_words::normal(word), word);
        }
        assert_eq!(FINDER.cues.len(), lists(CUES).count());
    }
}
