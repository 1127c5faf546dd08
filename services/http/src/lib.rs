//! Asking a server over HTTP, for the few that are asked so: a store of objects, the issuer of tokens.
//!
//! [`tls`] is what TLS is set up with, here and wherever else a connection is made or taken.
//! Each call is one request on a connection of its own: TCP, TLS where the address says so. Nothing is kept open, nothing is tried
//! again, and no redirect is followed: an answer that points elsewhere is an answer like any other.

mod get;
mod place;
pub mod tls;
mod way;

pub use get::{answer, get};
pub use place::{has_login, is_here, is_host_here};
pub use way::{Io, Way};

/// Why there is no answer. It may pass.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NoAnswer(String);

impl NoAnswer {
    /// For another reason than the way there.
    pub fn because(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    /// The error, and what lies behind it.
    fn of(error: impl std::error::Error) -> Self {
        let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
        Self(format!("{error}{cause}"))
    }
}
