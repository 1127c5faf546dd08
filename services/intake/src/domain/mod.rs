//! What a request is. Pure: no I/O, no clock, no randomness.

pub mod archive;
pub mod bond;
pub mod card;
pub mod change;
pub mod channel;
pub mod counted;
pub mod duty;
pub mod error;
pub mod flood;
pub mod forum;
pub mod guide;
pub mod offer;
pub mod order;
pub mod participant;
pub mod personal;
pub mod profile;
pub mod read;
pub mod reporter;
pub mod request;
pub mod risk;
pub mod state;
pub mod submission;
pub mod token;
pub mod visit;
pub mod wanted;

pub use error::Error;
