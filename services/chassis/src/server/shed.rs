//! More than we can do is refused at once: Unavailable, reason `OVERLOADED`, with a time to come back.
//! Calls and open streams are counted apart, so that many watchers do not stop the work.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tonic::{Code, Status};

use super::body::Tail;
use super::layer::{Around, Inner, Next, Request, Response};
use super::method::Rpc;
use crate::config::Limits;
use crate::status::Problem;

const COME_BACK: Duration = Duration::from_millis(250);

#[derive(Clone)]
pub(super) struct Shed {
    calls: Arc<Semaphore>,
    streams: Arc<Semaphore>,
}

impl Shed {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            calls: Arc::new(Semaphore::new(limits.max_in_flight)),
            streams: Arc::new(Semaphore::new(limits.max_streams)),
        }
    }
}

impl Around for Shed {
    async fn around<S: Inner>(self, request: Request, next: Next<S>) -> Response {
        let rpc = Rpc::of(request.extensions());
        if rpc.vital {
            return next.run(request).await;
        }
        let places = if rpc.streaming { self.streams } else { self.calls };
        let Ok(place) = places.try_acquire_owned() else {
            return Status::from(overloaded()).into_http();
        };
        let response = next.run(request).await;
        if rpc.streaming {
            return response.map(|body| Tail::new(body).holding(place).body());
        }
        response
    }
}

fn overloaded() -> Problem {
    Problem::new(Code::Unavailable, "OVERLOADED", "too much to do at the moment").retry_after(COME_BACK)
}
