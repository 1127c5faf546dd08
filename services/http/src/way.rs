//! The way to a server: TCP, TLS where its address says so, one request.

use std::{fs, path::Path, sync::Arc, time::Duration};

use http::{Request, Response};
use hyper::{
    body::{Body, Incoming},
    client::conn::http1,
};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;
use url::Url;

use crate::{NoAnswer, tls};

const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// Plain, or with whom to trust.
#[derive(Clone)]
pub struct Way(Option<TlsConnector>);

/// A connection, plain or not.
pub trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

impl Way {
    /// Without TLS.
    pub const fn plain() -> Self {
        Self(None)
    }

    /// With TLS, trusting the authorities of a PEM file; where none is named, those that browsers trust.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn secure(ca_file: Option<&Path>) -> Result<Self, String> {
        let roots = match ca_file {
            Some(file) => {
                let refuse = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
                let pem = fs::read(file).map_err(|error| refuse(&error))?;
                tls::authorities(&pem).map_err(|error| refuse(&error))?
            }
            None => tls::public_authorities(),
        };
        Ok(Self::over(Arc::new(tls::client(roots, None)?)))
    }

    /// With TLS that was set up elsewhere.
    pub fn over(config: Arc<ClientConfig>) -> Self {
        Self(Some(TlsConnector::from(config)))
    }

    /// Sends one request and waits for the answer's head. The connection ends with the answer.
    ///
    /// # Errors
    /// Nobody answers there.
    pub async fn send<B>(&self, url: &Url, request: Request<B>) -> Result<Response<Incoming>, NoAnswer>
    where
        B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
    {
        let io = self.open(url).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(io)).await.map_err(NoAnswer::of)?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
        });
        sender.send_request(request).await.map_err(NoAnswer::of)
    }

    /// A connection to where an address points; its path is not looked at.
    ///
    /// # Errors
    /// Nobody is there in time, or it is another than its certificate says.
    pub async fn open(&self, url: &Url) -> Result<Box<dyn Io>, NoAnswer> {
        let connecting = timeout(CONNECT_WITHIN, self.connect(url)).await;
        connecting.map_err(|_| NoAnswer("it cannot be connected to in time".to_owned()))?
    }

    async fn connect(&self, url: &Url) -> Result<Box<dyn Io>, NoAnswer> {
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or(443);
        // A v6 address stands in brackets in an address, and without them everywhere else.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let plain = TcpStream::connect((host.as_str(), port)).await.map_err(NoAnswer::of)?;
        let _ = plain.set_nodelay(true);
        let Some(tls) = &self.0 else { return Ok(Box::new(plain)) };
        let name = ServerName::try_from(host).map_err(NoAnswer::of)?;
        Ok(Box::new(tls.connect(name, plain).await.map_err(NoAnswer::of)?))
    }
}
