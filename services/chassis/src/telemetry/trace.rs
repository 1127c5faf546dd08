//! Carrying a trace across processes and through tables: the W3C `traceparent` as text.
//!
//! A service that sends no traces still passes on what it was given, so a trace is not cut in two by a
//! service nobody watches.

use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::TraceContextExt;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::{Instrument, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

tokio::task_local! {
    /// The caller's or the event's trace, while it is worked on.
    static GIVEN: Context;
}

/// The running span as `traceparent`; without one, the caller's.
pub fn current_traceparent() -> Option<String> {
    written(&Span::current().context()).or_else(|| GIVEN.try_with(written).ok().flatten())
}

/// The trace that a `traceparent` names. What is not one, letter for letter, is ignored, as the standard says: a new trace begins.
pub fn trace_of(traceparent: Option<&str>) -> Context {
    traceparent.filter(|text| is_traceparent(text)).map_or_else(Context::new, |text| {
        TraceContextPropagator::new().extract_with_context(&Context::new(), &Traceparent(text))
    })
}

/// `00-<32 hex>-<16 hex>-<2 hex>`: 55 characters of the version that we speak.
fn is_traceparent(text: &str) -> bool {
    let hex = |part: &str, length| {
        part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let parts: Vec<&str> = text.splitn(5, '-').collect();
    matches!(parts[..], ["00", trace, span, flags] if hex(trace, 32) && hex(span, 16) && hex(flags, 2))
}

/// Works in `span`, as a part of the trace that was given.
pub async fn in_trace<F: Future>(given: Context, span: Span, work: F) -> F::Output {
    if given.has_active_span() {
        // Fails only where no traces are collected.
        let _ = span.set_parent(given.clone());
    }
    GIVEN.scope(given, work.instrument(span)).await
}

fn written(context: &Context) -> Option<String> {
    let mut traceparent = Traceparent(None);
    TraceContextPropagator::new().inject_context(context, &mut traceparent);
    traceparent.0
}

/// The one header that is kept of a trace: nobody here adds to a `tracestate`.
struct Traceparent<T>(T);

const NAME: &str = "traceparent";

impl Extractor for Traceparent<&str> {
    fn get(&self, name: &str) -> Option<&str> {
        (name == NAME).then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec![NAME]
    }
}

impl Injector for Traceparent<Option<String>> {
    fn set(&mut self, name: &str, value: String) {
        if name == NAME {
            self.0 = Some(value);
        }
    }
}
