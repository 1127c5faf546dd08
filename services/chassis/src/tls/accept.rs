//! The side of a listener.

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use huying_http::{
    Io,
    tls::{Identity, authorities, provider},
};
use rustls::{
    RootCertStore, ServerConfig,
    server::{NoServerSessionStorage, WebPkiClientVerifier},
};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{files::Files, shown::Shown};
use crate::auth::watched::LOOK;
use crate::config::{ConfigError, TlsConfig, WhoShows};

/// Whoever says nothing for so long is let go.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(5);

/// What a listener is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Port {
    /// gRPC. Callers are asked for a certificate where the settings name an authority for them.
    Calls,
    /// `/metrics` and the probes: nobody is asked for one, since probes have none.
    Admin,
}

/// Takes connections as the files say at that moment.
pub struct Secure {
    config: Files<ServerConfig>,
    asks: bool,
}

impl Secure {
    /// None where the settings name no certificate, or leave this port without.
    ///
    /// # Errors
    /// Files that are not there or make no sense.
    pub fn new(config: &TlsConfig, port: Port) -> Result<Option<Arc<Self>>, ConfigError> {
        Self::looking_every(config, port, LOOK)
    }

    /// Looks at its files at most this often.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn looking_every(
        config: &TlsConfig,
        port: Port,
        every: Duration,
    ) -> Result<Option<Arc<Self>>, ConfigError> {
        let (Some(certificate), Some(key)) = (&config.cert_file, &config.key_file) else { return Ok(None) };
        if port == Port::Admin && config.admin_plaintext {
            return Ok(None);
        }
        let authority = config.client_ca_file.as_ref().filter(|_| port == Port::Calls);
        let paths: Vec<_> = [certificate, key].into_iter().chain(authority).map(PathBuf::as_path).collect();
        let all = config.client_certificates == WhoShows::All;
        let made = Files::open(&paths, every, move |texts| server(texts, all, port));
        let config = made.map_err(|error| ConfigError::wrong(format!("tls: {error}")))?;
        Ok(Some(Arc::new(Self { config, asks: authority.is_some() })))
    }

    /// The handshake, in its time.
    ///
    /// # Errors
    /// The other end speaks no TLS, or shows no certificate that counts here.
    pub async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let taken = timeout(HANDSHAKE_WITHIN, TlsAcceptor::from(self.config.now()).accept(stream)).await;
        taken.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }

    /// What the other end has shown of itself.
    pub(super) fn shown(&self, stream: &TlsStream<TcpStream>) -> Shown {
        if self.asks { Shown::of(stream.get_ref().1.peer_certificates()) } else { Shown::Unasked }
    }
}

/// A connection that was accepted, once its handshake is over, and what it has shown. None: it failed. That is the other end's affair, and
/// told to nobody but whoever looks for it.
pub(crate) async fn whole(stream: TcpStream, secure: Option<Arc<Secure>>) -> Option<(Box<dyn Io>, Shown)> {
    let Some(secure) = secure else {
        let plain: Box<dyn Io> = Box::new(stream);
        return Some((plain, Shown::Unasked));
    };
    let from = stream.peer_addr().ok();
    // On a task of its own: what it reckons must not hold up the others.
    let handshake = tokio::spawn(async move {
        let stream = secure.accept(stream).await?;
        let shown = secure.shown(&stream);
        Ok::<_, io::Error>((stream, shown))
    });
    match handshake.await.map_err(io::Error::other).flatten() {
        Ok((stream, shown)) => {
            let secured: Box<dyn Io> = Box::new(stream);
            Some((secured, shown))
        }
        Err(error) => {
            tracing::debug!(%error, ?from, "a TLS handshake failed");
            None
        }
    }
}

/// Of a certificate, its key and, where callers are asked for theirs, the authority of those.
fn server(texts: &[String], all: bool, port: Port) -> Result<ServerConfig, String> {
    let [certificate, key, authority @ ..] = texts else { return Err("a file is missing".to_owned()) };
    let builder = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let builder = match authority.first() {
        None => builder.with_no_client_auth(),
        Some(pem) => {
            let roots: Arc<RootCertStore> = Arc::new(authorities(pem.as_bytes())?);
            let asked = WebPkiClientVerifier::builder_with_provider(roots, provider());
            let asked = if all { asked } else { asked.allow_unauthenticated() };
            builder.with_client_cert_verifier(asked.build().map_err(|error| error.to_string())?)
        }
    };
    let Identity { chain, key } = Identity::read(certificate.as_bytes(), key.as_bytes())?;
    let mut config = builder.with_single_cert(chain, key).map_err(|error| error.to_string())?;
    // A session that is resumed shows no certificate anew: one that has ended since would go on.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.alpn_protocols = vec![match port {
        Port::Calls => b"h2".to_vec(),
        Port::Admin => b"http/1.1".to_vec(),
    }];
    Ok(config)
}
