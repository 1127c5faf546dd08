//! Calling other services.
//!
//! A [`Peer`] is what a generated client stands on (`RequestServiceClient::new(peers.channel("intake")?)`).
//! Each call carries this service's token, the trace, and a `grpc-timeout` of what remains of the call
//! being worked on (five seconds where none is). Connections are made when first needed, kept alive and
//! made again, over TLS where the address says so. [`retry`] repeats what is idempotent, only on Unavailable or while the other side is
//! full, within the deadline.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use http::HeaderValue;
use http::header::AUTHORIZATION;
use tonic::body::Body;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};
use tonic_types::StatusExt;
use tower::Service;

use crate::auth::TokenSource;
use crate::config::{ConfigError, TlsConfig};
use crate::server::deadline::{self, Deadline, GRPC_TIMEOUT};
use crate::telemetry::current_traceparent;
use crate::tls::Dialer;

/// For a call nobody waits for with a deadline of their own.
const UNSAID: Duration = Duration::from_secs(5);
const CONNECT_WITHIN: Duration = Duration::from_secs(3);
const KEEPALIVE: Duration = Duration::from_secs(20);
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);
const TRIES: usize = 5;

/// The services this one knows, by name. Cheap to clone.
#[derive(Clone)]
pub struct Peers(Arc<Inner>);

struct Inner {
    urls: BTreeMap<String, String>,
    /// Where one of them is reached over TLS.
    dialer: Option<Dialer>,
    token: TokenSource,
    channels: Mutex<BTreeMap<String, Channel>>,
}

impl Peers {
    /// Checks every URL; connects to none.
    pub fn new(
        urls: &BTreeMap<String, String>,
        tls: &TlsConfig,
        token: TokenSource,
    ) -> Result<Self, ConfigError> {
        let secure = urls.values().any(|url| is_secure(url));
        let inner = Inner {
            urls: urls.clone(),
            dialer: secure.then(|| Dialer::new(tls)).transpose()?,
            token,
            channels: Mutex::default(),
        };
        for (name, url) in urls {
            endpoint(name, url)?;
        }
        Ok(Self(Arc::new(inner)))
    }

    /// A way to call `name`. All that ask share its connection. Needs a tokio runtime.
    pub fn channel(&self, name: &str) -> Result<Peer, ConfigError> {
        let unknown = || ConfigError::wrong(format!("peers.{name} must be set: where {name} listens"));
        let url = self.0.urls.get(name).ok_or_else(unknown)?;
        let mut channels = self.0.channels.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let channel = match channels.get(name) {
            Some(channel) => channel.clone(),
            None => self.0.connect(name, url)?,
        };
        channels.insert(name.to_owned(), channel.clone());
        Ok(Peer { channel, token: self.0.token.clone(), open_ended: false })
    }
}

impl Inner {
    fn connect(&self, name: &str, url: &str) -> Result<Channel, ConfigError> {
        match self.dialer.as_ref().filter(|_| is_secure(url)) {
            Some(dialer) => dialer.channel(url, kept),
            None => Ok(endpoint(name, url)?.connect_lazy()),
        }
    }
}

fn is_secure(url: &str) -> bool {
    url.starts_with("https://")
}

fn endpoint(name: &str, url: &str) -> Result<Endpoint, ConfigError> {
    let endpoint = Endpoint::from_shared(url.to_owned());
    endpoint.map(kept).map_err(|error| ConfigError::wrong(format!("peers.{name}: {error}")))
}

/// How a connection is made, and kept.
fn kept(endpoint: Endpoint) -> Endpoint {
    endpoint
        .connect_timeout(CONNECT_WITHIN)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(KEEPALIVE)
        .keep_alive_timeout(KEEPALIVE_TIMEOUT)
        .keep_alive_while_idle(true)
}

/// One peer, for a generated client. Cheap to clone.
#[derive(Clone)]
pub struct Peer {
    channel: Channel,
    token: TokenSource,
    open_ended: bool,
}

impl Peer {
    /// Over a channel made elsewhere: the operator's command, a test.
    pub fn over(channel: Channel, token: TokenSource) -> Self {
        Self { channel, token, open_ended: false }
    }

    /// For calls that stream as long as they like: no deadline but their own.
    pub fn open_ended(mut self) -> Self {
        self.open_ended = true;
        self
    }

    /// The least of what the call asks for and what remains.
    fn deadline(&self, headers: &http::HeaderMap) -> Option<Deadline> {
        let asked = deadline::parse(headers).ok().flatten();
        let unsaid = if self.open_ended { None } else { Some(deadline::remaining().unwrap_or(UNSAID)) };
        let time = match (asked, unsaid) {
            (Some(asked), Some(unsaid)) => Some(asked.min(unsaid)),
            (asked, unsaid) => asked.or(unsaid),
        };
        time.map(Deadline::after)
    }
}

impl Service<http::Request<Body>> for Peer {
    type Response = http::Response<Body>;
    type Error = tonic::transport::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.channel.poll_ready(context)
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        let deadline = self.deadline(request.headers());
        let headers = request.headers_mut();
        if let Some(token) = self.token.header() {
            headers.insert(AUTHORIZATION, token);
        }
        if let Some(trace) = current_traceparent().and_then(|text| HeaderValue::try_from(text).ok()) {
            headers.insert("traceparent", trace);
        }
        if let Some(deadline) = deadline
            && let Ok(value) = HeaderValue::try_from(deadline::header_value(deadline.remaining()))
        {
            headers.insert(GRPC_TIMEOUT, value);
        }
        let fresh = self.channel.clone();
        let answer = std::mem::replace(&mut self.channel, fresh).call(request);
        Box::pin(async move {
            let Some(deadline) = deadline else {
                return answer.await;
            };
            // tonic's channel watches the time as well, and calls it Cancelled.
            match tokio::time::timeout_at(deadline.0, answer).await {
                Err(_) => Ok(deadline::expired().into_http()),
                Ok(Err(error)) if is_timeout(&error) => Ok(deadline::expired().into_http()),
                Ok(answer) => answer,
            }
        })
    }
}

fn is_timeout(error: &tonic::transport::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.is::<tonic::TimeoutExpired>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Repeats an *idempotent* call while the other side is Unavailable, or has too much to do and says when to come again: a few times,
/// further and further apart, not sooner than it asks, never past the deadline.
pub async fn retry<T, F, Call>(call: F) -> Result<T, Status>
where
    F: FnMut() -> Call,
    Call: Future<Output = Result<T, Status>>,
{
    let deadline = Deadline::after(deadline::remaining().unwrap_or(UNSAID));
    let tries = call
        .retry(
            ExponentialBuilder::default()
                .with_min_delay(Duration::from_millis(50))
                .with_max_delay(Duration::from_secs(2))
                .with_max_times(TRIES)
                .with_jitter(),
        )
        .when(passes)
        .adjust(move |status, delay| {
            let asked = status.get_details_retry_info().and_then(|info| info.retry_delay);
            // Waiting past the deadline would turn a clear answer into a late one.
            delay
                .map(|delay| delay.max(asked.unwrap_or_default()))
                .filter(|delay| *delay < deadline.remaining())
        });
    match tokio::time::timeout_at(deadline.0, deadline.cover(tries)).await {
        Ok(answer) => answer,
        Err(_) => Err(deadline::expired()),
    }
}

/// A message that is too large will be so again; it says no time to come back.
fn passes(status: &Status) -> bool {
    let busy = || status.get_details_retry_info().and_then(|info| info.retry_delay).is_some();
    status.code() == Code::Unavailable || (status.code() == Code::ResourceExhausted && busy())
}
