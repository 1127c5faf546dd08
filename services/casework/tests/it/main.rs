//! Casework: its rules without I/O, its store, and the whole service on a real PostgreSQL and a real NATS.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accounts;
mod allowed;
mod approvals;
mod arbitrate;
mod attach;
mod attach_bounds;
mod bad_input;
mod calendar;
mod clocks;
mod decline;
mod delegate;
mod directory;
mod domain;
mod fixture;
mod flow;
mod golden;
mod handling;
mod history;
mod ledgers;
mod life;
mod lives;
mod machine;
mod properties;
mod reach;
mod relead;
mod returns;
mod silent;
mod store;
mod supervise;
mod support;
mod suspended;
mod take_back;
mod waiting;
mod watch;
