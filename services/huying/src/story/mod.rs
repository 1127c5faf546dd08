//! The published cases of a real district, played through the real services.
//!
//! `tales` says what happened, as data; `stage` plays it: every step is the call that its actor would
//! make, with that actor's own token, and what must follow is waited for and checked. `screen` shows who
//! did what, at which tier, with which clock. Anything that is not as told fails the command.

mod begin;
mod end;
mod screen;
mod stage;
mod tale;
mod tales;
mod work;

use crate::client::Client;

pub use tale::{Step, Tale};
pub use tales::TALES;

/// Whether anybody watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// A time line on standard output.
    Aloud,
    /// Played and checked, nothing shown: for tests.
    Silent,
}

/// Plays one story (`a`, `b`, `c`) or `all`.
///
/// # Errors
/// What is not as told.
pub async fn play(client: &Client, which: &str, voice: Voice) -> anyhow::Result<()> {
    for tale in TALES.iter().filter(|tale| which == "all" || tale.key == which) {
        Box::pin(stage::play(client, tale, voice)).await?;
    }
    Ok(())
}
