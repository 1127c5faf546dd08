//! What a replaced profile means for cases, dispatches and approvals under way: their clocks go by it from then on.

use huying_chassis::{
    auth::Reach,
    log::Meta,
    profile::{Outcome, Part as _},
    run,
    status::Problem,
    sweep::{Live, Sweeper, Swept},
};
use uuid::Uuid;

use super::{App, step::caused, world::See};
use crate::{
    NAME,
    domain::{Approval, Case, CaseworkProfile, Dispatch, lamp::Clocked, recompute::Recompute},
    store,
};

impl App {
    /// Replaces a district's profile and carries it into what is under way; a repeated command answers how it stands.
    pub async fn apply_profile(
        &self,
        part: CaseworkProfile,
        dry_run: bool,
        reach: &Reach,
        meta: &Meta,
    ) -> Result<(Outcome, Swept), Problem> {
        tracing::debug!(district = part.district(), dry_run, "a profile is applied");
        self.sweeper().apply(&self.world.profiles, part, dry_run, (reach, meta)).await
    }

    pub fn sweeper(&self) -> Sweeper {
        let kinds = vec![
            self.live::<Case>(store::LIVE_CASE),
            self.live::<Dispatch>(store::LIVE_DISPATCH),
            self.live::<Approval>(store::LIVE_APPROVAL),
        ];
        Sweeper::new(self.log.clone(), kinds)
    }

    fn live<A: Clocked>(&self, which: &'static str) -> Live {
        let command = |id: Uuid| run::heard(move |seen: &See| caused::<A>(seen, id, &Recompute));
        Live::new::<A, _, _>(which, self.runner.clone(), Meta::of_service(NAME), command)
    }
}
