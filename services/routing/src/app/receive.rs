//! A request comes in, or is taken back: drafts for the follower, which commits them with its mark.

use chrono::{DateTime, Utc};
use huying_chassis::{
    follow::Failure,
    log::{ChangeSet, Draft, Meta},
    run::{Halt, Seen, heard},
    status::Problem,
};
use uuid::Uuid;

use super::{App, World};
use crate::{
    NAME,
    domain::{
        Error, addition::Addition, change::Change, decision::Submission, index::Index, learned::Memory,
        route::Route,
    },
};

/// How a route begins: [`Route::receive`] or [`Route::keep`].
pub type Take = fn(Option<&Index>, Memory<'_>, Submission, DateTime<Utc>) -> Change;

impl App {
    /// Decides a request by rules and what was learned, or queues it: from memory, but for where its road led if nothing else tells the place.
    ///
    /// A district without a usable directory is no reason to hold its lane up, nor to park the request: it is queued, and a person
    /// decides it once the directory is there. What was closed before it came here is only kept.
    pub async fn receive(
        &self,
        request: Uuid,
        submission: Submission,
        take: Take,
    ) -> Result<ChangeSet, Failure> {
        let index = self.usable(&submission.district).await.map_err(away)?;
        let models = self.models(&submission.district).await.map_err(away)?;
        let past = match &index {
            Some(index) => self.past(index, &submission.location, request).await?,
            None => Vec::new(),
        };
        let now = self.log.now();
        let change = take(index.as_deref(), models.with(&past), submission, now);
        let draft = Draft::new::<Route>(request, &[change], &Meta::of_service(NAME), now)?;
        Ok(draft.map(|(draft, _)| draft).into_iter().collect::<Vec<_>>().into())
    }

    /// The reporter added something: it is read for danger to life.
    pub async fn added(&self, request: Uuid, district: &str, text: &str) -> Result<ChangeSet, Failure> {
        let Some(index) = self.usable(district).await.map_err(away)? else { return Ok(ChangeSet::default()) };
        let addition = Addition::read(&index, text);
        if addition.dangers.is_empty() {
            return Ok(ChangeSet::default());
        }
        let heard_of = heard(|seen: &Seen<World, Error>| {
            let Some(route) = seen.find::<Route>(request)? else { return Ok(Vec::new()) };
            let drafted = seen.draft(route, route.it.add(&index, &addition, seen.now()))?;
            Ok(drafted.map(|(draft, _)| draft).into_iter().collect())
        });
        Ok(self.runner.heard(&heard_of, &Meta::of_service(NAME)).await?)
    }

    /// The reporter took the request back.
    pub async fn withdraw(&self, request: Uuid) -> Result<ChangeSet, Failure> {
        let taken_back = heard(|seen: &Seen<World, Error>| {
            let route = seen.get::<Route>(request)?;
            let drafted = seen.draft(route, route.it.withdraw().map_err(Halt::Refused)?)?;
            Ok(drafted.map(|(draft, _)| draft).into_iter().collect())
        });
        Ok(self.runner.heard(&taken_back, &Meta::of_service(NAME)).await?)
    }
}

fn away(problem: Problem) -> Failure {
    Failure::Away(problem.to_string())
}
