//! The way to the store: TCP, TLS where its address says so, one request.

use std::{fs, sync::Arc, time::Duration};

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

use crate::Error;

const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// Plain, or with whom to trust.
pub(super) struct Way(Option<TlsConnector>);

trait Both: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Both for T {}

impl Way {
    pub(super) fn to(tls: bool, ca_file: &str) -> Result<Self, String> {
        if !tls {
            return Ok(Self(None));
        }
        let mut roots = RootCertStore::empty();
        if ca_file.is_empty() {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        } else {
            let pem = fs::read(ca_file).map_err(|error| format!("ca_file {ca_file}: {error}"))?;
            for certificate in CertificateDer::pem_slice_iter(&pem) {
                let added = certificate.map_err(|error| error.to_string());
                added
                    .and_then(|it| roots.add(it).map_err(|error| error.to_string()))
                    .map_err(|error| format!("ca_file {ca_file}: {error}"))?;
            }
        }
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Some(TlsConnector::from(Arc::new(config)))))
    }

    /// Sends one request and waits for the answer's head. The connection ends with the answer.
    pub(super) async fn send<B>(&self, url: &Url, request: Request<B>) -> Result<Response<Incoming>, Error>
    where
        B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
    {
        let connecting = timeout(CONNECT_WITHIN, self.connect(url)).await;
        let io = connecting.map_err(|_| Error::Unusable("it cannot be connected to in time".into()))??;
        let (mut sender, connection) = http1::handshake(TokioIo::new(io)).await.map_err(unusable)?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to the store of objects broke");
            }
        });
        sender.send_request(request).await.map_err(unusable)
    }

    async fn connect(&self, url: &Url) -> Result<Box<dyn Both>, Error> {
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or(443);
        // A v6 address stands in brackets in an address, and without them everywhere else.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let plain = TcpStream::connect((host.as_str(), port)).await.map_err(unusable)?;
        let _ = plain.set_nodelay(true);
        let Some(tls) = &self.0 else { return Ok(Box::new(plain)) };
        let name = ServerName::try_from(host).map_err(unusable)?;
        Ok(Box::new(tls.connect(name, plain).await.map_err(unusable)?))
    }
}

fn unusable(error: impl std::error::Error) -> Error {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    Error::Unusable(format!("{error}{cause}"))
}
