//! What the process says about itself: logs, traces, numbers.
//!
//! [`init`] is called once per process, whoever runs in it: one service, or all of them under
//! `huying up`; each service's spans carry the attribute `service`. Guaranteed: nothing here ever
//! blocks a call. A log pipe nobody reads loses lines (counted), a collector that is away loses spans.

mod metrics;
mod panics;
mod trace;
mod writer;

use std::fmt;
use std::io::IsTerminal;
use std::time::Duration;

use anyhow::Context;
use huying_words::shown;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{WithExportConfig, WithTonicConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::Level;
use tracing::field::Field;
use tracing_subscriber::field::delimited::Delimited;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::{MakeWriter, format};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

pub use metrics::{meter, metrics_text};
pub(crate) use panics::{guarded, guarded_now};
pub use trace::{current_traceparent, in_trace, trace_of};
use writer::Writer;

use crate::config::{LogFormat, TelemetryConfig, TlsConfig};
use crate::tls::Dialer;

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
/// Needs a tokio runtime when traces are sent; `tls` is for a collector by https.
pub fn init(service: &str, config: &TelemetryConfig, tls: &TlsConfig) -> anyhow::Result<Guard> {
    let filter = EnvFilter::try_new(&config.log).context("telemetry.log is not a filter")?;
    let writer = Writer::start().context("the log writer does not start")?;
    let tracer = config
        .otlp_endpoint
        .as_ref()
        .map(|endpoint| tracer(service, (endpoint, tls), config.sample_ratio))
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
        .with(lines(config.log_format, std::io::stderr().is_terminal(), writer.clone()).with_filter(filter))
        .try_init()
        .context("telemetry is already running in this process")?;
    metrics::count_dropped_lines(&writer);
    panics::log_them();
    Ok(Guard { tracer, writer })
}

fn lines<S, W>(log_format: LogFormat, terminal: bool, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let json = match log_format {
        LogFormat::Auto => !terminal,
        LogFormat::Json => true,
        LogFormat::Text => false,
    };
    let layer = tracing_subscriber::fmt::layer().with_writer(writer);
    if json {
        layer.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed()
    } else {
        layer.fmt_fields(Delimited::new(" ", format::debug_fn(told))).with_ansi(terminal).boxed()
    }
}

/// A field, or what is said, in one line that moves nothing: an error may repeat what somebody has sent.
fn told(writer: &mut format::Writer<'_>, field: &Field, value: &dyn fmt::Debug) -> fmt::Result {
    let text = format!("{value:?}");
    match field.name() {
        "message" => write!(writer, "{}", shown(&text)),
        // Where a line of another kind of log came from, which its target says too.
        name if name.starts_with("log.") => Ok(()),
        name => write!(writer, "{}={}", name.trim_start_matches("r#"), shown(&text)),
    }
}

/// Whether a trace is kept is decided where it begins, and everyone after keeps to it.
fn tracer(
    service: &str,
    (endpoint, tls): (&str, &TlsConfig),
    ratio: f64,
) -> anyhow::Result<SdkTracerProvider> {
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .with_timeout(FLUSH_WITHIN);
    let exporter = if endpoint.starts_with("https://") {
        exporter.with_channel(Dialer::new(tls)?.channel(endpoint, |made| made.timeout(FLUSH_WITHIN))?)
    } else {
        exporter
    };
    let exporter = exporter.build().context("telemetry.otlp_endpoint cannot be used")?;
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

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use huying_testing::pki::Pki;
    use opentelemetry::trace::Tracer;
    use tokio::{io::AsyncReadExt, net::TcpListener};

    use super::*;
    use crate::tls::{Port, Secure};

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn attack_47_whatever_is_logged_is_one_line_and_moves_nothing() {
        const HOSTILE: &str =
            "路灯\r\n2026-11-28T00:00:00Z  INFO forged\u{1b}[2J\u{1b}[1A\u{9b}2K\u{8}\u{202e}";
        for format in [LogFormat::Text, LogFormat::Json] {
            let kept = Kept::default();
            let made = kept.clone();
            let subscriber = Registry::default().with(lines(format, false, move || made.clone()));
            tracing::subscriber::with_default(subscriber, || {
                let _inside = tracing::debug_span!("rpc", caller = %HOSTILE).entered();
                let error = anyhow::anyhow!(HOSTILE).context("it fails");
                tracing::warn!(%error, chain = ?error, text = HOSTILE, again = %HOSTILE, "said: {HOSTILE}");
            });
            let bytes = kept.0.lock().unwrap().clone();
            let text = String::from_utf8(bytes).unwrap();
            assert!(text.contains("forged") && text.contains("it fails"), "{text:?}");
            let line = text.strip_suffix('\n').unwrap();
            let moves = |c: char| match format {
                // For programs: they read it as it was.
                LogFormat::Json => u32::from(c) < 0x20,
                LogFormat::Auto | LogFormat::Text => c.is_control() || c == '\u{202e}',
            };
            assert!(!line.chars().any(moves), "{text:?}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_collector_by_https_hears_nothing_in_the_clear() {
        let pki = Pki::new();
        let (cert_file, key_file) = pki.certificate("collector", &["127.0.0.1"]);
        let shown =
            TlsConfig { cert_file: Some(cert_file), key_file: Some(key_file), ..TlsConfig::default() };
        let secure = Secure::new(&shown, Port::Calls).unwrap().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("https://{}", listener.local_addr().unwrap());
        let trusted = TlsConfig { ca_file: Some(pki.ca()), ..TlsConfig::default() };
        let provider = tracer("probe", (&endpoint, &trusted), 1.0).unwrap();
        drop(provider.tracer("probe").start("work"));
        let sending =
            tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(Duration::from_secs(1)));
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = secure.accept(stream).await.unwrap();
        let mut preface = [0; 14];
        stream.read_exact(&mut preface).await.unwrap();
        assert_eq!(&preface, b"PRI * HTTP/2.0");
        drop((stream, sending));
    }
}
