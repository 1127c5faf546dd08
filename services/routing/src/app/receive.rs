//! A request comes in, or is taken back: drafts for the follower, which commits them with its mark.

use huying_chassis::{
    follow::Failure,
    log::{ChangeSet, Draft, Meta},
    run::{Halt, Seen, heard},
};
use tonic::Code;
use uuid::Uuid;

use super::{App, World};
use crate::{
    NAME,
    domain::{Error, decision::Submission, route::Route},
};

impl App {
    /// Decides a request by rules and what was learned, or queues it: from memory, but for where its road led if nothing else tells the place.
    ///
    /// A district without a usable directory is no reason to hold its lane up, nor to park the request: it is queued, and a person
    /// decides it once the directory is there.
    pub async fn receive(&self, request: Uuid, submission: Submission) -> Result<ChangeSet, Failure> {
        let index = match self.directory(&submission.district).await {
            Ok(index) => Some(index),
            Err(problem) if problem.code() == Code::Unavailable => {
                return Err(Failure::Away(problem.to_string()));
            }
            Err(_) => None,
        };
        let models = self.models(&submission.district).await;
        let models = models.map_err(|problem| Failure::Away(problem.to_string()))?;
        let past = match &index {
            Some(index) => self.past(index, &submission.location, request).await?,
            None => Vec::new(),
        };
        let now = self.log.now();
        let change = Route::receive(index.as_deref(), models.with(&past), submission, now);
        let draft = Draft::new::<Route>(request, &[change], &Meta::of_service(NAME), now)?;
        Ok(draft.map(|(draft, _)| draft).into_iter().collect::<Vec<_>>().into())
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
