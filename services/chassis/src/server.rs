//! The gRPC server every service runs, and the one stack every call goes through.
//!
//! From the outside in, and why there:
//! - `trace`: one span per call, so that all below is inside it;
//! - `metrics`: counts what the caller will really see;
//! - `answer`: tonic's own bare errors get our codes and a reason;
//! - `panic`: a panic below is an Internal with a request id, and the server lives;
//! - `deadline`: no call runs longer than its caller waits;
//! - `auth`: nobody gets in who may not, and nobody is refused as often as they like;
//! - `admit`: nobody takes more than is theirs, and a call costs a place only when its whole message is there;
//! - `end`: no stream goes on when its caller may no more, or the server stops, and none ends as if it were whole then.
//!
//! Below all that stand connections: how many (`accept`, `seats`), and which have to go (`connection`, `visit`).
//!
//! Start: the listener is bound by the caller before anything is announced; the access table is
//! compared with the descriptor; then it serves. Stop: NotServing, no new connections, calls end, and
//! after `drain_ms` what is still open (a Health/Watch stays open for ever) is cut.

mod accept;
mod address;
pub mod admin;
mod admit;
mod answer;
mod arrive;
mod auth;
mod body;
mod connection;
pub mod deadline;
mod door;
mod end;
mod guests;
mod health;
mod layer;
mod method;
mod metrics;
mod panic;
mod room;
mod seats;
mod trace;
mod visit;

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
pub use door::Door;
use layer::Around;

use crate::auth::{Authenticator, check_complete};
use crate::config::Limits;
use crate::server::admin::Readiness;
use crate::service::Served;
use crate::shutdown::Shutdown;
use crate::tls::Secure;
use end::End;
use guests::Guests;

/// A token takes at most half of it.
const LARGEST_HEADERS: u32 = 16 * 1024;
/// Bytes of a call, and of all calls of a connection, that may come before anybody reads them.
const CALL_WINDOW: u32 = 256 * 1024;
const CONNECTION_WINDOW: u32 = 1024 * 1024;
/// Calls given up before anybody saw them, and calls that we had to break off for what they sent: more, and the connection goes.
const RESET: usize = 32;
const BROKEN: usize = 256;

/// What one server needs to know.
pub struct ServeOptions {
    /// The service, as it is called in spans and numbers.
    pub name: &'static str,
    /// Already bound: a port that is taken is found before anything is announced.
    pub listener: TcpListener,
    /// None: it speaks plainly.
    pub tls: Option<Arc<Secure>>,
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
        tls,
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
    let routes = match limits.admission.reflection {
        true => add_reflection(routes, descriptor, &names).context("reflection")?,
        false => routes,
    };

    let cut = Shutdown::new();
    let incoming = accept::incoming(listener, tls, &limits.admission, cut.clone());
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
    let guests = Arc::new(Guests::new(&limits.admission));
    let layers = tower::ServiceBuilder::new()
        .layer(trace::Trace::new(name, access, limits.admission.reflection).layer())
        .layer(metrics::Metrics::new(name).layer())
        .layer(answer::Answer.layer())
        .layer(panic::Panic.layer())
        .layer(deadline::DeadlineLayer::new(limits).layer())
        .layer(auth::Auth::new(Arc::clone(&auth), Arc::clone(&guests)).layer())
        .layer(admit::Admit::new(limits, guests).layer())
        .layer(End::new(auth, shutdown.clone(), limits).layer())
        .into_inner();
    let rules = &limits.admission;
    let mut server = Server::builder()
        .http2_keepalive_interval(Some(rules.keepalive()))
        .http2_keepalive_timeout(Some(rules.keepalive() / 3))
        .http2_max_header_list_size(LARGEST_HEADERS)
        .http2_max_pending_accept_reset_streams(Some(RESET))
        .http2_max_local_error_reset_streams(Some(BROKEN))
        .initial_stream_window_size(CALL_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_concurrent_streams(rules.connection_calls);
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
                    layer::Wrapped<auth::Auth, layer::Wrapped<admit::Admit, layer::Wrapped<End, Routes>>>,
                >,
            >,
        >,
    >,
>;
