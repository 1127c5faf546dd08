//! The use cases: commands that the chassis runs.

pub mod archive;
pub mod card;
pub mod flood;
pub mod follow;
pub mod forget;
pub mod forum;
pub mod handbook;
pub mod join;
pub mod offer;
pub mod people;
pub mod person;
pub mod profile;
pub mod read;
pub mod risk;
pub mod seal;
pub mod steps;
pub mod submit;
pub mod visit;
pub mod visited;

use std::sync::Arc;

use chrono::TimeDelta;
use huying_chassis::{
    log::{Log, watch::Watcher},
    profile::Profiles,
    run::{Answering, Question, Runner, Seen},
    seal::Seals,
};
use uuid::Uuid;

use crate::{
    domain::{Error, profile::Part},
    store::number::Numbers,
};

/// What a command has looked at.
type See = Seen<World, Error>;
/// Whom a command may ask: the districts' profiles.
pub type World = Profiles<Part>;

/// What the use cases work with.
pub struct App {
    pub log: Log,
    pub watcher: Watcher,
    pub runner: Runner<World>,
    pub profiles: Arc<World>,
    pub numbers: Numbers,
    pub floods: flood::Floods,
    /// How long it is kept who read names and phones.
    pub reads_kept: TimeDelta,
    /// How many additions a caller may make in a day, of each kind that is counted; and how many times they may update archives.
    pub additions_a_day: u32,
    pub archive_updates_a_day: u32,
    pub seals: Seals,
}

/// Which aggregate has something that only one may have, by the claim's name and key.
#[derive(Clone, Debug)]
struct Claimed(&'static str, String);

impl Question<World> for Claimed {
    type Answer = Option<Uuid>;

    fn answer<'a>(&'a self, log: &'a Log, _: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async { Ok(log.claimed(self.0, &self.1).await?) })
    }
}
