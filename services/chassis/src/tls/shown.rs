//! What a caller has shown of itself below the call, and whether its token says the same.
//!
//! A service's certificate names it in its subject alternative names: as `URI:huying:service:NAME`, or as `DNS:NAME`. With the first it is
//! a service's and nobody else's: only that service's token goes over it.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use tonic::Code;
use webpki::EndEntityCert;

use crate::{auth::Caller, status::Problem};

/// What stands before a service's name.
const SERVICE: &str = "huying:service:";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// No certificate is asked for here: the token alone counts.
    Unasked,
    /// None, though it was asked for one. Services may not.
    Nothing,
    Certificate(Arc<Names>),
}

/// Whom a certificate is for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    services: Vec<String>,
    hosts: Vec<String>,
}

impl Shown {
    /// Of the certificates that were verified in the handshake, the caller's own first.
    pub(super) fn of(chain: Option<&[CertificateDer<'_>]>) -> Self {
        match chain.and_then(<[_]>::first) {
            None => Self::Nothing,
            Some(own) => Self::Certificate(Arc::new(Names::of(own))),
        }
    }

    /// Whether whoever the token names has shown their own certificate.
    pub(crate) fn is_of(&self, caller: &Caller) -> Result<(), Problem> {
        let refused =
            |reason, message: &str| Err(Problem::new(Code::PermissionDenied, reason, message.to_owned()));
        match (self, caller.service()) {
            (Self::Unasked, _) | (Self::Nothing, None) => Ok(()),
            (Self::Nothing, Some(_)) => {
                refused("CERTIFICATE_MISSING", "a service must show its certificate here")
            }
            (Self::Certificate(names), Some(service)) if names.has(service) => Ok(()),
            (Self::Certificate(names), None) if names.services.is_empty() => Ok(()),
            (Self::Certificate(_), _) => {
                refused("CERTIFICATE_OF_ANOTHER", "the certificate is another's than whom the token names")
            }
        }
    }
}

impl Names {
    fn of(certificate: &CertificateDer<'_>) -> Self {
        // It was verified, so it can be read; one that cannot names nobody.
        let Ok(read) = EndEntityCert::try_from(certificate) else { return Self::default() };
        let services = read.valid_uri_names().filter_map(|uri| uri.strip_prefix(SERVICE));
        Self {
            services: services.map(str::to_owned).collect(),
            hosts: read.valid_dns_names().map(str::to_owned).collect(),
        }
    }

    /// One that says which service it is by the first way is not asked for the second.
    fn has(&self, service: &str) -> bool {
        let names = if self.services.is_empty() { &self.hosts } else { &self.services };
        names.iter().any(|name| name == service)
    }
}
