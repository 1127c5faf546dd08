//! What evaluation does, one file per family of use cases: load, decide, append. The decisions are the domain's.

mod follow;
mod judge;
mod profile;
mod read;

use std::sync::Arc;

use huying_chassis::{
    log::{Log, StepError},
    profile::Profiles,
};

use crate::{
    domain::{error::Error, profile::EvaluationProfile},
    store::Store,
};

/// Why a step on a callback came to nothing.
pub type Refused = StepError<Error>;

/// The use cases. Cheap to clone.
#[derive(Clone)]
pub struct App {
    log: Log,
    store: Store,
    profiles: Arc<Profiles<EvaluationProfile>>,
}

impl App {
    pub fn new(log: Log, profiles: Arc<Profiles<EvaluationProfile>>) -> Self {
        Self { store: Store::new(log.pool().clone()), log, profiles }
    }
}
