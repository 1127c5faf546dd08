//! What the timers fire: lamps. The same decide and append as every step, so firing twice is harmless.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use huying_chassis::{
    log::{Aggregate, Decided, Log, Meta},
    timer::Timer,
};
use uuid::Uuid;

use super::App;
use crate::{
    NAME,
    domain::{Case, Dispatch, Error},
};

impl App {
    /// One for each kind that has clocks.
    pub fn timers(&self) -> Vec<Timer> {
        vec![timer::<Case>(self.log.clone(), Case::tick), timer::<Dispatch>(self.log.clone(), Dispatch::tick)]
    }
}

fn timer<A: Aggregate>(log: Log, tick: fn(&A, DateTime<Utc>) -> Decided<A::Change>) -> Timer {
    let fire = move |id: Uuid, _: DateTime<Utc>| {
        let log = log.clone();
        let turned = async move {
            let meta = Meta::of_service(NAME);
            let step = log.step::<A, Error>(id, &meta, |it, now| Ok(tick(it, now)));
            step.await.map(drop).map_err(|error| anyhow::anyhow!("{error}"))
        };
        Box::pin(turned) as futures::future::BoxFuture<'static, anyhow::Result<()>>
    };
    Timer { kind: A::KIND, fire: Arc::new(fire) }
}
