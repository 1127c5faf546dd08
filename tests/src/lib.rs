//! The world for tests and benchmarks: all services on real PostgreSQL and NATS, a district on them, people who work there, and
//! the means to break things.

#![allow(clippy::unwrap_used, clippy::expect_used)]

pub mod people;
pub mod reckon;
pub mod world;

pub use huying::services::NAMES as SERVICES;
pub use people::People;
pub use world::{Options, World};
