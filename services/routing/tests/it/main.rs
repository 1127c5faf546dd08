//! Routing, tested from the pure rules up to the running service: one binary, one module per part.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod additions;
mod alike;
mod authority;
mod bench;
mod bytes;
mod check;
mod dangers;
mod decide;
mod desk;
mod evidence;
mod forces;
mod golden;
mod houses;
mod learn;
mod location;
mod people;
mod place;
mod property;
mod queue;
mod reading;
mod recompute;
mod route;
mod rule;
mod service;
mod store;
mod title;
mod twins;
mod units;
