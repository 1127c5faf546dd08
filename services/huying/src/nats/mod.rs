//! Who may do what on NATS: one user (nkey), in an account of its own, for each service, for each unit that is called, and for the operator's tools.
//!
//! Who uses it: `huying up` for the private NATS, `huying nats config` for any other, and the world tests.
//!
//! - [`rights`] says it, subject by subject, from what the services say they are. Nobody may change, purge or delete a stream, or what it holds.
//! - `accounts` keep each from having NATS do by an answer what it may not do itself.
//! - [`Users`] has their keys: a directory with a seed for each, which only its owner reads. Keys that are there are kept.
//! - [`units`] makes the durable consumer that a unit reads from; a unit itself may make none.

mod accounts;
mod keys;
pub mod rights;
pub mod units;
mod users;

pub use units::Unit;
pub use users::{OPERATOR, Users};
