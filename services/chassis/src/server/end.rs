//! How a stream ends that its own handler would let go on, or would end as if nothing more were to come.
//!
//! - Its caller may no more: Unauthenticated, at the token's end, or within seconds when they are denied or the key is gone.
//! - The server stops: Unavailable, reason `STOPPING`, with a time to come back. A watch, which has no end, ends at once; what has one (an
//!   export, a file) may come to it within the drain. Nobody may take a stop for the end of what there is: it is never OK.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, header::AUTHORIZATION};
use huying_proto::access::Callers;
use tonic::{Code, Status};

use super::body::Tail;
use super::layer::{Around, Inner, Next, Request, Response};
use super::method::Rpc;
use crate::auth::Authenticator;
use crate::config::Limits;
use crate::shutdown::Shutdown;
use crate::status::Problem;

/// Another replica, or the next process, is there by then.
const COME_BACK: Duration = Duration::from_secs(1);

#[derive(Clone)]
pub(super) struct End {
    auth: Arc<Authenticator>,
    stop: Shutdown,
    /// What a stream with an end has when a stop begins: nearly all of the drain, whose end cuts connections without a word.
    rest: Duration,
}

impl End {
    pub(super) fn new(auth: Arc<Authenticator>, stop: Shutdown, limits: &Limits) -> Self {
        Self { auth, stop, rest: limits.drain() * 9 / 10 }
    }

    async fn of(self, rpc: Rpc, headers: HeaderMap) -> Status {
        let problem = tokio::select! {
            biased;
            problem = self.stopping(rpc) => problem,
            problem = self.over(rpc, &headers) => problem,
        };
        problem.into()
    }

    async fn stopping(&self, rpc: Rpc) -> Problem {
        self.stop.begun().await;
        if !rpc.endless {
            tokio::time::sleep(self.rest).await;
        }
        Problem::new(Code::Unavailable, "STOPPING", "the server stops: go on with another, or a little later")
            .retry_after(COME_BACK)
    }

    async fn over(&self, rpc: Rpc, headers: &HeaderMap) -> Problem {
        match rpc.callers {
            Callers::Anyone => std::future::pending().await,
            Callers::Roles(_) => self.auth.until_over(headers).await,
        }
    }
}

impl Around for End {
    async fn around<S: Inner>(self, request: Request, next: Next<S>) -> Response {
        let rpc = Rpc::of(request.extensions());
        if !rpc.streaming {
            return next.run(request).await;
        }
        // Nothing else of them is kept for as long as it lasts.
        let token = request.headers().get(AUTHORIZATION).map(|token| (AUTHORIZATION, token.clone()));
        let mut end = Box::pin(self.of(rpc, token.into_iter().collect()));
        let answered = tokio::select! {
            biased;
            status = &mut end => return status.into_http(),
            answered = next.run(request) => answered,
        };
        answered.map(|body| Tail::new(body).ended_by(end).body())
    }
}
