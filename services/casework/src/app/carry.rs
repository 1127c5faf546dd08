//! What a replaced profile means for cases, dispatches and approvals under way: their clocks go by it from then on, and what units had that
//! are no more is their successors'. A unit that has something in hand and no successor is not let go.

use std::collections::BTreeMap;

use huying_chassis::{
    auth::Reach,
    log::Meta,
    profile::{Outcome, Part as _},
    run,
    status::Problem,
    sweep::{Live, Sweeper, Swept},
};
use tonic::Code;
use uuid::Uuid;

use super::{App, step::caused, world::See};
use crate::{
    NAME,
    domain::{
        Approval, Case, CaseworkProfile, Dispatch,
        successor::{Carry, Succeeds},
    },
    store::{
        self,
        unit::{InHand, in_hand},
    },
};

/// Units that a refusal names.
const NAMED: usize = 20;

impl App {
    /// Replaces a district's profile and carries it into what is under way; a repeated command answers how it stands.
    ///
    /// # Errors
    /// `UNIT_HOLDS_CASES`; those of [`huying_chassis::profile::Profiles::apply`].
    pub async fn apply_profile(
        &self,
        part: CaseworkProfile,
        dry_run: bool,
        reach: &Reach,
        meta: &Meta,
    ) -> Result<(Outcome, Swept), Problem> {
        tracing::debug!(district = part.district(), dry_run, "a profile is applied");
        let before = self.world.profiles.stored(part.district()).await?;
        let gone = before.map(|before| gone(&before.units, &part)).unwrap_or_default();
        let may = self.may_go(part.district(), &gone);
        self.sweeper().apply(&self.world.profiles, part.clone(), dry_run, may, (reach, meta)).await
    }

    /// Whether these units, by code with their names, have nothing in hand.
    async fn may_go(&self, district: &str, units: &BTreeMap<String, String>) -> Result<(), Problem> {
        let codes: Vec<String> = units.keys().cloned().collect();
        let held = match codes.is_empty() {
            true => Vec::new(),
            false => in_hand(self.log.pool(), district, &codes).await?,
        };
        if held.is_empty() { Ok(()) } else { Err(holds_cases(units, &held)) }
    }

    pub fn sweeper(&self) -> Sweeper {
        let kinds = vec![
            self.live::<Case>(store::LIVE_CASE),
            self.live::<Dispatch>(store::LIVE_DISPATCH),
            self.live::<Approval>(store::LIVE_APPROVAL),
        ];
        Sweeper::new(self.log.clone(), kinds)
    }

    fn live<A: Succeeds>(&self, which: &'static str) -> Live {
        let command = |id: Uuid| run::heard(move |seen: &See| caused::<A>(seen, id, &Carry));
        Live::new::<A, _, _>(which, self.runner.clone(), Meta::of_service(NAME), command)
    }
}

/// The units that a profile has no longer, and nobody goes on for. One that names no units lets none go.
fn gone(before: &BTreeMap<String, String>, part: &CaseworkProfile) -> BTreeMap<String, String> {
    let stays = |unit: &String| part.units.contains_key(unit) || part.successors.contains_key(unit);
    let gone = before.iter().filter(|(unit, _)| !part.units.is_empty() && !stays(unit));
    gone.map(|(unit, name)| (unit.clone(), name.clone())).collect()
}

fn holds_cases(units: &BTreeMap<String, String>, held: &[InHand]) -> Problem {
    let total = |count: fn(&InHand) -> i64| held.iter().map(count).sum::<i64>().to_string();
    let words = format!(
        "{} of the units that are to go still have work in hand: name who goes on for each as its successor, or keep it",
        held.len()
    );
    let problem = Problem::new(Code::FailedPrecondition, "UNIT_HOLDS_CASES", words)
        .meta("cases", total(|it| it.cases))
        .meta("dispatches", total(|it| it.dispatches))
        .meta("approvals", total(|it| it.approvals))
        .meta("decisions", total(|it| it.decisions))
        .meta("units", held.iter().take(NAMED).map(|it| it.unit.as_str()).collect::<Vec<_>>().join(","));
    held.iter().take(NAMED).fold(problem, |problem, it| {
        let InHand { unit, cases, dispatches, approvals, decisions } = it;
        let name = units.get(unit).map(String::as_str).unwrap_or_default();
        let what = format!(
            "{name} has {cases} open cases, {dispatches} open dispatches, {approvals} approvals and {decisions} decisions"
        );
        problem.field(unit, what.trim_start().to_owned())
    })
}
