//! Learns from messages that somebody has labelled which label a new one has: what routing asks where no rule decides a category.
//!
//! Pure: no I/O, no clock, and the only randomness is a seed, so the same examples make the same model, byte for byte.
//!
//! A tour, in the order of a message's way:
//!
//! - [`Message`] becomes numbers ([`grams`]): hashes of its characters and of each two that stand together, in the normal form of
//!   huying-words, so that it makes no difference whether a text came with blanks between its words.
//! - [`vocabulary`]: which of these numbers are known, and what each is worth; a text becomes a vector of length 1.
//! - [`solve`]: for each label, the plane that parts its examples from the others best (a linear support vector machine, by dual
//!   coordinate descent).
//! - [`train()`] puts it together. Five parts of the examples are each classified by a model of the other four, with near-identical
//!   texts ([`twins`]) kept in one part: that is what [`HeldOut`] counts, and what the confidence is calibrated on.
//! - [`Model`] answers; [`file`](mod@file) is how it is kept, at most 8 MiB, and read back without trusting it.
//!
//! Chosen by cross-validation on two sets of citizens' messages with seven classes: two characters do as well as three or four and are
//! quicker; what stands in the title or among the first characters counts twice and also as itself; a character pair that occurs with
//! all labels alike is worth less, which helps most where examples are few; characters behind the first 1,000
//! say nothing more.

pub mod file;
mod grams;
mod held_out;
mod model;
mod solve;
mod train;
mod twins;
mod vocabulary;

pub use file::Unreadable;
pub use grams::Message;
pub use held_out::{Bin, HeldOut, OfLabel};
pub use model::{Answer, Choice, LABELS, LARGEST, Model};
pub use train::{EXAMPLES, Example, LABEL, Trained, Untrainable, steps, train};
