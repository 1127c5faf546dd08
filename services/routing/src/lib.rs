//! 研判 routing: whose is a request, how pressing, by when; and the directory of the place it knows that from.
//!
//! Who comes here: intake's events (every request is decided or queued), people at the triage desk (they decide what no rule could),
//! casework (who is above, who may be called), everybody's look-ups of areas and units, and the operator who applies a profile.
//!
//! A tour, in the order of a request's way:
//!
//! - [`events::consume`] hears that a request was submitted; [`app::receive`] drafts what the rules say of it.
//! - [`domain`] is the rules, pure: [`domain::decide`] with a reason for each part, from a [`domain::index`] held in memory.
//! - [`app::learn`] keeps the district's learned classifiers, and gives what the next ones learn from; [`app::memory`] is what is known from
//!   before when a request comes in.
//! - [`app::triage`] is the desk: its queue and clock, claims, decisions and corrections; [`app::look`] answers from the directory.
//! - [`store`] is the only SQL, [`grpc`] the thin `huying.routing.v1`; [`convert`] turns words into the contract's and back.
//! - [`events::publish`] tells what was decided, with all that casework needs to open the case.
//!
//! Guaranteed: every submitted request ends up decided, queued or withdrawn; deciding costs no query, but for one
//! where a road is all that is known of the place; a decision has a reason for each of its parts; events carry nothing of the reporter.

pub mod app;
pub mod convert;
pub mod domain;
pub mod events;
pub mod grpc;
pub mod store;

use std::sync::Arc;

use huying_chassis::{
    config::{self, NoSettings},
    log::verify::Kind,
    profile::{Profile, Profiles},
    service::{Base, Parts, Service},
};
use sqlx::migrate::Migrator;

use crate::{
    app::App,
    domain::{
        learned::{Learned, LearnedUnits},
        profile::Directory,
        route::Route,
    },
};

/// The service's name: of its consumers, its settings and its peers' settings.
pub const NAME: &str = "routing";

/// Its tables, besides the chassis's.
pub static MIGRATIONS: Migrator = sqlx::migrate!();

/// What routing is.
pub const SERVICE: Service = Service {
    name: NAME,
    defaults: include_str!("../config.default.toml"),
    settings: config::settings::<NoSettings>,
    migrations: &MIGRATIONS,
    kinds: &[
        Kind::of::<Route>(),
        Kind::of::<Profile<Directory>>(),
        Kind::of::<Profile<Learned>>(),
        Kind::of::<Profile<LearnedUnits>>(),
    ],
    publish: events::publish::publish,
    roots: &[NAME],
    follows: events::consume::SOURCES,
    followed_by: &["casework"],
    wire,
};

fn wire(base: &Base) -> anyhow::Result<Parts> {
    let models = Profiles::start(base.log.clone(), base.stop.clone());
    let unit_models = Profiles::start(base.log.clone(), base.stop.clone());
    let profiles = Profiles::start(base.log.clone(), base.stop.clone());
    let app = App::new(base.log.clone(), profiles, models, unit_models);
    let timers = vec![app.desk_timer(), app.sweeper().timer()];
    let consumer = Arc::new(events::consume::Requests::new(app.clone()));
    let served = grpc::served(app, base.limits.max_message_bytes);
    Ok(Parts { served, consumer: Some(consumer), timers, ..Parts::default() })
}
