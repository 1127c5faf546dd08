//! 评单: evaluation asks the reporter of every resolved case, and judges units by the answers.
//!
//! Who comes here: callback staff and leaders (they record what reporters say), desks, officers and departments (they read how
//! they were judged), casework (it hears that a case passed, failed or lapsed) and the timer (it ends what nobody was reached for).
//!
//! A tour, in the order of a callback's life:
//!
//! - [`events::consume`] hears that a case was resolved and opens a callback; one per attempt, whatever is repeated.
//! - [`domain`] is the whole of the rules: [`domain::state`] what may follow what, [`domain::verdict`] when a verdict passes,
//!   [`domain::figure`] what is counted and the rates of it (三率 and more), [`domain::profile`] what a district sets;
//!   [`domain::round`] samples of those whose cases were resolved (满意度回访抽查), [`domain::estimate`] what they say of all;
//!   [`domain::topic`] common issues, and whether their streams dried up (共性问题、一案一策);
//!   [`domain::sign`] what the figures show before anybody asks (苗头);
//!   [`domain::rating`] what units that worked on a case together say of each other (基层评部门);
//!   [`domain::inspection`] what delegates find at cases (督评), [`domain::inquiry`] what they ask in public (问政).
//! - [`app`] has one file per family of use cases, of which [`app::quota`] says what a caller may do only so often a day; [`store`] the only SQL; [`grpc`] is thin; [`convert`] turns words into the contract's.
//! - [`events::publish`] tells what happened; casework strikes off, or reopens.
//!
//! Guaranteed: a callback ends exactly once; a unit that worked on a case never judges it; the reporter's words never leave in an event.

pub mod app;
pub mod config;
pub mod convert;
pub mod domain;
pub mod events;
pub mod grpc;
pub mod intake;
pub mod store;

use std::sync::Arc;

use huying_chassis::{
    config::settings,
    log::{Log, verify::Kind},
    profile::{Profile, Profiles},
    service::{Base, Parts, Service},
};
use sqlx::migrate::Migrator;

use crate::{
    app::App,
    config::Own,
    domain::{
        callback::Callback, inquiry::Inquiry, inspection::Inspection, interview::Interview,
        profile::EvaluationProfile, rating::Rating, round::Round, sign::Sign, topic::Topic,
    },
    intake::Intake,
};

/// The service's name: of its consumers, its settings and its peers' settings.
pub const NAME: &str = "evaluation";

/// Its tables, besides the chassis's.
pub static MIGRATIONS: Migrator = sqlx::migrate!();

/// What evaluation is. It asks intake, so `peers.intake` must be set.
pub const SERVICE: Service = Service {
    name: NAME,
    defaults: include_str!("../config.default.toml"),
    settings: settings::<Own>,
    migrations: &MIGRATIONS,
    kinds: &[
        Kind::of::<Callback>(),
        Kind::of::<Profile<EvaluationProfile>>(),
        Kind::of::<Round>(),
        Kind::of::<Interview>(),
        Kind::of::<Topic>(),
        Kind::of::<Sign>(),
        Kind::of::<Inquiry>(),
        Kind::of::<Inspection>(),
        Kind::of::<Rating>(),
    ],
    publish: events::publish::publish,
    roots: &[NAME],
    follows: events::consume::SOURCES,
    followed_by: &["casework"],
    wire,
};

/// The use cases on a log, which is the service's own but where a test counts how often it is asked.
///
/// # Errors
/// No way to intake.
pub fn wired(base: &Base, log: Log) -> anyhow::Result<App> {
    let Own { additions_a_day } = base.own()?;
    let intake = Intake::new(base.peers.channel("intake")?);
    // Read again each second, whoever calls: no look of a call.
    let profiles = Profiles::start(base.log.clone(), base.stop.clone());
    Ok(App::new(log, profiles, intake, additions_a_day))
}

fn wire(base: &Base) -> anyhow::Result<Parts> {
    let app = wired(base, base.log.clone())?;
    let consumer = Arc::new(events::consume::Cases::new(app.clone()));
    Ok(Parts {
        served: grpc::served(app.clone(), base.limits.max_message_bytes, base.stop.clone()),
        consumer: Some(consumer),
        timers: [app.lapsing(), app.judging(), app.reminding(), app.sweeper().timer()]
            .into_iter()
            .chain(app.counting())
            .chain([app.watching()])
            .collect(),
        ..Parts::default()
    })
}
