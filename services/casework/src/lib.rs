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
    log::verify::Kind,
    profile::{Profile, Profiles},
    run::Runner,
    service::{self, Definition, Parts, Seams, Starting},
    shutdown::Shutdown,
};
use sqlx::migrate::Migrator;
use std::sync::Arc;

use crate::{
    app::world::World,
    directory::Directory,
    domain::{Case, CaseworkProfile, Dispatch, Prelude},
};

pub const NAME: &str = "casework";
/// The defaults of its settings, over the chassis's.
pub const DEFAULTS: &str = include_str!("../config.default.toml");
pub type Config = huying_chassis::config::Config<config::Own>;

/// Casework's own migrations; the chassis's come before them.
pub static MIGRATIONS: Migrator = sqlx::migrate!();

/// Starts casework; it runs until `stop` begins.
///
/// # Errors
/// See [`service::start`]; `peers.routing` must be set.
pub fn start(config: Config, seams: Seams, stop: Shutdown) -> Starting {
    let definition = Definition {
        name: NAME,
        migrations: &MIGRATIONS,
        kinds: vec![
            Kind::of::<Case>(),
            Kind::of::<Dispatch>(),
            Kind::of::<Prelude>(),
            Kind::of::<Profile<CaseworkProfile>>(),
        ],
        publish: events::publish::publish,
        roots: &[events::publish::ROOT, events::publish::DISPATCH_ROOT],
    };
    let largest = config.limits.max_message_bytes;
    service::start(definition, config, seams, stop, move |base, own| {
        let world = Arc::new(World {
            profiles: Profiles::start(base.log.clone(), base.stop.clone()),
            directory: Directory::new(base.peers.channel("routing")?),
        });
        let app = app::App {
            log: base.log.clone(),
            runner: Runner::new(base.log.clone(), world.clone()),
            publish: events::publish::publish,
            world,
            stop: base.stop.clone(),
            watch_poll: own.poll(),
            watch_heartbeat: own.heartbeat(),
        };
        let timers = app.timers();
        let hears = events::consume::Hears { app: app.clone() };
        Ok(Parts { served: grpc::served(app, largest), consumer: Some(Arc::new(hears)), timers })
    })
}
