//! Telemetry belongs to the process, so it has a test process of its own: a span is sent to a collector
//! as a child of the trace it was given, telling whose it is; a second start is refused; a panic in a
//! task is a log line.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use huying_chassis::config::{LogFormat, TelemetryConfig, TlsConfig};
use huying_chassis::telemetry::{self, current_traceparent, in_trace, trace_of};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

struct Collector(mpsc::Sender<ExportTraceServiceRequest>);

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        self.0.send(request.into_inner()).await.unwrap();
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

async fn collector() -> (String, mpsc::Receiver<ExportTraceServiceRequest>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let (tell, received) = mpsc::channel(16);
    let serving = tonic::transport::Server::builder()
        .add_service(TraceServiceServer::new(Collector(tell)))
        .serve_with_incoming(TcpListenerStream::new(listener));
    tokio::spawn(serving);
    (endpoint, received)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_span_reaches_the_collector_in_its_trace() {
    let (endpoint, mut received) = collector().await;
    let config = TelemetryConfig {
        otlp_endpoint: Some(endpoint),
        // What is sampled elsewhere is kept here, whatever our own share.
        sample_ratio: 0.0,
        // Quiet logs must not cost the traces.
        log: "warn".to_owned(),
        log_format: LogFormat::Json,
    };
    let tls = TlsConfig::default();
    let guard = telemetry::init("huying", &config, &tls).unwrap();
    assert!(telemetry::init("huying", &config, &tls).is_err(), "once per process");

    let given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let span = tracing::info_span!("work", otel.name = "relay", service = "intake");
    let inside = in_trace(trace_of(Some(given)), span, async { current_traceparent().unwrap() }).await;
    assert!(
        inside.starts_with("00-0af7651916cd43dd8448eb211c80319c-") && inside.ends_with("-01"),
        "{inside}"
    );
    assert_ne!(inside, given);

    tokio::spawn(async { panic!("in a task") }).await.unwrap_err();
    guard.flush().await;
    let sent = received.recv().await.unwrap();
    let resource = format!("{:?}", sent.resource_spans[0].resource);
    assert!(resource.contains("service.name") && resource.contains("huying"), "{resource}");
    let span = &sent.resource_spans[0].scope_spans[0].spans[0];
    assert_eq!(span.name, "relay");
    assert_eq!(format!("{:02x?}", span.parent_span_id), "[b7, ad, 6b, 71, 69, 20, 33, 31]");
    assert!(format!("{:?}", span.attributes).contains("intake"), "{:?}", span.attributes);
    assert!(telemetry::metrics_text().contains("huying_log_dropped"));
}
