//! Numbers, for Prometheus to fetch. They count from the first use on, with or without `init`, so a
//! library part never asks whether it is observed. One registry per process.

use std::sync::OnceLock;
use std::sync::atomic::Ordering;

use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use prometheus::{Registry, TextEncoder};

use super::writer::Writer;

static METRICS: OnceLock<(Registry, SdkMeterProvider)> = OnceLock::new();

fn metrics() -> &'static (Registry, SdkMeterProvider) {
    METRICS.get_or_init(|| {
        let registry = Registry::new();
        let exporter =
            opentelemetry_prometheus::exporter().with_registry(registry.clone()).without_target_info();
        let provider = match exporter.build() {
            Ok(exporter) => SdkMeterProvider::builder().with_reader(exporter).build(),
            Err(error) => {
                tracing::error!(%error, "numbers are not collected");
                SdkMeterProvider::default()
            }
        };
        opentelemetry::global::set_meter_provider(provider.clone());
        (registry, provider)
    })
}

/// Where instruments come from.
pub fn meter() -> Meter {
    metrics().1.meter("huying")
}

/// Everything counted so far, as Prometheus reads it.
pub fn metrics_text() -> String {
    TextEncoder::new().encode_to_string(&metrics().0.gather()).unwrap_or_else(|error| format!("# {error}\n"))
}

pub(super) fn count_dropped_lines(writer: &Writer) {
    let dropped = writer.dropped();
    meter()
        .u64_observable_counter("huying.log.dropped")
        .with_description("Log lines dropped because nobody read them")
        .with_callback(move |observer| observer.observe(dropped.load(Ordering::Relaxed), &[]))
        .build();
}
