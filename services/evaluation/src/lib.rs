//! 评单: evaluation asks the reporter of every resolved case, and judges units by the answers.
//!
//! Who comes here: callback staff and leaders (they record what reporters say), desks, officers and departments (they read how
//! they were judged), casework (it hears that a case passed, failed or lapsed) and the timer (it ends what nobody was reached for).
//!
//! A tour, in the order of a callback's life:
//!
//! - [`events::consume`] hears that a case was resolved and opens a callback; one per attempt, whatever is repeated.
//! - [`domain`] is the whole of the rules: [`domain::state`] what may follow what, [`domain::verdict`] when a verdict passes,
//!   [`domain::rates`] the three rates (三率), [`domain::profile`] what a district sets.
//! - [`app`] has one file per family of use cases; [`store`] the only SQL; [`grpc`] is thin; [`convert`] turns words into the contract's.
//! - [`events::publish`] tells what happened; casework strikes off, or reopens.
//!
//! Guaranteed: a callback ends exactly once; a unit that worked on a case never judges it; the reporter's words never leave in an event.

pub mod app;
pub mod config;
pub mod convert;
pub mod domain;
pub mod events;
pub mod grpc;
pub mod store;

use std::sync::Arc;

use huying_chassis::{
    log::{Aggregate, verify::Kind},
    profile::{Profile, Profiles},
    service::{self, Base, Definition, Parts, Seams, Starting},
    shutdown::Shutdown,
    timer::Timer,
};
use sqlx::migrate::Migrator;

use crate::{
    app::App,
    domain::{callback::Callback, profile::EvaluationProfile},
};

/// The service's name: of its consumers, its settings and its peers' settings.
pub const NAME: &str = "evaluation";

/// Its settings.
pub type Config = huying_chassis::config::Config<config::Own>;

/// Its defaults, over the common ones.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// Its tables, besides the chassis's.
pub static MIGRATIONS: Migrator = sqlx::migrate!();

/// Starts the service: the only wiring.
///
/// # Errors
/// A wrong setting, an address that is taken, a database that cannot be reached or migrated.
pub fn start(config: Config, seams: Seams, stop: Shutdown) -> Starting {
    let definition = Definition {
        name: NAME,
        migrations: &MIGRATIONS,
        kinds: vec![Kind::of::<Callback>(), Kind::of::<Profile<EvaluationProfile>>()],
        publish: events::publish::publish,
        roots: &[NAME],
    };
    let largest = config.limits.max_message_bytes;
    service::start(definition, config, seams, stop, move |base, _| Ok(wire(base, largest)))
}

fn wire(base: &Base, largest: usize) -> Parts {
    let app = App::new(base.log.clone(), Profiles::start(base.log.clone(), base.stop.clone()));
    let consumer = Arc::new(events::consume::Cases::new(app.clone()));
    Parts { served: grpc::served(app.clone(), largest), consumer: Some(consumer), timers: vec![lapsing(app)] }
}

/// Ends the callbacks whose window is over.
fn lapsing(app: App) -> Timer {
    Timer {
        kind: Callback::KIND,
        fire: Arc::new(move |id, _| {
            let app = app.clone();
            Box::pin(async move { Ok(app.lapse(id).await?) })
        }),
    }
}
