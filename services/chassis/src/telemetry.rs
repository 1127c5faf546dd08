//! What the process says about itself: logs, traces, numbers.
//!
//! [`init`] is called once per process, whoever runs in it: one service, or all of them under
//! `huying up`; each service's spans carry the attribute `service`. Guaranteed: nothing here ever
//! blocks a call. A log pipe nobody reads loses lines (counted), a collector that is away loses spans.

mod metrics;
mod panics;
mod trace;
mod writer;

use std::io::IsTerminal;
use std::time::Duration;

use anyhow::Context;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::WithExportConfig;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::Level;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

pub use metrics::{meter, metrics_text};
pub(crate) use panics::{guarded, guarded_now};
pub use trace::{current_traceparent, in_trace, trace_of};
use writer::Writer;

use crate::config::{LogFormat, TelemetryConfig};

const FLUSH_WITHIN: Duration = Duration::from_secs(5);

/// Holds what must be flushed before the process ends.
pub struct Guard {
    tracer: Option<SdkTracerProvider>,
    writer: Writer,
}

impl Guard {
    /// Sends what is waiting: the last thing a stopping process does. Bounded.
    pub async fn flush(self) {
        let Self { tracer, writer } = self;
        if let Some(tracer) = tracer {
            // The exporter blocks its thread; the runtime must go on to serve it.
            let flushed =
                tokio::task::spawn_blocking(move || tracer.shutdown_with_timeout(FLUSH_WITHIN)).await;
            if !matches!(flushed, Ok(Ok(()))) {
                tracing::warn!("the last spans could not be sent");
            }
        }
        // Joining is waiting: its error is only that the waiting thread died.
        let _ = tokio::task::spawn_blocking(move || writer.flush(FLUSH_WITHIN)).await;
    }
}

/// Starts logs, traces and numbers for the process `service` (`huying` for all in one).
/// Needs a tokio runtime when traces are sent.
pub fn init(service: &str, config: &TelemetryConfig) -> anyhow::Result<Guard> {
    let filter = EnvFilter::try_new(&config.log).context("telemetry.log is not a filter")?;
    let writer = Writer::start().context("the log writer does not start")?;
    let tracer = config
        .otlp_endpoint
        .as_ref()
        .map(|endpoint| tracer(service, endpoint, config.sample_ratio))
        .transpose()?;
    let spans = tracer.as_ref().map(|provider| {
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("huying"))
            .with_location(false)
            .with_threads(false)
    });
    Registry::default()
        // What is logged and what is traced are two questions: quiet logs must not cost the traces.
        .with(spans.with_filter(filter_fn(|what| what.is_span() || *what.level() <= Level::INFO)))
        .with(lines(config.log_format, &writer).with_filter(filter))
        .try_init()
        .context("telemetry is already running in this process")?;
    metrics::count_dropped_lines(&writer);
    panics::log_them();
    Ok(Guard { tracer, writer })
}

fn lines<S>(format: LogFormat, writer: &Writer) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    let terminal = std::io::stderr().is_terminal();
    let json = match format {
        LogFormat::Auto => !terminal,
        LogFormat::Json => true,
        LogFormat::Text => false,
    };
    let layer = tracing_subscriber::fmt::layer().with_writer(writer.clone());
    if json {
        layer.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed()
    } else {
        layer.with_ansi(terminal).boxed()
    }
}

/// Whether a trace is kept is decided where it begins, and everyone after keeps to it.
fn tracer(service: &str, endpoint: &str, ratio: f64) -> anyhow::Result<SdkTracerProvider> {
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .with_timeout(FLUSH_WITHIN)
        .build()
        .context("telemetry.otlp_endpoint cannot be used")?;
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(ratio))))
        .with_resource(resource(service))
        .build())
}

fn resource(service: &str) -> Resource {
    Resource::builder_empty()
        .with_service_name(service.to_owned())
        .with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build()
}
