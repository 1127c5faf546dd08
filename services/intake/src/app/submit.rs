//! Taking a request. Hope first: most calls come once; only a refused insert looks for the first answer.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use huying_chassis::{
    id,
    log::{AppendError, Draft, Meta, Versioned},
    status::Problem,
};

use super::App;
use crate::{
    domain::request::{Request, Submission},
    store,
};

impl App {
    /// Takes a submission; the same one again gets the first answer.
    pub async fn submit(&self, submission: Submission, meta: &Meta) -> Result<Versioned<Request>, Problem> {
        let profile = self.profiles.get(&submission.district).await?;
        let now = self.log.now();
        let number =
            self.numbers.next(&profile.prefix, now.with_timezone(&profile.zone).date_naive()).await?;
        let Meta { actor, .. } = meta;
        let change =
            submission.clone().take(number, secret(), actor.subject.clone(), actor.unit.clone(), &profile)?;
        let Some((draft, request)) = Draft::new::<Request>(id::new(), &[change], meta, now) else {
            return Err(Problem::bug(anyhow::anyhow!("a submission drafts nothing")));
        };
        match self.log.append(draft.into()).await {
            Ok(()) => Ok(request),
            Err(AppendError::Duplicate) => self.first(&submission).await,
            Err(AppendError::Constraint(name)) if name == "log_request_id" => self.first(&submission).await,
            Err(error) => Err(error.into()),
        }
    }

    /// The request that was there first: by the command's id, or by the door's own number.
    async fn first(&self, submission: &Submission) -> Result<Versioned<Request>, Problem> {
        if let Some(id) = self.log.replayed(submission.request_id).await? {
            return self.log.load(id).await?.ok_or_else(reused);
        }
        store::request::by_external_id(self.log.pool(), submission)
            .await?
            .ok_or_else(|| AppendError::Duplicate.into())
    }
}

fn reused() -> Problem {
    Problem::new(
        tonic::Code::AlreadyExists,
        "REQUEST_ID_REUSED",
        "this request_id was used for another command: take a new one",
    )
}

/// 128 bits that nobody guesses.
fn secret() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>())
}
