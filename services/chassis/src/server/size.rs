//! Innermost: a request body is cut when it grows past `max_message_bytes`: ResourceExhausted, reason
//! `MESSAGE_TOO_LARGE`. Here and not in each generated server, so that none can forget it.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tonic::body::Body;
use tonic::{Code, Status};

use super::layer::{Around, Inner, Next, Request, Response};
use super::method::Rpc;
use crate::config::Limits;
use crate::status::Problem;

/// Flag and length before each message.
const PREFIX: usize = 5;

#[derive(Clone)]
pub(super) struct Size(usize);

impl Size {
    pub(super) fn new(limits: &Limits) -> Self {
        Self(limits.max_message_bytes)
    }
}

impl Around for Size {
    async fn around<S: Inner>(self, request: Request, next: Next<S>) -> Response {
        // A client that streams may send many messages; each is still bounded by tonic itself, and all together by who reads them.
        if Rpc::of(request.extensions()).client_streams {
            return next.run(request).await;
        }
        let left = self.0.saturating_add(PREFIX);
        next.run(request.map(|body| Body::new(Bounded { inner: body, left }))).await
    }
}

pub(super) fn too_large() -> Problem {
    Problem::new(Code::ResourceExhausted, "MESSAGE_TOO_LARGE", "the message is larger than allowed")
}

struct Bounded {
    inner: Body,
    left: usize,
}

impl HttpBody for Bounded {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            match self.left.checked_sub(data.remaining()) {
                Some(left) => self.left = left,
                None => return Poll::Ready(Some(Err(too_large().into()))),
            }
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
