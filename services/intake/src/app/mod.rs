//! The use cases: load, decide, append.

pub mod follow;
pub mod read;
pub mod steps;
pub mod submit;

use std::sync::Arc;

use huying_chassis::{log::Log, profile::Profiles};

use crate::{domain::profile::Part, store::number::Numbers};

/// What the use cases work with.
pub struct App {
    pub log: Log,
    pub profiles: Arc<Profiles<Part>>,
    pub numbers: Numbers,
}
