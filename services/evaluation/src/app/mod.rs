//! What evaluation does, one file per family of use cases: load, decide, append. The decisions are the domain's.

mod count;
mod follow;
mod judge;
mod profile;
pub mod read;
pub mod recount;
pub mod round;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use huying_chassis::{
    log::Log,
    profile::Profiles,
    run::{RunError, Runner, Seen},
};

use crate::{
    domain::{error::Error, profile::EvaluationProfile},
    store::Store,
};

/// Why a step on a callback came to nothing.
pub type Refused = RunError<Error>;
/// What a command has looked at.
type See = Seen<World, Error>;
/// Whom a command may ask: the districts' profiles.
type World = Profiles<EvaluationProfile>;

/// The use cases. Cheap to clone.
#[derive(Clone)]
pub struct App {
    log: Log,
    runner: Runner<World>,
    store: Store,
    profiles: Arc<World>,
}

impl App {
    pub fn new(log: Log, profiles: Arc<World>) -> Self {
        let (store, runner) = (Store::new(log.pool().clone()), Runner::new(log.clone(), profiles.clone()));
        Self { store, runner, log, profiles }
    }

    /// Now, by the service's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.log.now()
    }
}
