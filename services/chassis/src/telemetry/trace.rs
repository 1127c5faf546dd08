//! Carrying a trace across processes and through tables: the W3C `traceparent` as text.
//!
//! A service that sends no traces still passes on what it was given, so a trace is not cut in two by a
//! service nobody watches.

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

tokio::task_local! {
    /// What the caller sent, while their call is worked on.
    static GIVEN: Option<String>;
}

/// The running span as `traceparent`; without one, the caller's.
pub fn current_traceparent() -> Option<String> {
    let context = Span::current().context();
    let span = context.span().span_context().clone();
    if span.is_valid() {
        return Some(format!("00-{}-{}-{:02x}", span.trace_id(), span.span_id(), span.trace_flags().to_u8()));
    }
    GIVEN.try_with(Clone::clone).ok().flatten()
}

/// Makes `span` a child of a span elsewhere. What is not a `traceparent` is ignored, as the standard says.
pub fn set_parent(span: &Span, traceparent: &str) {
    if let Some(parent) = parse(traceparent) {
        // Fails only where no traces are collected.
        let _ = span.set_parent(Context::new().with_remote_span_context(parent));
    }
}

/// The root of a service's own work (relay, follower, timers), so that its spans tell whose they are.
pub fn service_span(service: &str, work: &str) -> Span {
    tracing::info_span!("work", otel.name = work, service)
}

/// Works while remembering what the caller sent.
pub(crate) async fn passing_on<F: Future>(given: Option<String>, work: F) -> F::Output {
    GIVEN.scope(given, work).await
}

/// The header, when it is one.
pub(crate) fn traceparent_in(headers: &http::HeaderMap) -> Option<String> {
    let text = headers.get("traceparent")?.to_str().ok()?;
    parse(text).map(|_| text.to_owned())
}

/// `version-trace-span-flags`, all hex.
fn parse(text: &str) -> Option<SpanContext> {
    let mut parts = text.trim().split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if version.len() != 2 || version == "ff" || trace.len() != 32 || span.len() != 16 || flags.len() != 2 {
        return None;
    }
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?) & TraceFlags::SAMPLED;
    let context = SpanContext::new(
        TraceId::from_hex(trace).ok()?,
        SpanId::from_hex(span).ok()?,
        flags,
        true,
        TraceState::default(),
    );
    context.is_valid().then_some(context)
}
