//! The use cases: load, decide, append. No rule of the business is here; those are in [`domain`](crate::domain).

pub mod look;
pub mod receive;
pub mod triage;

use std::sync::Arc;

use huying_chassis::{log::Log, profile::Profiles, run::Runner, status::Problem};

use crate::domain::{index::Index, profile::Directory};

/// What the use cases stand on. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) log: Log,
    pub(crate) runner: Runner<()>,
    pub(crate) profiles: Arc<Profiles<Directory>>,
}

impl App {
    pub fn new(log: Log, profiles: Arc<Profiles<Directory>>) -> Self {
        Self { runner: Runner::new(log.clone(), Arc::default()), log, profiles }
    }

    /// A district's directory, from memory.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT`.
    pub async fn directory(&self, district: &str) -> Result<Arc<Index>, Problem> {
        self.profiles.get(district).await
    }
}
