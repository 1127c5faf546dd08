//! A district's profile: applied, and carried into what is owed. Where a unit that took requests is no more, its successor owes the answers;
//! one that owes answers and has no successor is not let go.

use std::{collections::BTreeSet, sync::Arc};

use huying_chassis::{
    auth::Reach,
    log::{Decided, Log, Meta},
    profile::Outcome,
    run::{Answering, Question, heard},
    status::Problem,
    sweep::{Live, Sweeper, Swept},
};
use tonic::Code;
use uuid::Uuid;

use super::{App, See, World};
use crate::{
    NAME,
    domain::{
        archive::Archive,
        profile::{Index, Part},
        request::Request,
    },
    store::request::{OWED, duties},
};

/// Units that a refusal names.
const NAMED: usize = 20;

/// The profile of a district.
#[derive(Clone, Debug)]
pub(super) struct ProfileOf(pub(super) String);

impl Question<World> for ProfileOf {
    type Answer = Arc<Index>;

    fn answer<'a>(&'a self, _: &'a Log, profiles: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(profiles.get(&self.0))
    }
}

impl App {
    /// Replaces a district's part and carries it into what is owed, or with `dry_run` only says what would differ.
    ///
    /// # Errors
    /// `UNIT_HOLDS_CASES`; those of [`huying_chassis::profile::Profiles::apply`].
    pub async fn apply_profile(
        &self,
        part: Part,
        dry_run: bool,
        reach: &Reach,
        meta: &Meta,
    ) -> Result<(Outcome, Swept), Problem> {
        let before = self.profiles.stored(&part.district).await?;
        let gone = before.map(|before| gone(&before.units, &part)).unwrap_or_default();
        let may = self.may_go(&part.district, &gone);
        self.sweeper().apply(&self.profiles, part.clone(), dry_run, may, (reach, meta)).await
    }

    /// Whether these units owe nobody an answer.
    async fn may_go(&self, district: &str, units: &[String]) -> Result<(), Problem> {
        let owed = match units.is_empty() {
            true => Vec::new(),
            false => duties(self.log.pool(), district, units).await?,
        };
        if owed.is_empty() { Ok(()) } else { Err(holds_duties(&owed)) }
    }

    /// Looks at what is owed, and at whom the plans are about, once a district's profile was replaced.
    pub fn sweeper(&self) -> Sweeper {
        let succeed = |id: Uuid| {
            heard(move |seen: &See| {
                let Some(request) = seen.find::<Request>(id)? else { return Ok(Vec::new()) };
                let profile = seen.ask(ProfileOf(request.it.submission.district.clone()))?;
                let drafted = seen.draft(request, request.it.succeed(&profile.successors))?;
                Ok(drafted.map(|(draft, _)| draft).into_iter().collect())
            })
        };
        let replan = |id: Uuid| {
            heard(move |seen: &See| {
                let Some(archive) = seen.find::<Archive>(id)? else { return Ok(Vec::new()) };
                let profile = seen.ask(ProfileOf(archive.it.place.district.clone()))?;
                let planned = archive.it.plan(&profile.plans, seen.now()).into_iter().collect();
                let drafted = seen.draft(archive, Decided::Done(planned))?;
                Ok(drafted.map(|(draft, _)| draft).into_iter().collect())
            })
        };
        let (runner, meta) = (|| self.runner.clone(), || Meta::of_service(NAME));
        let owed = Live::new::<Request, _, _>(OWED, runner(), meta(), succeed);
        let planned = Live::new::<Archive, _, _>("true", runner(), meta(), replan);
        Sweeper::new(self.log.clone(), vec![owed, planned])
    }
}

/// The units that a profile has no longer, and nobody goes on for. One that names no units lets none go.
fn gone(before: &BTreeSet<String>, part: &Part) -> Vec<String> {
    let stays = |unit: &String| part.units.contains(unit) || part.successors.contains_key(unit);
    before.iter().filter(|unit| !part.units.is_empty() && !stays(unit)).cloned().collect()
}

fn holds_duties(owed: &[(String, i64)]) -> Problem {
    let words = format!(
        "{} of the units that are to go still owe reporters an answer: name who goes on for each as its successor, or keep it",
        owed.len()
    );
    let problem = Problem::new(Code::FailedPrecondition, "UNIT_HOLDS_CASES", words)
        .meta("duties", owed.iter().map(|(_, duties)| duties).sum::<i64>().to_string())
        .meta("units", owed.iter().take(NAMED).map(|(unit, _)| unit.as_str()).collect::<Vec<_>>().join(","));
    owed.iter()
        .take(NAMED)
        .fold(problem, |problem, (unit, duties)| problem.field(unit, format!("owes {duties} answers")))
}
