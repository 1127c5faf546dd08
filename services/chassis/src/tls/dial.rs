//! The side of a caller.

use std::{path::PathBuf, sync::Arc, time::Duration};

use huying_http::{NoAnswer, Way, tls};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;
use url::Url;

use super::files::Files;
use crate::auth::watched::LOOK;
use crate::config::{ConfigError, TlsConfig};

/// Connects as the files say at that moment. Cheap to clone.
#[derive(Clone)]
pub struct Dialer(Arc<Files<ClientConfig>>);

impl Dialer {
    /// Trusts `ca_file`'s authorities, or those that browsers trust; shows `cert_file` where it is asked for one.
    ///
    /// # Errors
    /// Files that are not there or make no sense.
    pub fn new(config: &TlsConfig) -> Result<Self, ConfigError> {
        Self::looking_every(config, LOOK)
    }

    /// Looks at its files at most this often.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn looking_every(config: &TlsConfig, every: Duration) -> Result<Self, ConfigError> {
        let trusts = config.ca_file.is_some();
        let own = config.cert_file.iter().chain(&config.key_file);
        let paths: Vec<_> = config.ca_file.iter().chain(own).map(PathBuf::as_path).collect();
        let made = Files::open(&paths, every, move |texts| client(texts, trusts));
        made.map(|files| Self(Arc::new(files))).map_err(|error| ConfigError::wrong(format!("tls: {error}")))
    }

    /// A connection that is made when it is first needed, and made again. `endpoint` holds how it is kept.
    ///
    /// # Errors
    /// No https address.
    pub fn channel(
        &self,
        url: &str,
        endpoint: impl FnOnce(Endpoint) -> Endpoint,
    ) -> Result<Channel, ConfigError> {
        let wrong = |error: &dyn std::fmt::Display| ConfigError::wrong(format!("{url}: {error}"));
        let place = url.parse::<Url>().map_err(|error| wrong(&error))?;
        let origin = url.parse::<http::Uri>().map_err(|error| wrong(&error))?;
        let bare = url.strip_prefix("https").ok_or_else(|| wrong(&"it must begin with https://"))?;
        // TLS is ours and not tonic's, which would keep the files of the beginning: to tonic it is a plain connection to there.
        let made = Endpoint::from_shared(format!("http{bare}")).map_err(|error| wrong(&error))?;
        let files = Arc::clone(&self.0);
        Ok(endpoint(made).origin(origin).connect_with_connector_lazy(service_fn(move |_: http::Uri| {
            let (way, place) = (Way::over(files.now()), place.clone());
            async move { Ok::<_, NoAnswer>(TokioIo::new(way.open(&place).await?)) }
        })))
    }
}

/// Of an authority, where one is trusted, and of a certificate and its key, where there are.
fn client(texts: &[String], trusts: bool) -> Result<ClientConfig, String> {
    let (authority, own) = texts.split_at(usize::from(trusts));
    let roots = match authority.first() {
        Some(pem) => tls::authorities(pem.as_bytes())?,
        None => tls::public_authorities(),
    };
    let identity = match own {
        [certificate, key] => Some(tls::Identity::read(certificate.as_bytes(), key.as_bytes())?),
        [] => None,
        _ => return Err("a certificate and its key must be named together".to_owned()),
    };
    let mut config = tls::client(roots, identity)?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}
