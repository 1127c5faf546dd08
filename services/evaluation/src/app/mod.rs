//! What evaluation does, one file per family of use cases: load, decide, append. The decisions are the domain's.

mod appeal;
mod ask;
mod count;
mod effect;
mod follow;
pub mod inquiry;
pub mod inspection;
mod judge;
mod link;
mod long;
mod overdue;
mod parties;
mod profile;
pub mod quota;
mod rating;
pub mod read;
pub mod recount;
pub mod round;
mod sign;
pub mod simulate;
pub mod topic;
mod watch;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use huying_chassis::{
    log::{Aggregate, Log, Meta, Versioned, not_found},
    profile::Profiles,
    run::{RunError, Runner, Seen},
    status::Problem,
};

use tokio::sync::{Semaphore, watch as watched};

use crate::{
    domain::{error::Error, profile::EvaluationProfile},
    intake::Intake,
    store::Store,
};

pub use ask::World;
pub use judge::Outcome;
pub use link::hash;

/// Why a step on a callback came to nothing.
pub type Refused = RunError<Error>;
/// What a command has looked at.
type See = Seen<World, Error>;

/// The use cases. Cheap to clone.
#[derive(Clone)]
pub struct App {
    log: Log,
    runner: Runner<World>,
    store: Store,
    world: Arc<World>,
    pub intake: Intake,
    /// Whoever looks at all of a district.
    alone: Arc<Semaphore>,
    /// That something was counted here.
    counted: watched::Sender<()>,
    /// How often a caller may do in a day what [`quota::COUNTED`] names, each by itself.
    additions_a_day: u32,
}

impl App {
    pub fn new(
        log: Log,
        profiles: Arc<Profiles<EvaluationProfile>>,
        intake: Intake,
        additions_a_day: u32,
    ) -> Self {
        let store = Store::new(log.pool().clone());
        let world = Arc::new(World { profiles, store: store.clone() });
        Self {
            store,
            runner: Runner::new(log.clone(), world.clone()),
            log,
            world,
            intake,
            alone: Arc::new(Semaphore::new(1)),
            counted: watched::Sender::new(()),
            additions_a_day,
        }
    }

    /// What the same command began before.
    async fn begun_before<A: Aggregate>(&self, meta: &Meta) -> Result<Option<Versioned<A>>, Problem> {
        let Some(done) = self.log.repeated(meta).await? else { return Ok(None) };
        let begun = self.log.load(done.aggregate).await?;
        begun.map(Some).ok_or_else(|| not_found(A::KIND, done.aggregate))
    }

    /// Now, by the service's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.log.now()
    }
}
