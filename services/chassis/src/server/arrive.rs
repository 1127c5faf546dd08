//! A call's message is taken whole before the call takes a place: who sends slowly, or never ends, holds nothing but bytes, of which each kind
//! of callers has so many, and one caller a part of them. Cut when it grows past what the rpc takes (ResourceExhausted, `MESSAGE_TOO_LARGE`),
//! or does not come in time (DeadlineExceeded, `BODY_TOO_SLOW`). Nothing is ever inflated: what is compressed is refused.
//! Here and not in each generated server, so that none can forget it.

use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use http::HeaderMap;
use http_body::Body as _;
use http_body_util::{BodyExt, Full};
use tokio::time::timeout;
use tonic::Code;
use tonic::body::Body;

use super::admit::full;
use super::layer::Request;
use super::method::Rpc;
use super::room::{Held, Room};
use crate::config::Limits;
use crate::status::Problem;

/// Flag and length before each message.
const PREFIX: usize = 5;

/// Messages that are on their way.
pub(super) struct Arriving {
    largest: usize,
    usual: Duration,
}

impl Arriving {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { largest: limits.max_message_bytes, usual: limits.admission.body() }
    }

    /// The call with its whole message, which until then takes room of its caller's and of their kind's.
    pub(super) async fn whole(
        &self,
        rpc: Rpc,
        rooms: [&Room; 2],
        request: Request,
    ) -> Result<Request, Problem> {
        if is_compressed(request.headers()) {
            return Err(compressed());
        }
        let (head, body) = request.into_parts();
        let time = match rpc.caps.body_seconds {
            0 => self.usual,
            seconds => Duration::from_secs(seconds),
        };
        let most = rpc.caps.bytes.min(self.largest).saturating_add(PREFIX);
        let read = timeout(time, read(body, most, Held::of(rooms)));
        let bytes = read.await.map_err(|_| too_slow())??;
        Ok(Request::from_parts(head, Body::new(Full::new(bytes))))
    }
}

/// A message of at most so many bytes, with what stands before it.
async fn read(mut body: Body, most: usize, mut held: Held<'_>) -> Result<Bytes, Problem> {
    // What has come of it: copied, since a piece would keep all that it was read with.
    let mut part = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| broken_off())?.into_data() else { continue };
        if part.len() + data.remaining() > most {
            return Err(too_large());
        }
        // Most come in one piece.
        if part.is_empty() && body.is_end_stream() {
            return Ok(data);
        }
        if !held.more(data.remaining(), most) {
            return Err(full("messages on their way"));
        }
        part.extend_from_slice(&data);
        if announced(&part).is_some_and(|length| length > most - PREFIX) {
            return Err(too_large());
        }
    }
    Ok(part.freeze())
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
