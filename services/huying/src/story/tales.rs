//! The stories, one file each, as the five places tell them; the words are ours, and nobody is named. Each plays among the units of its place; what is
//! set here `source` says.

mod ball;
mod briefing;
mod car;
mod card;
mod clinic;
mod declines;
mod finding;
mod gas;
mod group;
mod inquiry;
mod insulin;
mod late;
mod reopened;
mod silent;
mod suspended;
mod thrice;
mod tree;

use super::tale::Tale;

/// All of them, in the order in which they are listed and played.
pub static TALES: [&Tale; 17] = [
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
    &thrice::TALE,
    &declines::TALE,
    &insulin::TALE,
    &inquiry::TALE,
    &finding::TALE,
    &card::TALE,
];

/// Those that Jiang'an itself has published, as every start with `--stories` plays them.
pub const PUBLISHED: [&str; 3] = ["a", "b", "c"];
