//! What a request is. Pure: no I/O, no clock, no randomness.

pub mod change;
pub mod channel;
pub mod error;
pub mod guide;
pub mod order;
pub mod profile;
pub mod request;
pub mod state;
pub mod submission;
pub mod wanted;

pub use error::Error;
