//! 理单 casework: works cases through the four tiers, from the decided route to striking off.
//!
//! - [`domain`] is what a case and a dispatch are and what can happen to them: pure.
//! - [`app`] are the use cases: load, decide, append. [`directory`] asks routing who is above.
//! - [`store`] is the only SQL.
//! - [`convert`] turns the domain's words into the contract's and back, for [`grpc`] and [`events`].
//! - [`grpc`] is `huying.casework.v1`: what a caller sees, what is valid.
//! - [`events`] says what happened (`case.*`, `dispatch.*`) and hears routing, intake and evaluation.

pub mod app;
pub mod config;
pub mod convert;
pub mod directory;
pub mod domain;
pub mod events;
pub mod grpc;
pub mod store;

use huying_chassis::{
    config::{ConfigError, settings},
    log::{verify::Kind, watch::Watcher},
    profile::{Profile, Profiles},
    run::Runner,
    secret,
    service::{Base, Parts, Service},
};
use sqlx::migrate::Migrator;
use std::{path::Path, sync::Arc};

use crate::{
    app::world::World,
    directory::Directory,
    domain::{Absence, Approval, Case, CaseworkProfile, Dispatch, Meeting, Prelude},
};

pub const NAME: &str = "casework";

/// Casework's own migrations; the chassis's come before them.
pub static MIGRATIONS: Migrator = sqlx::migrate!();

/// What casework is. It asks routing, so `peers.routing` must be set.
pub const SERVICE: Service = Service {
    name: NAME,
    defaults: include_str!("../config.default.toml"),
    settings: settings::<config::Own>,
    migrations: &MIGRATIONS,
    kinds: &[
        Kind::of::<Case>(),
        Kind::of::<Dispatch>(),
        Kind::of::<Approval>(),
        Kind::of::<Meeting>(),
        Kind::of::<Absence>(),
        Kind::of::<Prelude>(),
        Kind::of::<Profile<CaseworkProfile>>(),
    ],
    publish: events::publish::publish,
    roots: &[events::publish::ROOT, events::publish::DISPATCH_ROOT],
    follows: events::consume::SOURCES,
    followed_by: &["intake", "evaluation"],
    wire,
};

/// The secret key of the store of objects, from its file.
fn secret_key(file: &Path) -> Result<String, String> {
    secret::read(file).map(|key| key.expose().clone())
}

fn wire(base: &Base) -> anyhow::Result<Parts> {
    let own: config::Own = base.own()?;
    let world = Arc::new(World {
        profiles: Profiles::start(base.log.clone(), base.stop.clone()),
        directory: Directory::new(base.peers.channel("routing")?),
    });
    let objects = own.objects.open(secret_key).map_err(ConfigError::wrong)?;
    let app = app::App {
        objects,
        log: base.log.clone(),
        runner: Runner::new(base.log.clone(), world.clone()),
        publish: events::publish::publish,
        world,
        stop: base.stop.clone(),
        watcher: Watcher { log: base.log.clone(), stop: base.stop.clone(), pace: own.pace() },
        notes_a_day: own.notes_a_day,
    };
    tokio::spawn(app.clone().look_after_objects(base.readiness.clone()));
    let (timers, gauges, tables) = (app.timers(), app.gauges(), app.table_gauges());
    let hears = events::consume::Hears { app: app.clone() };
    let served = grpc::served(app, base.limits.max_message_bytes);
    Ok(Parts { served, consumer: Some(Arc::new(hears)), timers, gauges, tables })
}
