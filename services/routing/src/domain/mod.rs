//! Whose it is, how pressing, by when: pure. No I/O, no clock, no randomness.
//!
//! - [`profile`] is what a district says of itself, [`check`] all that can be wrong with it, [`index`] the same made ready to be asked.
//! - [`learned`] is the models that a district's operator has applied: of categories, asked where no rule tells it, and of units.
//! - [`decide`] turns a submission into a [`decision`], with a reason for each part of it.
//! - [`said`] is what of a request is read, [`text`] is how, [`danger`] which dangers to life it may speak of.
//! - [`difference`] is what two decisions on the same request do not share, [`simulation`] what another directory would decide.
//! - [`desk`] is how a request waits for a person, and what people do there.
//! - [`addition`] is what the reporter adds, read for danger.
//! - [`house`] is where requests on a road turned out to lie.
//! - [`twins`] tells how like two requests are.
//! - [`wanted`] is what the queue is asked for.
//! - [`route`] is the aggregate: [`state`] what may follow what, [`change`] what happened, [`error`] why not.

pub mod addition;
pub mod change;
pub mod check;
pub mod danger;
pub mod decide;
pub mod decision;
pub mod desk;
pub mod difference;
pub mod error;
pub mod force;
pub mod house;
pub mod index;
pub mod learned;
pub mod lists;
pub mod people;
pub mod profile;
pub mod route;
pub mod said;
pub mod simulation;
pub mod state;
pub mod text;
pub mod twins;
pub mod wanted;

pub use error::Error;
