//! One submission is one trace, across the four services and NATS.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use huying_testing::eventually;
use huying_tests::{Options, People, World};
use opentelemetry_proto::tonic::{
    collector::trace::v1::{
        ExportTraceServiceRequest, ExportTraceServiceResponse,
        trace_service_server::{TraceService, TraceServiceServer},
    },
    common::v1::any_value::Value,
    trace::v1::Span,
};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

use crate::processes;

/// What arrived, by service.
#[derive(Clone, Default)]
struct Receiver {
    spans: Arc<Mutex<BTreeMap<String, Vec<Span>>>>,
}

#[tonic::async_trait]
impl TraceService for Receiver {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        for resource in request.into_inner().resource_spans {
            let name = resource
                .resource
                .iter()
                .flat_map(|resource| &resource.attributes)
                .find(|attribute| attribute.key == "service.name");
            let Some(Value::StringValue(service)) =
                name.and_then(|name| name.value.clone()).and_then(|value| value.value)
            else {
                continue;
            };
            self.spans
                .lock()
                .unwrap()
                .entry(service)
                .or_default()
                .extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
        }
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

impl Receiver {
    /// The services in whose spans a trace was seen.
    fn services_of(&self, trace: &[u8]) -> BTreeSet<String> {
        let spans = self.spans.lock().unwrap();
        spans
            .iter()
            .filter(|(_, spans)| spans.iter().any(|span| span.trace_id == trace))
            .map(|(service, _)| service.clone())
            .collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_submission_is_one_trace() {
    let receiver = Receiver::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let server = tonic::transport::Server::builder().add_service(TraceServiceServer::new(receiver.clone()));
    tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));

    let settings =
        vec![("TELEMETRY__OTLP_ENDPOINT", endpoint), ("TELEMETRY__SAMPLE_RATIO", "1.0".to_owned())];
    let world = World::open(Options { settings, ..processes() }).await;
    let people = world.people();
    let trace = 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128;
    let mut submit = Request::new(People::blocked_way());
    submit
        .metadata_mut()
        .insert("traceparent", format!("00-{trace:032x}-b7ad6b7169203331-01").parse().unwrap());
    let number = people.platform().submit_request(submit).await.unwrap().into_inner().request.unwrap().number;
    people.case_of(&number).await;

    // Intake takes it, routing decides it, casework opens the case, intake hears of it: all one trace, through the log and NATS.
    let wanted = BTreeSet::from(["intake", "routing", "casework"].map(str::to_owned));
    eventually("the trace is in the spans of the services", async || {
        receiver.services_of(&trace.to_be_bytes()).is_superset(&wanted).then_some(())
    })
    .await;
    let spans = receiver.spans.lock().unwrap();
    let hears = spans["intake"].iter().filter(|span| span.trace_id == trace.to_be_bytes()).count();
    assert!(hears >= 1, "intake's own spans carry the trace");
}
