//! Outermost: one span per call, a child of the caller's when they sent a `traceparent`, open until the
//! answer is given (until the stream has ended, where it streams). Also where the RPC is looked up.

use std::sync::Arc;

use huying_proto::access::Access;
use tonic::Code;

use super::body::{Tail, code_in};
use super::layer::{Around, Inner, Next, Request, Response};
use super::method::Rpcs;
use crate::status::code_name;
use crate::telemetry::{in_trace, trace_of};

#[derive(Clone)]
pub(super) struct Trace {
    service: &'static str,
    rpcs: Arc<Rpcs>,
}

impl Trace {
    pub(super) fn new(service: &'static str, access: &[Access], reflection: bool) -> Self {
        Self { service, rpcs: Arc::new(Rpcs::new(access, reflection)) }
    }
}

impl Around for Trace {
    async fn around<S: Inner>(self, mut request: Request, next: Next<S>) -> Response {
        let rpc = self.rpcs.find(request.uri().path());
        request.extensions_mut().insert(rpc);
        // Below what is logged by default: where no traces are sent, no span is made.
        let span = tracing::debug_span!(
            "rpc",
            otel.name = rpc.name,
            otel.kind = "server",
            otel.status_code = tracing::field::Empty,
            service = self.service,
            rpc.system.name = "grpc",
            rpc.method = rpc.name,
            rpc.response.status_code = tracing::field::Empty,
        );
        let traceparent = request.headers().get("traceparent").and_then(|text| text.to_str().ok());
        let response = in_trace(trace_of(traceparent), span.clone(), next.run(request)).await;
        match code_in(response.headers()) {
            Some(code) => {
                note(&span, code);
                response
            }
            None if rpc.streaming => {
                response.map(|body| Tail::new(body).on_end(move |code| note(&span, code)).body())
            }
            // Nothing but an encoder stands between a unary handler's Ok and its trailers.
            None => {
                note(&span, Code::Ok);
                response
            }
        }
    }
}

/// Only what is the server's own fault makes its span an error.
fn note(span: &tracing::Span, code: Code) {
    span.record("rpc.response.status_code", code_name(code));
    let ours = match code {
        Code::Unknown
        | Code::DeadlineExceeded
        | Code::Unimplemented
        | Code::Internal
        | Code::Unavailable
        | Code::DataLoss => true,
        Code::Ok
        | Code::Cancelled
        | Code::InvalidArgument
        | Code::NotFound
        | Code::AlreadyExists
        | Code::PermissionDenied
        | Code::ResourceExhausted
        | Code::FailedPrecondition
        | Code::Aborted
        | Code::OutOfRange
        | Code::Unauthenticated => false,
    };
    if ours {
        span.record("otel.status_code", "ERROR");
    }
    tracing::debug!(parent: span, code = code_name(code), "answered");
}
