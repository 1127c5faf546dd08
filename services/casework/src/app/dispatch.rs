//! Steps on a dispatch: the called unit's answer, and the decision about a declined one.

use huying_chassis::{
    log::{Meta, Versioned},
    status::Problem,
};
use uuid::Uuid;

use super::App;
use crate::domain::{By, Dispatch};

/// What a department answers to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response {
    Accept,
    Complete,
    Decline,
}

impl App {
    pub async fn respond(
        &self,
        id: Uuid,
        by: &By,
        response: Response,
        note: &str,
        meta: &Meta,
    ) -> Result<Versioned<Dispatch>, Problem> {
        let profile = self.profile_of_dispatch(id).await?;
        let step = self.log.step(id, meta, |dispatch: &Dispatch, now| match response {
            Response::Accept => dispatch.accept(by, note, &profile, now),
            Response::Complete => dispatch.complete(by, note, &profile, now),
            Response::Decline => dispatch.decline(by, note, &profile, now),
        });
        step.await.map_err(|error| error.problem("dispatch", id))
    }

    pub async fn arbitrate(
        &self,
        id: Uuid,
        by: &By,
        insist: bool,
        reason: &str,
        meta: &Meta,
    ) -> Result<Versioned<Dispatch>, Problem> {
        let profile = self.profile_of_dispatch(id).await?;
        let step = self.log.step(id, meta, |dispatch: &Dispatch, now| {
            if insist {
                dispatch.insist(by, reason, &profile, now)
            } else {
                dispatch.release(by, reason, &profile, now)
            }
        });
        step.await.map_err(|error| error.problem("dispatch", id))
    }
}
