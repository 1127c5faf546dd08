//! A small service of our own, without a proto file, on the real server: its RPCs answer, wait, panic,
//! stream or call on, so that every layer can be seen at work.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{Stream, StreamExt};
use huying_chassis::auth::{Authenticator, Caller, Claims, Issuer, Role, TokenSource};
use huying_chassis::config::{AuthConfig, Config, Limits, NoSettings, load};
use huying_chassis::peers::Peer;
use huying_chassis::server::admin::Readiness;
use huying_chassis::server::{ServeOptions, remaining, serve};
use huying_chassis::service::Served;
use huying_chassis::shutdown::Shutdown;
use huying_chassis::telemetry::current_traceparent;
use huying_chassis::tls::Secure;
use huying_proto::{access::Access, common::v1 as pb};
use prost::Message;
use prost_types::{FileDescriptorProto, FileDescriptorSet, MethodDescriptorProto, ServiceDescriptorProto};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tonic::body::Body;
use tonic::client::{Grpc, GrpcService};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::server::NamedService;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Response, Status, Streaming};
use tonic_prost::ProstCodec;
use tower::service_fn;

pub const NAME: &str = "test.v1.Probe";
const DESK: &[pb::Role] = &[pb::Role::Desk];

pub const ACCESS: &[Access] = &[
    Access::anyone("/test.v1.Probe/Echo"),
    Access::anyone("/test.v1.Probe/Import").bytes(1_000_000),
    Access::roles("/test.v1.Probe/Who", DESK),
    Access::roles("/test.v1.Probe/Ask", &[pb::Role::Service]).services(&["casework"]),
    Access::anyone("/test.v1.Probe/Never"),
    Access::anyone("/test.v1.Probe/Hold"),
    Access::anyone("/test.v1.Probe/Panic"),
    Access::anyone("/test.v1.Probe/Remaining"),
    Access::anyone("/test.v1.Probe/Trace"),
    Access::anyone("/test.v1.Probe/Watch").streaming(),
    Access::anyone("/test.v1.Probe/Break").streaming(),
    Access::roles("/test.v1.Probe/WatchDesk", DESK).streaming(),
    Access::roles("/test.v1.Probe/Export", DESK).streaming(),
    Access::anyone("/test.v1.Probe/WatchOne").streaming().streams(1),
    Access::anyone("/test.v1.Probe/Ended").streaming(),
];

pub static DESCRIPTOR: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let method = ACCESS.iter().map(|entry| MethodDescriptorProto {
        name: entry.method.rsplit('/').next().map(str::to_owned),
        input_type: Some(".google.protobuf.StringValue".to_owned()),
        output_type: Some(".google.protobuf.StringValue".to_owned()),
        client_streaming: Some(entry.client_streaming),
        server_streaming: Some(entry.streaming),
        ..Default::default()
    });
    let service =
        ServiceDescriptorProto { name: Some("Probe".to_owned()), method: method.collect(), options: None };
    let file = FileDescriptorProto {
        name: Some("test/v1/probe.proto".to_owned()),
        package: Some("test.v1".to_owned()),
        service: vec![service],
        syntax: Some("proto3".to_owned()),
        ..Default::default()
    };
    FileDescriptorSet { file: vec![file] }.encode_to_vec()
});

/// The server, running.
pub struct Running {
    pub address: SocketAddr,
    pub shutdown: Shutdown,
    pub readiness: Readiness,
    pub serving: JoinHandle<anyhow::Result<()>>,
    pub issuer: Issuer,
    /// A message for each call that has entered Hold, Never or Watch.
    pub entered: mpsc::Receiver<()>,
    /// Lets one Hold go.
    pub release: Arc<Notify>,
    _folder: TempDir,
}

pub fn limits() -> Limits {
    let config: Config<NoSettings> = load("probe", "", None, []).unwrap();
    config.limits
}

pub async fn start(limits: Limits) -> Running {
    start_with(limits, |auth| Authenticator::new(&auth).unwrap()).await
}

/// With whoever checks tokens, made of what the issuer's are.
pub async fn start_with(limits: Limits, make: impl FnOnce(AuthConfig) -> Authenticator) -> Running {
    start_over(None, limits, make).await
}

/// Over TLS, where it is given.
pub async fn start_over(
    tls: Option<Arc<Secure>>,
    limits: Limits,
    make: impl FnOnce(AuthConfig) -> Authenticator,
) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let key_file = folder.path().join("issuer.pem");
    let issuer = Issuer::open_or_create(&key_file, "huying", "huying").unwrap();
    let auth = AuthConfig { key_file: Some(key_file), ..AuthConfig::default() };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, entered) = mpsc::channel(64);
    let release = Arc::new(Notify::new());
    let (shutdown, readiness) = (Shutdown::new(), Readiness::new());
    let serving = tokio::spawn(serve(ServeOptions {
        name: "probe",
        listener,
        tls,
        served: Served::default().with(Probe { tell, release: Arc::clone(&release) }),
        access: ACCESS.to_vec(),
        descriptor: DESCRIPTOR.as_slice(),
        limits,
        auth: Arc::new(make(auth)),
        readiness: readiness.clone(),
        shutdown: shutdown.clone(),
    }));
    Running { address, shutdown, readiness, serving, issuer, entered, release, _folder: folder }
}

impl Running {
    pub async fn channel(&self) -> Channel {
        Endpoint::from_shared(format!("http://{}", self.address)).unwrap().connect().await.unwrap()
    }

    pub async fn peer(&self) -> Peer {
        Peer::over(self.channel().await, TokenSource::none())
    }

    pub async fn call(&self, method: &str, text: &str) -> Result<String, Status> {
        unary(self.channel().await, method, Request::new(text.to_owned())).await
    }

    /// A stream that is open, over a connection of its own.
    pub async fn watch(&self, method: &str, token: Option<&str>) -> Result<Streaming<String>, Status> {
        let mut request = Request::new(String::new());
        if let Some(token) = token {
            request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        stream(self.channel().await, method, request).await
    }

    pub fn token(&self, role: Role) -> String {
        self.token_of("someone", role)
    }

    pub fn token_of(&self, subject: &str, role: Role) -> String {
        self.issuer.mint(&Claims::new(subject, [role]), Duration::from_secs(60)).unwrap()
    }
}

pub async fn unary<C>(channel: C, method: &str, request: Request<String>) -> Result<String, Status>
where
    C: GrpcService<Body>,
    C::ResponseBody: http_body::Body<Data = bytes::Bytes> + Send + 'static,
    <C::ResponseBody as http_body::Body>::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    C::Error: std::fmt::Display,
{
    let mut grpc = Grpc::new(channel);
    grpc.ready().await.map_err(|error| panic!("not ready: {error}")).unwrap();
    let path = PathAndQuery::try_from(format!("/{NAME}/{method}")).unwrap();
    grpc.unary(request, path, ProstCodec::<String, String>::default()).await.map(Response::into_inner)
}

pub async fn stream(
    channel: Channel,
    method: &str,
    request: Request<String>,
) -> Result<Streaming<String>, Status> {
    let mut grpc = Grpc::new(channel);
    grpc.ready().await.unwrap();
    let path = PathAndQuery::try_from(format!("/{NAME}/{method}")).unwrap();
    grpc.server_streaming(request, path, ProstCodec::<String, String>::default())
        .await
        .map(Response::into_inner)
}

#[derive(Clone)]
struct Probe {
    tell: mpsc::Sender<()>,
    release: Arc<Notify>,
}

impl NamedService for Probe {
    const NAME: &'static str = NAME;
}

type Texts = Pin<Box<dyn Stream<Item = Result<String, Status>> + Send>>;

impl Probe {
    async fn answer(self, method: String, request: Request<String>) -> Result<Response<String>, Status> {
        let text = match method.as_str() {
            "Echo" | "Import" => request.into_inner(),
            "Who" | "Ask" => Caller::of(&request)?.subject.clone(),
            "Panic" => panic!("the inner text"),
            "Remaining" => remaining().map_or(0, |left| left.as_millis()).to_string(),
            "Trace" => current_traceparent().unwrap_or_default(),
            "Hold" => {
                self.tell.send(()).await.unwrap();
                self.release.notified().await;
                "held".to_owned()
            }
            _ => {
                self.tell.send(()).await.unwrap();
                std::future::pending().await
            }
        };
        Ok(Response::new(text))
    }

    /// One item, then nothing more (Watch), the end (Ended; Export: once it is released) or a panic (Break: it comes before the item is sent).
    async fn stream(self, method: String) -> Result<Response<Texts>, Status> {
        self.tell.send(()).await.unwrap();
        let breaks = method == "Break";
        let first = futures::stream::iter([Ok("first".to_owned())]);
        if method == "Ended" {
            return Ok(Response::new(first.boxed()));
        }
        if method == "Export" {
            let released = futures::stream::once(async move {
                self.release.notified().await;
                Ok("last".to_owned())
            });
            return Ok(Response::new(first.chain(released).boxed()));
        }
        let rest = futures::stream::poll_fn(move |_| {
            assert!(!breaks, "the inner text");
            Poll::Pending
        });
        Ok(Response::new(first.chain(rest).boxed()))
    }
}

impl tower::Service<http::Request<Body>> for Probe {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let probe = self.clone();
        let method = request.uri().path().rsplit('/').next().unwrap().to_owned();
        Box::pin(async move {
            let mut grpc = tonic::server::Grpc::new(ProstCodec::<String, String>::default());
            let streams = ACCESS.iter().any(|entry| entry.streaming && entry.method.ends_with(&method));
            Ok(if streams {
                let handler = service_fn(move |_: Request<String>| probe.clone().stream(method.clone()));
                grpc.server_streaming(handler, request).await
            } else {
                let handler = service_fn(move |request| probe.clone().answer(method.clone(), request));
                grpc.unary(handler, request).await
            })
        })
    }
}
