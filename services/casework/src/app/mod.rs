//! The use cases: each a command that says what it needs, run by the chassis ([`world`] is what it may ask).
//!
//! - [`step`] runs a step, whoever or whatever causes it; [`quota`] says which of them a caller may take only so often a day.
//! - [`open`] opens a case on a decided route; [`follow`] is what intake and evaluation cause; [`fire`] is what the clock does.
//! - [`carry`] takes a district's new profile into what is under way.
//! - [`accounts`] counts what entered, is worked on and is settled.
//! - [`gauges`] is what whoever runs it should know.
//! - [`ledger`] reads a district's ledgers off its cases.
//! - [`meeting`] convenes open meetings and counts them. [`absence`] records who is away, and tells how a unit's officers are.
//! - [`read`] looks up, [`allowed`] says what somebody may do. [`attach`] takes files and gives them back, [`sweep`]
//!   looks after where they are.

pub mod absence;
pub mod accounts;
pub mod allowed;
pub mod attach;
pub mod carry;
pub mod fire;
pub mod follow;
pub mod gauges;
pub mod ledger;
pub mod meeting;
pub mod open;
pub mod quota;
pub mod read;
pub mod step;
pub mod sweep;
pub mod world;

use std::sync::Arc;

use huying_chassis::{
    bus::Publisher,
    log::{Log, watch::Watcher},
    run::Runner,
    shutdown::Shutdown,
    status::Problem,
};
use huying_objects::Objects;

use crate::domain::CaseworkProfile;
use world::World;

/// What the use cases work with.
#[derive(Clone)]
pub struct App {
    pub log: Log,
    pub world: Arc<World>,
    pub runner: Runner<World>,
    /// Tells the event of an entry.
    pub publish: Publisher,
    pub stop: Shutdown,
    /// Where files are.
    pub objects: Arc<dyn Objects>,
    pub watcher: Watcher,
    /// How many notes a caller may write in a day, and how often they may take each other step of [`quota::COUNTED`].
    pub notes_a_day: u32,
}

impl App {
    /// The district's profile, or the fallback.
    pub async fn profile(&self, district: &str) -> Result<Arc<CaseworkProfile>, Problem> {
        self.world.profile(district).await
    }
}
