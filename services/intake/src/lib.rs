//! 接单 intake: takes every call at every door, keeps it as received, and owes its reporter an answer.
//!
//! - [`domain`] is what a request is and what can happen to it: pure.
//! - [`app`] are the use cases: load, decide, append.
//! - [`store`] is the only SQL.
//! - [`convert`] turns the domain's words into the contract's and back, for [`grpc`] and [`events`].
//! - [`grpc`] is `huying.intake.v1`: what a caller sees, what is valid.
//! - [`events`] says what happened (`request.*`) and hears what becomes of it (`case.*`).

pub mod app;
pub mod config;
pub mod convert;
pub mod domain;
pub mod events;
pub mod grpc;
pub mod store;

use std::sync::Arc;

use huying_chassis::{
    log::verify::Kind,
    profile::{Profile, Profiles},
    run::Runner,
    service::{self, Definition, Parts, Seams, Starting},
    shutdown::Shutdown,
};
use sqlx::migrate::Migrator;

use crate::domain::{profile::Part, request::Request};

pub const NAME: &str = "intake";
/// The defaults of its settings, over the chassis's.
pub const DEFAULTS: &str = include_str!("../config.default.toml");
pub type Config = huying_chassis::config::Config<config::Own>;

/// Intake's own migrations; the chassis's come before them.
pub static MIGRATIONS: Migrator = sqlx::migrate!();

/// Starts intake; it runs until `stop` begins.
///
/// # Errors
/// See [`service::start`].
pub fn start(config: Config, seams: Seams, stop: Shutdown) -> Starting {
    let definition = Definition {
        name: NAME,
        migrations: &MIGRATIONS,
        kinds: vec![Kind::of::<Request>(), Kind::of::<Profile<Part>>()],
        publish: events::publish::publish,
        roots: &["intake"],
    };
    let largest = config.limits.max_message_bytes;
    service::start(definition, config, seams, stop, move |base, _| {
        let app = Arc::new(app::App {
            log: base.log.clone(),
            runner: Runner::new(base.log.clone(), Arc::default()),
            profiles: Profiles::start(base.log.clone(), base.stop.clone()),
            numbers: store::number::Numbers::new(base.pool.clone()),
        });
        Ok(Parts {
            served: grpc::served(app.clone(), largest),
            consumer: Some(Arc::new(events::consume::Hears { app })),
            timers: Vec::new(),
        })
    })
}
