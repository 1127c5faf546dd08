//! `huying forget`: who made a request is forgotten, and everything else goes on.

use clap::Args;
use huying_proto::intake::v1::ForgetReporterRequest;

use super::{Session, page::head, request};
use crate::client::{Who, request_id};

/// Forget who made a request and who joined it, for good: name, phones and address
///
/// Their keys are destroyed, so that nothing of them opens any more, in the rows, in the log or in a stream; a backup from before still has
/// the keys: forget again after it was restored (the entries of the log since then tell whom, deploy/README.md).
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying forget JA-20261122-000001 --reason '本人要求'
  huying forget 0198c0de-0000-7000-8000-000000000001 --reason '本人要求' -o json")]
pub struct Forget {
    /// The request's number or id
    request: String,
    /// Why, kept for ever with who said so; without the name of whom it is about
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Forget {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let id = request::show(&client, &self.request).await?.id;
        let request = ForgetReporterRequest { request_id: request_id(), id, reason: self.reason };
        let done = client.privacy(&Who::Operator)?.forget_reporter(request).await?.into_inner();
        head(session, &client, &done.number)?;
        session.out.one(&done, |done| {
            vec![
                ("number", done.number.clone()),
                ("id", done.id.clone()),
                ("forgotten", client.when(done.forget_time.as_ref())),
            ]
        })
    }
}
