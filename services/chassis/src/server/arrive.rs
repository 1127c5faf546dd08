//! A call's message is taken whole before the call takes a place: who sends slowly, or never ends, holds nothing but bytes, of which there are
//! so many for all. Cut when it grows past what the rpc takes (ResourceExhausted, `MESSAGE_TOO_LARGE`), or does not come in time
//! (DeadlineExceeded, `BODY_TOO_SLOW`). Nothing is ever inflated: what is compressed is refused.
//! Here and not in each generated server, so that none can forget it.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use http::HeaderMap;
use http_body::Body as _;
use http_body_util::{BodyExt, Full};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tonic::Code;
use tonic::body::Body;

use super::admit::full;
use super::layer::Request;
use super::method::Rpc;
use crate::config::Limits;
use crate::status::Problem;

/// Flag and length before each message.
const PREFIX: usize = 5;

/// Messages that are on their way.
pub(super) struct Arriving {
    largest: usize,
    usual: Duration,
    /// In bytes, of all that are not whole yet.
    room: Arc<Semaphore>,
}

impl Arriving {
    pub(super) fn new(limits: &Limits) -> Self {
        let rules = &limits.admission;
        Self {
            largest: limits.max_message_bytes,
            usual: rules.body(),
            room: Arc::new(Semaphore::new(rules.body_bytes.min(Semaphore::MAX_PERMITS))),
        }
    }

    /// The call with its whole message.
    pub(super) async fn whole(&self, rpc: Rpc, request: Request) -> Result<Request, Problem> {
        if is_compressed(request.headers()) {
            return Err(compressed());
        }
        let (head, body) = request.into_parts();
        let time = match rpc.caps.body_seconds {
            0 => self.usual,
            seconds => Duration::from_secs(seconds),
        };
        let read = timeout(time, self.read(body, rpc.caps.bytes.min(self.largest)));
        let bytes = read.await.map_err(|_| too_slow())??;
        Ok(Request::from_parts(head, Body::new(Full::new(bytes))))
    }

    async fn read(&self, mut body: Body, most: usize) -> Result<Bytes, Problem> {
        let mut part = Part { bytes: BytesMut::new(), held: None };
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|_| broken_off())?.into_data() else { continue };
            if part.bytes.len() + data.remaining() > most.saturating_add(PREFIX) {
                return Err(too_large());
            }
            // Most come in one piece.
            if part.bytes.is_empty() && body.is_end_stream() {
                return Ok(data);
            }
            part.hold(&self.room, data.remaining())?;
            part.bytes.extend_from_slice(&data);
            if announced(&part.bytes).is_some_and(|length| length > most) {
                return Err(too_large());
            }
        }
        Ok(part.bytes.freeze())
    }
}

/// What has come of a message: copied, since a piece would keep all that it was read with.
struct Part {
    bytes: BytesMut,
    held: Option<OwnedSemaphorePermit>,
}

impl Part {
    fn hold(&mut self, room: &Arc<Semaphore>, bytes: usize) -> Result<(), Problem> {
        let bytes = u32::try_from(bytes).map_err(|_| too_large())?;
        let more =
            Arc::clone(room).try_acquire_many_owned(bytes).map_err(|_| full("messages on their way"))?;
        match &mut self.held {
            Some(held) => held.merge(more),
            None => self.held = Some(more),
        }
        Ok(())
    }
}

/// How long the message says that it is.
fn announced(bytes: &[u8]) -> Option<usize> {
    let length: [u8; 4] = bytes.get(1..PREFIX)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(length)).ok()
}

fn is_compressed(headers: &HeaderMap) -> bool {
    headers.get("grpc-encoding").is_some_and(|encoding| encoding != "identity")
}

fn compressed() -> Problem {
    Problem::new(Code::Unimplemented, "COMPRESSION_NOT_SUPPORTED", "messages are taken uncompressed only")
}

pub(super) fn too_large() -> Problem {
    Problem::new(Code::ResourceExhausted, "MESSAGE_TOO_LARGE", "the message is larger than allowed")
}

/// Nobody hears it but the connection, which counts who gives up (visit.rs).
fn broken_off() -> Problem {
    Problem::new(Code::Cancelled, "MESSAGE_BROKEN_OFF", "the message was broken off")
}

fn too_slow() -> Problem {
    Problem::new(Code::DeadlineExceeded, "BODY_TOO_SLOW", "the whole message did not come in time")
}
