//! What the timers fire: lamps. Commands like any other, so firing twice is harmless.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use huying_chassis::{
    log::{Aggregate, Decided, Meta},
    run::Runner,
    timer::Timer,
};
use uuid::Uuid;

use super::{
    App,
    world::{World, due},
};
use crate::{
    NAME,
    domain::{Case, Dispatch},
};

impl App {
    /// One for each kind that has clocks.
    pub fn timers(&self) -> Vec<Timer> {
        vec![
            timer::<Case>(self.runner.clone(), Case::tick),
            timer::<Dispatch>(self.runner.clone(), Dispatch::tick),
        ]
    }
}

fn timer<A: Aggregate>(runner: Runner<World>, tick: fn(&A, DateTime<Utc>) -> Decided<A::Change>) -> Timer {
    let fire = move |id: Uuid, _: DateTime<Utc>| {
        let runner = runner.clone();
        let turned = async move {
            let turns = due::<A, _>(id, |it, _, seen| Ok(tick(&it.it, seen.now())));
            let turned = runner.run(&turns, &Meta::of_service(NAME)).await;
            turned.map(drop).map_err(|error| anyhow::anyhow!("{error}"))
        };
        Box::pin(turned) as futures::future::BoxFuture<'static, anyhow::Result<()>>
    };
    Timer { kind: A::KIND, fire: Arc::new(fire) }
}
