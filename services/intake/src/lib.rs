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
    config::{ConfigError, settings},
    log::{Log, verify::Kind, watch::Watcher},
    profile::{Profile, Profiles},
    run::Runner,
    seal::Seals,
    service::{Base, Parts, Service},
};
use sqlx::migrate::Migrator;

use crate::config::Own;
use crate::domain::{
    archive::Archive, card::Card, forum::Forum, guide::Guide, offer::Offer, profile::Part, request::Request,
    risk::Risk, visit::Visit,
};

pub const NAME: &str = "intake";

/// Intake's own migrations; the chassis's come before them.
pub static MIGRATIONS: Migrator = sqlx::migrate!();

/// What intake is.
pub const SERVICE: Service = Service {
    name: NAME,
    defaults: include_str!("../config.default.toml"),
    settings: settings::<Own>,
    migrations: &MIGRATIONS,
    kinds: &[
        Kind::of::<Request>(),
        Kind::of::<Guide>(),
        Kind::of::<Card>(),
        Kind::of::<Visit>(),
        Kind::of::<Archive>(),
        Kind::of::<Risk>(),
        Kind::of::<Forum>(),
        Kind::of::<Offer>(),
        Kind::of::<Profile<Part>>(),
    ],
    publish: events::publish::publish,
    roots: &[NAME],
    follows: events::consume::SOURCES,
    followed_by: &["routing", "casework", "evaluation"],
    wire,
};

/// The use cases on a log, which is the service's own but where a test counts how often it is asked.
///
/// # Errors
/// No file of keys, or one that cannot be read.
pub fn wired(base: &Base, log: Log) -> anyhow::Result<app::App> {
    let own: Own = base.own()?;
    let seals = Seals::new(log.pool().clone(), own.keys().map_err(ConfigError::wrong)?);
    let profiles = Profiles::start(base.log.clone(), base.stop.clone());
    Ok(app::App {
        watcher: Watcher { log: log.clone(), stop: base.stop.clone(), pace: own.pace() },
        runner: Runner::new(log.clone(), profiles.clone()),
        profiles,
        floods: app::flood::Floods::default(),
        reads_kept: app::person::days(own.reads_kept_days),
        additions_a_day: own.additions_a_day,
        archive_updates_a_day: own.archive_updates_a_day,
        numbers: store::number::Numbers::new(log.pool().clone()),
        seals,
        log,
    })
}

fn wire(base: &Base) -> anyhow::Result<Parts> {
    let app = Arc::new(wired(base, base.log.clone())?);
    Ok(Parts {
        timers: vec![app.sweeper().timer(), app.visit_timer(), app.duty_timer(), app.read_timer()],
        served: grpc::served(app.clone(), base.limits.max_message_bytes),
        consumer: Some(Arc::new(events::consume::Hears { app })),
        ..Parts::default()
    })
}
