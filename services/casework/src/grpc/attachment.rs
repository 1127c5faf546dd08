//! `AttachmentService`: files on cases, in pieces.

use std::{pin::Pin, time::Duration};

use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream};
use huying_chassis::{auth::Caller, log::Meta, server::ours, status::Problem};
use huying_proto::casework::v1::{self as pb, attachment_service_server::AttachmentService};
use tonic::{Code, Request, Response, Status, Streaming};

use super::{Rpc, access, validate};
use crate::{app::attach::Arriving, convert};

/// Bytes in one message.
const CHUNK: usize = 256 * 1024;
/// A message with a chunk and all that stands before it.
pub(super) const LARGEST: usize = CHUNK + 8 * 1024;
/// How long the next message may take.
const NEXT: Duration = Duration::from_secs(30);

#[tonic::async_trait]
impl AttachmentService for Rpc {
    async fn upload_attachment(
        &self,
        request: Request<Streaming<pb::UploadAttachmentRequest>>,
    ) -> Result<Response<pb::Attachment>, Status> {
        let caller = Caller::of(&request)?;
        let mut messages = request.into_inner();
        let mut first = next(&mut messages).await?.unwrap_or_default();
        let begin = Bytes::from(std::mem::take(&mut first.chunk));
        let (request_id, upload) = validate::upload(&first, begin.len() <= CHUNK)?;
        // What makes the command is what it says of the file: in which pieces it comes is all the same.
        let meta = Meta::asked(&caller, &first, request_id, None);
        let begin = stream::iter((!begin.is_empty()).then_some(Ok(begin)));
        let bytes = begin.chain(rest(messages)).boxed();
        let attachment = Box::pin(self.app.attach(upload, &access::by(&caller), &meta, bytes)).await?;
        Ok(Response::new(convert::attachment::write(&attachment)))
    }

    type DownloadAttachmentStream =
        Pin<Box<dyn Stream<Item = Result<pb::DownloadAttachmentResponse, Status>> + Send>>;

    async fn download_attachment(
        &self,
        request: Request<pb::DownloadAttachmentRequest>,
    ) -> Result<Response<Self::DownloadAttachmentStream>, Status> {
        let caller = Caller::of(&request)?;
        let (case, id) = validate::download(request.get_ref())?;
        let (attachment, content) = self.app.attachment(case, id, &access::by(&caller)).await?;
        let head = pb::DownloadAttachmentResponse {
            attachment: Some(convert::attachment::write(&attachment)),
            chunk: Vec::new(),
        };
        let chunks = content.flat_map(|piece| stream::iter(chunks(piece)));
        Ok(Response::new(Box::pin(stream::iter([Ok(head)]).chain(chunks))))
    }
}

/// The next message; none at the end.
async fn next(
    messages: &mut Streaming<pb::UploadAttachmentRequest>,
) -> Result<Option<pb::UploadAttachmentRequest>, Problem> {
    match tokio::time::timeout(NEXT, messages.message()).await {
        Ok(Ok(message)) => Ok(message),
        Ok(Err(status)) => Err(ours(&status)),
        Err(_) => Err(Problem::new(
            Code::DeadlineExceeded,
            "DEADLINE_EXCEEDED",
            "the next piece of the file did not come within 30 seconds",
        )),
    }
}

/// The bytes of the other messages. An empty one would be no piece of anything, and many of them no end.
fn rest(messages: Streaming<pb::UploadAttachmentRequest>) -> Arriving {
    stream::try_unfold(messages, async |mut messages| {
        let Some(message) = next(&mut messages).await? else { return Ok(None) };
        validate::chunk(&message, CHUNK)?;
        Ok(Some((Bytes::from(message.chunk), messages)))
    })
    .boxed()
}

/// A piece as the store gives it, in messages of a bounded size.
fn chunks(piece: std::io::Result<Bytes>) -> Vec<Result<pb::DownloadAttachmentResponse, Status>> {
    let message = |chunk: &[u8]| pb::DownloadAttachmentResponse { attachment: None, chunk: chunk.to_vec() };
    match piece {
        Ok(piece) => piece.chunks(CHUNK).map(|chunk| Ok(message(chunk))).collect(),
        Err(error) => {
            tracing::warn!(%error, "a file broke off while it was read");
            let what = "the file broke off while it was read: ask for it again";
            vec![Err(Problem::new(Code::Unavailable, "OBJECTS_UNAVAILABLE", what).into())]
        }
    }
}
