//! An installation for one story: PostgreSQL, NATS and all services in this process, in a directory that goes with it, on a clock that the
//! story moves.

use std::path::Path;

use anyhow::Context;
use chrono::{DateTime, Utc};
use huying_chassis::clock::Clock;
use huying_chassis::config::env_prefix;
use huying_chassis::shutdown::Shutdown;

use super::{Tale, Voice, play};
use crate::services::NAMES;
use crate::up::{self, Options, Running, say::Say};

/// A Monday at 9:00 in Wuhan, 2026-11-02, with no festival in the eight weeks behind it.
const BEGINS: i64 = 1_793_581_200;

/// A clock as a story begins with it. It stands still until the story moves it.
pub fn clock() -> Clock {
    Clock::manual(DateTime::<Utc>::from_timestamp(BEGINS, 0).unwrap_or_default())
}

/// Plays a story on an installation of its own, and takes that away again.
///
/// # Errors
/// What is not as told, or keeps the installation from starting or ending well.
pub async fn tell(tale: &Tale, profile: &Path, voice: Voice, stop: &Shutdown) -> anyhow::Result<()> {
    let directory = tempfile::tempdir().context("a story needs a directory for temporary files")?;
    let (clock, say) = (clock(), Say::new());
    let options = Options {
        profiles: vec![profile.to_owned()],
        clock: Some(clock.clone()),
        env: unhurried(),
        ..Options::at(&directory.path().join("data"))
    };
    let ends = stop.child();
    let Some(started) = stop.unless(Box::pin(up::start(options, &say, ends.clone()))).await else {
        return Ok(());
    };
    let running: Running = started?;
    let client = running.client("story");
    let told = stop.unless(Box::pin(play(&client, tale, Some(&clock), voice))).await;
    ends.begin();
    let ended = Box::pin(running.serve(&say)).await;
    told.unwrap_or(Ok(())).and(ended)
}

/// The settings of such an installation: one program acts for everybody in a story, and asks for all of them at once how it stands.
pub fn unhurried() -> Vec<(String, String)> {
    let unbounded = |service: &&str| {
        ["RATE", "CALLER_CALLS"]
            .map(|key| (format!("{}LIMITS__ADMISSION__STAFF__{key}", env_prefix(service)), "0".to_owned()))
    };
    NAMES.iter().flat_map(unbounded).collect()
}
