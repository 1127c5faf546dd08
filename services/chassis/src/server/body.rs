//! What still happens after a handler has answered: an answer's body is a stream whose last frame (the
//! trailers) says how it ended. A [`Tail`] goes along with it: ends it when it must, catches a panic in
//! it, tells its code, and holds what must live as long as it does.

use std::any::Any;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::Instant;
use tonic::body::Body;
use tonic::{Code, Status};

use super::visit::Answer;
use crate::telemetry::guarded_now;

/// Comes when it must have ended, with the status it is ended with then.
type Latest = Pin<Box<dyn Future<Output = Status> + Send>>;
type OnEnd = Box<dyn FnOnce(Code) + Send>;
/// Bytes of a piece at most: what HTTP/2 sends in one frame where nobody has agreed on more. The connection keeps the last piece it was given
/// and asks for the next, whether that one is taken or not: so much may lie there unseen when a reader takes no more.
const PIECE: usize = 16 * 1024;

type Polled = Poll<Option<Result<Frame<Bytes>, Status>>>;

pub(super) struct Tail {
    inner: Body,
    ended: bool,
    latest: Option<Latest>,
    on_end: Option<OnEnd>,
    guard: Option<fn(&str) -> Status>,
    answer: Option<Answer>,
    /// What is left of a message that is given in pieces.
    rest: Bytes,
    _held: Option<Box<dyn Any + Send>>,
}

impl Tail {
    pub(super) fn new(inner: Body) -> Self {
        Self {
            inner,
            ended: false,
            latest: None,
            on_end: None,
            guard: None,
            answer: None,
            rest: Bytes::new(),
            _held: None,
        }
    }

    /// Ends it at this instant, with this status.
    pub(super) fn until(self, instant: Instant, expired: fn() -> Status) -> Self {
        self.ended_by(async move {
            tokio::time::sleep_until(instant).await;
            expired()
        })
    }

    /// Ends it when this comes, with the status that comes.
    pub(super) fn ended_by(mut self, end: impl Future<Output = Status> + Send + 'static) -> Self {
        self.latest = Some(Box::pin(end));
        self
    }

    /// Told once how it ended; never, when the client went away.
    pub(super) fn on_end(mut self, tell: impl FnOnce(Code) + Send + 'static) -> Self {
        self.on_end = Some(Box::new(tell));
        self
    }

    /// Catches a panic in it, and ends it with the status for that panic.
    pub(super) fn guarded(mut self, caught: fn(&str) -> Status) -> Self {
        self.guard = Some(caught);
        self
    }

    /// Told of each piece that is given, and when the next is asked for.
    pub(super) fn read_by(mut self, answer: Option<Answer>) -> Self {
        self.answer = answer;
        self
    }

    /// Dropped with the body.
    pub(super) fn holding(mut self, thing: impl Any + Send) -> Self {
        self._held = Some(Box::new(thing));
        self
    }

    pub(super) fn body(self) -> Body {
        Body::new(self)
    }

    fn end(&mut self, code: Code) {
        if let Some(tell) = self.on_end.take() {
            tell(code);
        }
    }

    fn end_with(&mut self, status: &Status) -> Frame<Bytes> {
        self.ended = true;
        self.end(status.code());
        Frame::trailers(trailers(status))
    }

    /// The next piece of what is left.
    fn piece(&mut self) -> Frame<Bytes> {
        if let Some(answer) = &mut self.answer {
            answer.given();
        }
        let size = self.rest.len().min(PIECE);
        Frame::data(self.rest.split_to(size))
    }

    fn passed_on(&mut self, frame: Frame<Bytes>) -> Frame<Bytes> {
        match frame.into_data() {
            Ok(message) if self.answer.is_some() => {
                self.rest = message;
                self.piece()
            }
            Ok(message) => Frame::data(message),
            Err(other) => {
                if let Some(trailers) = other.trailers_ref() {
                    self.end(code_in(trailers).unwrap_or(Code::Unknown));
                }
                other
            }
        }
    }

    fn poll_inner(&mut self, context: &mut Context<'_>) -> Result<Polled, Status> {
        let Some(caught) = self.guard else {
            return Ok(Pin::new(&mut self.inner).poll_frame(context));
        };
        guarded_now(|| Pin::new(&mut self.inner).poll_frame(context)).map_err(|panic| caught(&panic))
    }
}

impl HttpBody for Tail {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        if let Some(answer) = &mut self.answer {
            answer.asked();
        }
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(self.piece())));
        }
        if let Some(latest) = self.latest.as_mut()
            && let Poll::Ready(status) = latest.as_mut().poll(context)
        {
            return Poll::Ready(Some(Ok(self.end_with(&status))));
        }
        let polled = match self.poll_inner(context) {
            Ok(polled) => polled,
            Err(status) => return Poll::Ready(Some(Ok(self.end_with(&status)))),
        };
        match polled {
            Poll::Ready(Some(Ok(frame))) => Poll::Ready(Some(Ok(self.passed_on(frame)))),
            Poll::Ready(Some(Err(status))) => {
                self.end(status.code());
                Poll::Ready(Some(Err(status)))
            }
            Poll::Ready(None) => {
                self.end(Code::Ok);
                Poll::Ready(None)
            }
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ended || (self.rest.is_empty() && self.inner.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        if self.ended { SizeHint::with_exact(0) } else { self.inner.size_hint() }
    }
}

/// The code an answer ended with, when it already says so.
pub(super) fn code_in(headers: &HeaderMap) -> Option<Code> {
    headers.get("grpc-status").map(|value| Code::from_bytes(value.as_bytes()))
}

fn trailers(status: &Status) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if status.add_header(&mut headers).is_err() {
        headers.insert("grpc-status", http::HeaderValue::from(i32::from(status.code())));
    }
    headers
}
