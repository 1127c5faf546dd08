//! The use cases: commands that the chassis runs.

pub mod follow;
pub mod handbook;
pub mod profile;
pub mod read;
pub mod steps;
pub mod submit;

use std::sync::Arc;

use huying_chassis::{
    log::Log,
    profile::Profiles,
    run::{Runner, Seen},
};

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
    pub runner: Runner<World>,
    pub profiles: Arc<World>,
    pub numbers: Numbers,
}
