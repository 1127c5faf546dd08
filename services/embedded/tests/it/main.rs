//! The embedded servers, for real: started, stopped, killed, wiped, and not found.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod crash;
mod lookup;
mod nats;
mod postgres;
mod support;
