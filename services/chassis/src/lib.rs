//! What every service stands on. It knows no word of the business.
//!
//! A tour, in the order of a change's life:
//!
//! - [`server`] takes the call through one tower stack: trace, metrics, panic, deadline, load shed, auth ([`auth`], [`status`], [`validate`]).
//! - [`run`] lets a command decide on what it needs to know, and again when that has changed.
//! - [`log`] appends what happened: one group commit for whatever waits at that moment.
//! - [`anchor`] signs what the log holds, and keeps that outside the database.
//! - [`relay`] follows the log and publishes it on the [`bus`]; [`leader`] keeps one relay per service.
//! - [`follow`] applies the events of other services in order, heals gaps from their logs through [`log_service`], parks what it cannot apply.
//! - [`timer`] fires what is due by the [`clock`].
//! - [`sweep`] carries a replaced [`profile`] into what is under way.
//! - [`gauges`] tell how all this stands, to Prometheus and to whoever asks whether the service is ready.
//! - [`tls`] is what connections are encrypted with, and what a caller's certificate says it is.
//! - [`service`] wires it all up and drains it in order: gRPC, committer, relay, telemetry ([`telemetry`], [`shutdown`]).

pub mod anchor;
pub mod auth;
pub mod bus;
pub mod clock;
pub mod config;
pub mod db;
pub mod exit;
pub mod follow;
pub mod gauges;
pub mod id;
pub mod leader;
pub mod log;
pub mod log_service;
pub mod page;
pub mod peers;
pub mod profile;
pub mod quota;
pub mod relay;
pub mod run;
pub mod seal;
pub mod secret;
pub mod server;
pub mod service;
pub mod shutdown;
pub mod status;
pub mod sweep;
pub mod telemetry;
pub mod timer;
pub mod tls;
pub mod validate;
