//! 附件: a file comes onto a case, and is read again.
//!
//! Its bytes are put first, under a name that no other upload has, and then the case's entry says that they are there: an entry never
//! stands without its bytes. An upload is written down before its bytes; [`sweep`](super::sweep) deletes what never came onto its case.

use std::{
    io,
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use futures::{StreamExt as _, stream::BoxStream};
use huying_chassis::{
    id,
    log::{Meta, not_found},
    status::Problem,
};
use huying_objects::{Content, Error, Name, media};
use sha2::{Digest as _, Sha256};
use tonic::Code;
use uuid::Uuid;

use super::{App, read::CaseName};
use crate::{
    domain::{Attachment, AttachmentKind, By, Case, File, case::step::Attach},
    store,
};

/// What an attachment is called where there is none.
const KIND: &str = "attachment";
/// How long all of a file may take.
const WHOLE: Duration = Duration::from_secs(15 * 60);

/// A file as somebody says it is.
#[derive(Clone, Debug)]
pub struct Upload {
    pub case: Uuid,
    pub kind: AttachmentKind,
    pub name: String,
    pub size: u64,
    pub sha256: [u8; 32],
}

/// Its bytes as they come in, or why no more do.
pub type Arriving = BoxStream<'static, Result<Bytes, Problem>>;

impl App {
    /// Adds a file. The same again is answered with the first one.
    ///
    /// # Errors
    /// `NOT_FOUND`, what the rule refuses, `ATTACHMENT_DIFFERS`, `OBJECTS_UNAVAILABLE`, and what ended the bytes.
    pub async fn attach(
        &self,
        upload: Upload,
        by: &By,
        meta: &Meta,
        bytes: Arriving,
    ) -> Result<Attachment, Problem> {
        let (case, _) = self.case(&CaseName::Id(upload.case), by).await?;
        let again = self.log.repeated(meta).await?.is_some();
        let (head, bytes) = if again { (Vec::new(), bytes) } else { begun(bytes).await? };
        let step = Attach { file: upload.file(&case.it, &head), unit: meta.actor.unit.clone() };
        if again || !self.would(upload.case, by, &step, meta).await? {
            return self.attached(&upload, by, &step, meta).await;
        }
        store::upload::begin(self.log.pool(), upload.case, &step.file, self.log.now()).await?;
        let kept = self.keep(&upload, &step.file, bytes).await;
        let attached = match kept {
            Ok(()) => self.attached(&upload, by, &step, meta).await,
            Err(problem) => Err(problem),
        };
        match &attached {
            Ok(attached) if attached.file.id == step.file.id => {
                // It is there, whatever becomes of the note that it was on its way.
                let _ = store::upload::end(self.log.pool(), step.file.id).await;
            }
            // Whether it was written is not known: it is looked at again when it is swept.
            Err(problem) if problem.code() == Code::Unavailable => {}
            Ok(_) | Err(_) => self.forget(step.file.id, &step.file.object).await,
        }
        attached
    }

    /// The step, or what it did before.
    async fn attached(
        &self,
        upload: &Upload,
        by: &By,
        step: &Attach,
        meta: &Meta,
    ) -> Result<Attachment, Problem> {
        let (case, _) = self.take::<Case, _>(upload.case, by, step, meta).await?;
        let attached = step.first(&case.it).cloned().or_else(|| {
            // The case was reopened since.
            case.it.attachments.iter().rev().find(|it| it.file.sha256 == step.file.sha256).cloned()
        });
        attached.ok_or_else(|| not_found(KIND, step.file.id))
    }

    /// Puts the bytes, and sees that they are those that were said.
    async fn keep(&self, upload: &Upload, file: &File, bytes: Arriving) -> Result<(), Problem> {
        let name = name_of(&file.object)?;
        let fault = Arc::new(OnceLock::new());
        let content = checked(upload, bytes, fault.clone());
        let put = tokio::time::timeout(WHOLE, self.objects.put(&name, upload.size, content)).await;
        match (put, fault.get()) {
            (_, Some(problem)) => Err(problem.clone()),
            (Ok(put), None) => put.map_err(unusable),
            (Err(_), None) => Err(slow()),
        }
    }

    /// An attachment and its bytes. One that is out of reach is answered as one that is not there.
    ///
    /// # Errors
    /// `NOT_FOUND`, `OBJECT_LOST`, `OBJECTS_UNAVAILABLE`.
    pub async fn attachment(&self, case: Uuid, id: Uuid, by: &By) -> Result<(Attachment, Content), Problem> {
        let found = self.log.load::<Case>(case).await?;
        let seen = found.as_ref().and_then(|case| case.it.seen_attachments(by).find(|it| it.file.id == id));
        let attachment = seen.cloned().ok_or_else(|| not_found(KIND, id))?;
        let content = self.objects.get(&name_of(&attachment.file.object)?).await.map_err(unusable)?;
        Ok((attachment, content))
    }
}

impl Upload {
    fn file(&self, case: &Case, head: &[u8]) -> File {
        let id = id::new();
        // Ids begin with their time: so a directory holds the cases of some three days, and one of these the files of one case.
        let case_id = self.case.to_string();
        let days = case_id.get(..5).unwrap_or_default();
        File {
            id,
            kind: self.kind,
            name: self.name.clone(),
            media_type: media::told_by(head).unwrap_or("application/octet-stream").to_owned(),
            size: self.size,
            sha256: hex::encode(self.sha256),
            object: format!("{}/{days}/{case_id}/{id}", case.district),
        }
    }
}

/// As many of the first bytes as tell the type, and all of them again.
async fn begun(mut bytes: Arriving) -> Result<(Vec<u8>, Arriving), Problem> {
    let (mut head, mut pieces) = (Vec::new(), Vec::new());
    while head.len() < media::HEAD
        && let Some(piece) = bytes.next().await.transpose()?
    {
        head.extend_from_slice(&piece);
        pieces.push(Ok(piece));
    }
    Ok((head, futures::stream::iter(pieces).chain(bytes).boxed()))
}

/// The same bytes for the store; they break off where they are not what was said. Why, stands in `fault`.
fn checked(upload: &Upload, bytes: Arriving, fault: Arc<OnceLock<Problem>>) -> Content {
    let begun = (bytes, Sha256::new(), upload.size);
    let said = upload.sha256;
    futures::stream::try_unfold(begun, move |(mut bytes, mut digest, left)| {
        let fault = fault.clone();
        let broken = move |problem| {
            let _ = fault.set(problem);
            io::Error::other("the upload broke off")
        };
        async move {
            let Some(piece) = bytes.next().await.transpose().map_err(&broken)? else {
                let is = left == 0 && <[u8; 32]>::from(digest.finalize()) == said;
                return if is { Ok(None) } else { Err(broken(differs())) };
            };
            let left = left.checked_sub(piece.len() as u64).ok_or_else(|| broken(differs()))?;
            digest.update(&piece);
            Ok(Some((piece, (bytes, digest, left))))
        }
    })
    .boxed()
}

pub(super) fn name_of(object: &str) -> Result<Name, Problem> {
    let parts: Vec<&str> = object.split('/').collect();
    Name::of(&parts).ok_or_else(|| Problem::bug(anyhow::anyhow!("{object} is no name of an object")))
}

fn differs() -> Problem {
    let what = "the bytes that came are not those that were said: another size or another SHA-256";
    Problem::new(Code::InvalidArgument, "ATTACHMENT_DIFFERS", what).field("sha256", what)
}

fn slow() -> Problem {
    let what = "the file did not come in time: within 15 minutes, each piece within 30 seconds";
    Problem::new(Code::DeadlineExceeded, "DEADLINE_EXCEEDED", what)
}

pub(super) fn unusable(error: Error) -> Problem {
    match error {
        Error::Absent => Problem::new(
            Code::DataLoss,
            "OBJECT_LOST",
            "the bytes of this attachment are gone: bring them back from the backup of the store of objects",
        ),
        Error::NotSet | Error::Unusable(_) => {
            tracing::error!(%error, "the store of objects cannot be used");
            Problem::new(
                Code::Unavailable,
                "OBJECTS_UNAVAILABLE",
                "the store of files cannot be used at the moment",
            )
            .retry_after(Duration::from_secs(5))
        }
    }
}
