//! The use cases: load, decide, append. No rule of the business is here; those are in [`domain`](crate::domain).

pub mod explain;
pub mod learn;
pub mod look;
pub mod memory;
pub mod profile;
pub mod receive;
pub mod triage;
pub mod twins;

use std::sync::Arc;

use huying_chassis::{
    log::Log,
    profile::Profiles,
    run::{Answering, Question, Runner},
    status::Problem,
};
use tonic::Code;

use crate::domain::{
    index::Index,
    learned::{Learned, LearnedUnits},
    profile::Directory,
};

/// Whom commands put their questions to.
pub(crate) type World = Profiles<Directory>;

/// The directory of a district, from memory.
#[derive(Clone, Debug)]
pub(crate) struct DirectoryOf(pub String);

impl Question<World> for DirectoryOf {
    type Answer = Arc<Index>;

    fn answer<'a>(&'a self, _: &'a Log, world: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(world.get(&self.0))
    }
}

/// What the use cases stand on. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) log: Log,
    pub(crate) runner: Runner<World>,
    pub(crate) profiles: Arc<World>,
    pub(crate) models: Arc<Profiles<Learned>>,
    pub(crate) unit_models: Arc<Profiles<LearnedUnits>>,
}

impl App {
    pub fn new(
        log: Log,
        profiles: Arc<World>,
        models: Arc<Profiles<Learned>>,
        unit_models: Arc<Profiles<LearnedUnits>>,
    ) -> Self {
        Self { runner: Runner::new(log.clone(), profiles.clone()), log, profiles, models, unit_models }
    }

    /// A district's directory, from memory.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT`.
    pub async fn directory(&self, district: &str) -> Result<Arc<Index>, Problem> {
        self.profiles.get(district).await
    }

    /// A district's directory, from memory; none where there is none that can be used.
    ///
    /// # Errors
    /// Only that it cannot be told now.
    pub async fn usable(&self, district: &str) -> Result<Option<Arc<Index>>, Problem> {
        match self.directory(district).await {
            Ok(index) => Ok(Some(index)),
            Err(problem) if problem.code() == Code::Unavailable => Err(problem),
            Err(_) => Ok(None),
        }
    }
}
