//! The way to a server: TCP, TLS where its address says so, one request.

use std::{fs, path::Path, sync::Arc, time::Duration};

use http::{Request, Response};
use hyper::{
    body::{Body, Incoming},
    client::conn::http1,
};
use hyper_util::rt::TokioIo;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;
use url::Url;

use crate::NoAnswer;

const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// Plain, or with whom to trust.
pub struct Way(Option<TlsConnector>);

trait Both: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Both for T {}

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
        let mut roots = RootCertStore::empty();
        if let Some(file) = ca_file {
            let refuse = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
            let pem = fs::read(file).map_err(|error| refuse(&error))?;
            for certificate in CertificateDer::pem_slice_iter(&pem) {
                roots.add(certificate.map_err(|error| refuse(&error))?).map_err(|error| refuse(&error))?;
            }
        } else {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Some(TlsConnector::from(Arc::new(config)))))
    }

    /// Sends one request and waits for the answer's head. The connection ends with the answer.
    ///
    /// # Errors
    /// Nobody answers there.
    pub async fn send<B>(&self, url: &Url, request: Request<B>) -> Result<Response<Incoming>, NoAnswer>
    where
        B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
    {
        let connecting = timeout(CONNECT_WITHIN, self.connect(url)).await;
        let io = connecting.map_err(|_| NoAnswer("it cannot be connected to in time".to_owned()))??;
        let (mut sender, connection) = http1::handshake(TokioIo::new(io)).await.map_err(NoAnswer::of)?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
        });
        sender.send_request(request).await.map_err(NoAnswer::of)
    }

    async fn connect(&self, url: &Url) -> Result<Box<dyn Both>, NoAnswer> {
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
