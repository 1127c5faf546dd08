//! What evaluation does, one file per family of use cases: load, decide, append. The decisions are the domain's.

mod follow;
mod judge;
mod profile;
mod read;

use std::sync::Arc;

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
type See = Seen<(), Error>;

/// The use cases. Cheap to clone.
#[derive(Clone)]
pub struct App {
    log: Log,
    runner: Runner<()>,
    store: Store,
    profiles: Arc<Profiles<EvaluationProfile>>,
}

impl App {
    pub fn new(log: Log, profiles: Arc<Profiles<EvaluationProfile>>) -> Self {
        let (store, runner) = (Store::new(log.pool().clone()), Runner::new(log.clone(), Arc::default()));
        Self { store, runner, log, profiles }
    }
}
