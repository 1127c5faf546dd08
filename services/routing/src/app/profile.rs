//! A district's directory is replaced, and what waits at its desk goes by the new one.

use huying_chassis::{
    auth::Reach,
    log::Meta,
    profile::Outcome,
    run::{Seen, heard},
    status::Problem,
    sweep::{Live, Sweeper, Swept},
};
use uuid::Uuid;

use super::{App, DirectoryOf, World};
use crate::{
    NAME,
    domain::{profile::Directory, route::Route},
};

/// What waits, as the index `route_queued` has it.
const QUEUED: &str = "state = 'queued'";

impl App {
    /// Replaces a district's directory and lets what waits go by it, or with `dry_run` only says what would differ.
    ///
    /// # Errors
    /// The chassis's.
    pub async fn apply_profile(
        &self,
        directory: Directory,
        dry_run: bool,
        reach: &Reach,
        meta: &Meta,
    ) -> Result<(Outcome, Swept), Problem> {
        let may = std::future::ready(Ok(()));
        self.sweeper().apply(&self.profiles, directory, dry_run, may, (reach, meta)).await
    }

    /// Looks at what waits once its district's directory was replaced.
    pub fn sweeper(&self) -> Sweeper {
        let recompute = |id: Uuid| {
            heard(move |seen: &Seen<World, Problem>| {
                let Some(route) = seen.find::<Route>(id)? else { return Ok(Vec::new()) };
                let index = seen.ask(DirectoryOf(route.it.submission.district.clone()))?;
                let drafted = seen.draft(route, route.it.recompute(index))?;
                Ok(drafted.map(|(draft, _)| draft).into_iter().collect())
            })
        };
        let live = Live::new::<Route, _, _>(QUEUED, self.runner.clone(), Meta::of_service(NAME), recompute);
        Sweeper::new(self.log.clone(), vec![live])
    }
}
