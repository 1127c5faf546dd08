//! The gRPC server every service runs, and the one stack every call goes through.
//!
//! From the outside in, and why there:
//! - `trace`: one span per call, so that all below is inside it;
//! - `metrics`: counts what the caller will really see;
//! - `answer`: tonic's own bare errors get our codes and a reason;
//! - `panic`: a panic below is an Internal with a request id, and the server lives;
//! - `deadline`: no call runs longer than its caller waits;
//! - `shed`: more than we can do is refused at once, before it costs anything;
//! - `auth`: nobody gets in who may not;
//! - `end`: no stream goes on when its caller may no more, or the server stops, and none ends as if it were whole then;
//! - `size`: no message is read that is larger than allowed.
//!
//! Start: the listener is bound by the caller before anything is announced; the access table is
//! compared with the descriptor; then it serves. Stop: NotServing, no new connections, calls end, and
//! after `drain_ms` what is still open (a Health/Watch stays open for ever) is cut.

pub mod admin;
mod answer;
mod auth;
mod body;
mod connection;
pub mod deadline;
mod end;
mod health;
mod layer;
mod method;
mod metrics;
mod panic;
mod shed;
mod size;
mod trace;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use futures::future::BoxFuture;
use huying_proto::access::Access;
use tokio::net::TcpListener;
use tonic::service::Routes;
use tonic::transport::Server;

pub use answer::ours;
pub use deadline::{Deadline, remaining};
use layer::Around;

use crate::auth::{Authenticator, check_complete};
use crate::config::Limits;
use crate::server::admin::Readiness;
use crate::service::Served;
use crate::shutdown::Shutdown;
use end::End;

/// A token takes at most half of it.
const LARGEST_HEADERS: u32 = 16 * 1024;
const KEEPALIVE: Duration = Duration::from_secs(30);
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);

/// What one server needs to know.
pub struct ServeOptions {
    /// The service, as it is called in spans and numbers.
    pub name: &'static str,
    /// Already bound: a port that is taken is found before anything is announced.
    pub listener: TcpListener,
    /// Where it names nothing, all of the descriptor.
    pub served: Served,
    /// One entry per RPC of what is served.
    pub access: Vec<Access>,
    /// An encoded `FileDescriptorSet`.
    pub descriptor: &'static [u8],
    pub limits: Limits,
    pub auth: Arc<Authenticator>,
    /// Health says Serving while all of its conditions hold.
    pub readiness: Readiness,
    pub shutdown: Shutdown,
}

/// Serves until `shutdown` begins and the drain is over.
pub fn serve(options: ServeOptions) -> BoxFuture<'static, anyhow::Result<()>> {
    Box::pin(serve_until_drained(options))
}

async fn serve_until_drained(options: ServeOptions) -> anyhow::Result<()> {
    let ServeOptions {
        name,
        listener,
        served: Served { routes, names: served },
        access,
        descriptor,
        limits,
        auth,
        readiness,
        shutdown,
    } = options;
    if let Err(wrong) = check_complete(&access, descriptor, &served) {
        bail!("the access table of {name} is not right: {}", wrong.join("; "));
    }
    let names = health::names(descriptor, &served);
    let (health, watched) = health::start(&names, readiness, shutdown.clone());
    let routes = routes.add_service(health);
    let routes = add_reflection(routes, descriptor, &names).context("reflection")?;

    let cut = Shutdown::new();
    let incoming = connection::incoming(listener, cut.clone());
    let drained = stack(name, &access, &limits, (auth, &shutdown))
        .add_routes(routes)
        .serve_with_incoming_shutdown(incoming, {
            let shutdown = shutdown.clone();
            // NotServing is said before the first connection is asked to leave.
            async move {
                shutdown.begun().await;
                watched.not_serving().await;
            }
        });
    tokio::pin!(drained);
    let ended = tokio::select! {
        ended = &mut drained => ended,
        () = async { shutdown.begun().await; tokio::time::sleep(limits.drain()).await } => {
            tracing::warn!(service = name, "calls are still open after the drain: cutting them");
            cut.begin();
            drained.await
        }
    };
    ended.with_context(|| format!("{name} cannot serve"))
}

fn add_reflection(routes: Routes, descriptor: &'static [u8], names: &[String]) -> anyhow::Result<Routes> {
    let builder = || {
        let builder = tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(descriptor)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .with_service_name("grpc.health.v1.Health");
        names.iter().fold(builder, |builder, name| builder.with_service_name(name))
    };
    Ok(routes.add_service(builder().build_v1()?).add_service(builder().build_v1alpha()?))
}

/// The layers, outermost first, on a server whose connections are bounded and kept alive.
fn stack(
    name: &'static str,
    access: &[Access],
    limits: &Limits,
    (auth, shutdown): (Arc<Authenticator>, &Shutdown),
) -> Server<impl tower::Layer<Routes, Service = Stacked> + Clone> {
    let layers = tower::ServiceBuilder::new()
        .layer(trace::Trace::new(name, access).layer())
        .layer(metrics::Metrics::new(name).layer())
        .layer(answer::Answer.layer())
        .layer(panic::Panic.layer())
        .layer(deadline::DeadlineLayer::new(limits).layer())
        .layer(shed::Shed::new(limits).layer())
        .layer(auth::Auth::new(Arc::clone(&auth)).layer())
        .layer(End::new(auth, shutdown.clone(), limits).layer())
        .layer(size::Size::new(limits).layer())
        .into_inner();
    let streams = u32::try_from(limits.max_in_flight.saturating_mul(2).clamp(64, 4096)).unwrap_or(4096);
    let mut server = Server::builder()
        .http2_keepalive_interval(Some(KEEPALIVE))
        .http2_keepalive_timeout(Some(KEEPALIVE_TIMEOUT))
        .http2_max_header_list_size(LARGEST_HEADERS)
        .max_concurrent_streams(streams);
    if let Some(age) = limits.connection_age() {
        server = server
            .max_connection_age(age)
            .max_connection_age_grace(limits.drain().max(Duration::from_secs(1)));
    }
    server.layer(layers)
}

/// The whole stack around the routes.
type Stacked = layer::Wrapped<
    trace::Trace,
    layer::Wrapped<
        metrics::Metrics,
        layer::Wrapped<
            answer::Answer,
            layer::Wrapped<
                panic::Panic,
                layer::Wrapped<
                    deadline::DeadlineLayer,
                    layer::Wrapped<
                        shed::Shed,
                        layer::Wrapped<auth::Auth, layer::Wrapped<End, layer::Wrapped<size::Size, Routes>>>,
                    >,
                >,
            >,
        >,
    >,
>;
