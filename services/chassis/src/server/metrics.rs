//! How long calls take and how many are open, by RPC and by how they ended. A call whose client went
//! away before the end counts as cancelled; it is a fault of its connection too, and so is a piece of an answer that nobody takes (visit.rs).

use std::sync::Arc;
use std::time::Instant;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Histogram, UpDownCounter};
use tonic::Code;

use super::body::{Tail, code_in};
use super::layer::{Around, Inner, Next, Request, Response};
use super::method::Rpc;
use super::visit::{self, Visit};
use crate::status::code_name;
use crate::telemetry::meter;

const SECONDS: [f64; 16] =
    [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

#[derive(Clone)]
pub(super) struct Metrics(Arc<Instruments>);

struct Instruments {
    service: &'static str,
    duration: Histogram<f64>,
    open: UpDownCounter<i64>,
}

impl Metrics {
    pub(super) fn new(service: &'static str) -> Self {
        let meter = meter();
        Self(Arc::new(Instruments {
            service,
            duration: meter
                .f64_histogram("rpc.server.call.duration")
                .with_unit("s")
                .with_description("Time from a call's headers to its end")
                .with_boundaries(SECONDS.to_vec())
                .build(),
            open: meter
                .i64_up_down_counter("rpc.server.in_flight")
                .with_description("Calls being worked on, open streams included")
                .build(),
        }))
    }
}

/// One call. Counted when it is dropped, however it ended.
struct Call {
    instruments: Arc<Instruments>,
    method: &'static str,
    begun: Instant,
    code: Code,
}

impl Call {
    fn begin(instruments: Arc<Instruments>, method: &'static str) -> Self {
        instruments.open.add(1, &[KeyValue::new("service", instruments.service)]);
        Self { instruments, method, begun: Instant::now(), code: Code::Cancelled }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let service = KeyValue::new("service", self.instruments.service);
        self.instruments.open.add(-1, std::slice::from_ref(&service));
        self.instruments.duration.record(
            self.begun.elapsed().as_secs_f64(),
            &[
                KeyValue::new("rpc.method", self.method),
                KeyValue::new("rpc.response.status_code", code_name(self.code)),
                service,
            ],
        );
    }
}

impl Around for Metrics {
    async fn around<S: Inner>(self, request: Request, next: Next<S>) -> Response {
        let rpc = Rpc::of(request.extensions());
        let mut call = Call::begin(self.0, rpc.name);
        let visit = Visit::of(request.extensions()).cloned();
        let given_up = visit::Call::begin(visit.clone());
        let response = next.run(request).await;
        let code = code_in(response.headers());
        given_up.answered(code);
        match code {
            Some(code) => {
                call.code = code;
                response
            }
            None => response.map(|body| {
                let tell = move |code| {
                    call.code = code;
                    drop(call);
                };
                Tail::new(body).on_end(tell).read_by(visit.as_ref().map(Visit::answer)).body()
            }),
        }
    }
}
