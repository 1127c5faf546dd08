//! TLS between whoever calls and whoever answers, mutual where it is set so.
//!
//! [`Secure`] (accept.rs) is the side of a listener: its certificate, and whose certificates it asks callers for. [`Dialer`] (dial.rs) is
//! the side of a caller: whom it trusts, and what it shows. Both stand on files that somebody else writes (files.rs): a renewed
//! certificate, key or authority counts from the next connection on, and a broken one is said while the one before stays.
//! [`Shown`] (shown.rs) is what a caller's certificate says it is, which must be what its token says. [`Ends`] (ends.rs) tells when
//! certificates end.

mod accept;
mod dial;
mod ends;
pub(crate) mod files;
mod shown;

pub(crate) use accept::whole;
pub use accept::{Port, Secure};
pub use dial::Dialer;
pub use ends::{Ending, Ends, WARNED};
pub(crate) use shown::Shown;
