//! Steps on a dispatch: the called unit's answer, and the decision about a declined one.

use huying_chassis::{
    log::{Meta, Versioned},
    status::Problem,
};
use uuid::Uuid;

use super::{App, world::asked};
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
        let step = asked::<Dispatch, _>(id, by, |dispatch, profile, seen| {
            Ok(match response {
                Response::Accept => dispatch.it.accept(by, note, profile, seen.now()),
                Response::Complete => dispatch.it.complete(by, note, profile, seen.now()),
                Response::Decline => dispatch.it.decline(by, note, profile, seen.now()),
            }?)
        });
        Ok(self.runner.run(&step, meta).await?)
    }

    pub async fn arbitrate(
        &self,
        id: Uuid,
        by: &By,
        insist: bool,
        reason: &str,
        meta: &Meta,
    ) -> Result<Versioned<Dispatch>, Problem> {
        let step = asked::<Dispatch, _>(id, by, |dispatch, profile, seen| {
            Ok(match insist {
                true => dispatch.it.insist(by, reason, profile, seen.now()),
                false => dispatch.it.release(by, reason, profile, seen.now()),
            }?)
        });
        Ok(self.runner.run(&step, meta).await?)
    }
}
