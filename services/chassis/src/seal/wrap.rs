//! Who wraps data keys: whatever holds key-encryption keys. A file on this machine ([`KeyFile`](super::KeyFile)), or a KMS one day.

use std::fmt;

use futures::future::BoxFuture;

use super::{DataKey, SealError};

/// A data key that only whoever has the named key can unwrap.
#[derive(Clone, PartialEq, Eq)]
pub struct Wrapped {
    /// Of the key-encryption key.
    pub by: String,
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[wrapped by {}]", self.by)
    }
}

/// An answer that may take a while: a KMS is asked over the network.
pub type Wrapping<'a, T> = BoxFuture<'a, Result<T, SealError>>;

/// Has key-encryption keys. `place` is authenticated with what is wrapped, and must be said again to unwrap it.
pub trait Wrap: Send + Sync {
    /// The names of its keys, the newest first: that one wraps.
    fn names(&self) -> Vec<String>;

    /// Wraps by the newest.
    fn wrap<'a>(&'a self, key: &'a DataKey, place: &'a str) -> Wrapping<'a, Wrapped>;

    fn unwrap<'a>(&'a self, wrapped: &'a Wrapped, place: &'a str) -> Wrapping<'a, DataKey>;
}
