//! A district's directory is replaced, or compared.

use huying_chassis::{log::Meta, profile::Outcome, status::Problem};
use tonic::Code;

use super::App;
use crate::domain::profile::Directory;

impl App {
    /// Replaces a district's directory; with `dry_run`, only says what would differ. What is the same stays at its version.
    ///
    /// # Errors
    /// `REQUEST_ID_REUSED` for an id that brought something else; what the chassis's profiles refuse.
    pub async fn apply(&self, directory: Directory, dry_run: bool, meta: &Meta) -> Result<Outcome, Problem> {
        let replayed = match meta.request_id {
            Some(id) if !dry_run => self.log.replayed(id).await?.is_some(),
            Some(_) | None => false,
        };
        let outcome = self.profiles.apply(directory, dry_run || replayed, meta).await?;
        if replayed && !outcome.differences.is_empty() {
            let text = "this request_id was used for another command, or the profile was replaced since: take a new one";
            return Err(Problem::new(Code::AlreadyExists, "REQUEST_ID_REUSED", text));
        }
        Ok(outcome)
    }
}
