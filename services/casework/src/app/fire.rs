//! What is due by the clock: steps like any other, so firing twice is harmless.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use huying_chassis::{
    log::Meta,
    run::{self, Runner},
    timer::Timer,
};
use uuid::Uuid;

use super::{
    App,
    step::caused,
    world::{See, World},
};
use crate::{
    NAME,
    domain::{Case, Dispatch, Ruled, Step, lamp::TurnLamps},
};

impl App {
    /// One for each kind that has clocks, with the step that is due then.
    pub fn timers(&self) -> Vec<Timer> {
        vec![timer::<Case>(self.runner.clone(), TurnLamps), timer::<Dispatch>(self.runner.clone(), TurnLamps)]
    }
}

fn timer<A: Ruled>(runner: Runner<World>, step: impl Step<A> + Copy + 'static) -> Timer {
    let fire = move |id: Uuid, _: DateTime<Utc>| {
        let runner = runner.clone();
        let fired = async move {
            let due = run::heard(|seen: &See| caused::<A>(seen, id, &step));
            runner.run(&due, &Meta::of_service(NAME)).await.map_err(|error| anyhow::anyhow!("{error}"))
        };
        Box::pin(fired) as BoxFuture<'static, anyhow::Result<()>>
    };
    Timer { kind: A::KIND, fire: Arc::new(fire) }
}
