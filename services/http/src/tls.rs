//! What TLS is set up with: PEM texts, and rustls on ring. One place, so that every connection of Huying is as strict as every other.

use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};

/// A certificate with those between it and its authority, and its key.
pub struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

/// How everything is encrypted.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// The authorities of a PEM text.
///
/// # Errors
/// It holds none.
pub fn authorities(pem: &[u8]) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(pem)? {
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    Ok(roots)
}

/// Those that browsers trust.
pub fn public_authorities() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

impl Identity {
    /// Of a PEM text with the certificates, its own first, and one with the key.
    ///
    /// # Errors
    /// One of them holds none. What it holds is not shown.
    pub fn read(chain: &[u8], key: &[u8]) -> Result<Self, String> {
        let key =
            PrivateKeyDer::from_pem_slice(key).map_err(|_| "the key file holds no private key in PEM")?;
        Ok(Self { chain: certificates(chain)?, key })
    }
}

/// Trusts these, and shows who we are where that is asked for.
///
/// # Errors
/// A certificate and a key that are not one another's.
pub fn client(roots: RootCertStore, identity: Option<Identity>) -> Result<ClientConfig, String> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots);
    match identity {
        None => Ok(config.with_no_client_auth()),
        Some(Identity { chain, key }) => {
            config.with_client_auth_cert(chain, key).map_err(|error| error.to_string())
        }
    }
}

/// The certificates of a PEM text, in its order.
///
/// # Errors
/// It holds none.
pub fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let found = read.map_err(|error| format!("no certificate can be read from it: {error}"))?;
    if found.is_empty() { Err("it holds no certificate in PEM".to_owned()) } else { Ok(found) }
}
