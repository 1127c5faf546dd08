//! The stories, one file each, as the districts tell them; the words are ours, and nobody is named. All play among the units of Jiang'an,
//! whose profile is at hand: where another district told one, its places are set here and `source` says so.

mod ball;
mod briefing;
mod car;
mod clinic;
mod gas;
mod group;
mod late;
mod reopened;
mod silent;
mod suspended;
mod tree;

use super::tale::Tale;

/// All of them, in the order in which they are listed and played.
pub static TALES: [&Tale; 11] = [
    &car::TALE,
    &tree::TALE,
    &briefing::TALE,
    &gas::TALE,
    &late::TALE,
    &silent::TALE,
    &ball::TALE,
    &group::TALE,
    &clinic::TALE,
    &suspended::TALE,
    &reopened::TALE,
];

/// Those that Jiang'an itself has published, as every start with `--stories` plays them.
pub const PUBLISHED: [&str; 3] = ["a", "b", "c"];
