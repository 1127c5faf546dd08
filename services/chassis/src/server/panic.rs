//! A panic below costs one call, not the server: Internal with a request id and no inner text, logged
//! once with where and why.

use tonic::Status;

use super::body::Tail;
use super::layer::{Around, Inner, Next, Request, Response};
use super::method::Rpc;
use crate::status::Problem;
use crate::telemetry::guarded;

#[derive(Clone)]
pub(super) struct Panic;

impl Around for Panic {
    async fn around<S: Inner>(self, request: Request, next: Next<S>) -> Response {
        let rpc = Rpc::of(request.extensions());
        match guarded(next.run(request)).await {
            Ok(response) if rpc.streaming => response.map(|body| Tail::new(body).guarded(caught).body()),
            Ok(response) => response,
            Err(panic) => caught(&panic).into_http(),
        }
    }
}

/// Logs it and answers.
fn caught(panic: &str) -> Status {
    let request_id = crate::id::new();
    tracing::error!(%request_id, panic, "a call panicked");
    Problem::unexplained(request_id).into()
}
