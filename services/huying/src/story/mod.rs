//! The published cases of a real district, and what else happens to cases, played through the real services.
//!
//! `tales` says what happened, as data, a file each; `stage` plays it: every step is the call that its actor would make, with that actor's
//! own token, and what must follow is waited for and checked. `screen` shows who did what, at which tier, with which clock. Anything that
//! is not as told fails the command.
//!
//! Where time must pass, a story plays on an installation of its own ([`private`]), whose clock is [`Clock::manual`], the one that tests
//! have: the story moves it, and timers fire by it as they do by any clock. No setting and no call gives a service such a clock, so nobody
//! can move that of an installation.

mod above;
mod ball;
mod begin;
mod call;
mod decline;
mod end;
mod inquiry;
mod join;
mod paper;
pub mod private;
mod screen;
mod stage;
mod tale;
mod tales;
mod time;
mod topic;
mod work;

use std::time::Duration;

use huying_chassis::clock::Clock;

use crate::client::Client;

pub use tale::{Place, Step, Tale};
pub use tales::{PUBLISHED, TALES};

/// Whether anybody watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// A time line on standard output, with a rest after each step for whoever reads along.
    Aloud(Duration),
    /// Played and checked, nothing shown: for tests.
    Silent,
}

/// The story of a name.
pub fn named(name: &str) -> Option<&'static Tale> {
    TALES.iter().copied().find(|tale| tale.name == name)
}

/// Plays a story through services that run: by their own time, or by the clock that they were started with and that the story moves.
///
/// # Errors
/// What is not as told; a story that needs a clock and has none.
pub async fn play(client: &Client, tale: &Tale, clock: Option<&Clock>, voice: Voice) -> anyhow::Result<()> {
    Box::pin(stage::play(client, tale, clock, voice)).await
}
