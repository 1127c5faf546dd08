//! `huying forget`: who made a request, or lives or works at an archive, is forgotten, and everything else goes on.

use clap::Args;
use huying_proto::intake::v1::{ForgetOccupantRequest, ForgetReporterRequest};

use super::{Session, page::head, request};
use crate::client::{Client, Who, request_id};

/// Forget who made a request and who joined it, or who lives or works at an archive, for good: name, phones and address
///
/// Their keys are destroyed, so that nothing of them opens any more, in the rows, in the log or in a stream; a backup from before still has
/// the keys: forget again after it was restored (the entries of the log since then tell whom, deploy/README.md). With a request that was found
/// on a visit its archive and all visits of that go too. With an archive the requests that were found there stay: forget each by its number.
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying forget JA-20261122-000001 --reason '本人要求'
  huying forget --archive 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --reason '本人要求'
  huying forget 0198c0de-0000-7000-8000-000000000001 --reason '本人要求' -o json")]
pub struct Forget {
    /// The request's number or id
    #[arg(required_unless_present = "archive", conflicts_with = "archive")]
    request: Option<String>,
    /// Instead of a request: the archive's id, for it and all its visits
    #[arg(long, value_name = "ID")]
    archive: Option<String>,
    /// Why, kept for ever with who said so; without the name of whom it is about
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Forget {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        match self.archive {
            Some(archive) => of_archive(session, &client, archive, self.reason).await,
            None => of_request(session, &client, &self.request.unwrap_or_default(), self.reason).await,
        }
    }
}

async fn of_request(session: &Session, client: &Client, request: &str, reason: String) -> anyhow::Result<()> {
    let id = request::show(client, request).await?.id;
    let request = ForgetReporterRequest { request_id: request_id(), id, reason };
    let done = client.privacy(&Who::Operator)?.forget_reporter(request).await?.into_inner();
    head(session, client, &done.number)?;
    session.out.one(&done, |done| {
        vec![
            ("number", done.number.clone()),
            ("id", done.id.clone()),
            ("forgotten", client.when(done.forget_time.as_ref())),
        ]
    })
}

async fn of_archive(session: &Session, client: &Client, id: String, reason: String) -> anyhow::Result<()> {
    let request = ForgetOccupantRequest { request_id: request_id(), id, reason };
    let done = client.privacy(&Who::Operator)?.forget_occupant(request).await?.into_inner();
    head(session, client, &done.id)?;
    session.out.one(&done, |done| vec![("archive", done.id.clone()), ("version", done.version.to_string())])
}
