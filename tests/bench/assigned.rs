//! From a call to its assigned case, at a steady rate: measured to the arrival of the event, which comes after the commit. A call's time
//! begins when it is due, whether or not the calls before it are answered.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use tokio::{task::JoinSet, time::interval};

use super::{
    Measure, call,
    events::Events,
    settle::settle,
    stage::Stage,
    table::{SURROUNDINGS, Table, p50_p99},
    window::Window,
};

/// Calls a second.
const RATES: [u32; 3] = [50, 100, 400];

pub struct Assigned(Table);

impl Assigned {
    pub fn new() -> Self {
        let columns = [("calls", 0), ("p50 ms", 1), ("p99 ms", 1), ("cpu ms each", 2)];
        Self(Table::new(
            "from a call to the event of its assigned case",
            "calls/s",
            &[&columns[..], &SURROUNDINGS].concat(),
        ))
    }

    async fn measure(&mut self, stage: &Stage) {
        for rate in RATES {
            stage.bar.set_message(format!("call to case at {rate}/s"));
            let window = Window::open(stage).await;
            let times = call_steadily(stage, rate).await;
            settle(stage).await;
            let seen = window.close(stage);
            let calls = times.len() as f64;
            let each = seen.used_by(|_| true).cpu.as_secs_f64() * 1e3 / calls;
            let [p50, p99] = p50_p99(times);
            self.0.add(rate, [&[calls, p50, p99, each][..], &seen.surroundings()].concat());
        }
    }
}

impl Measure for Assigned {
    fn round<'a>(&'a mut self, stage: &'a Stage) -> BoxFuture<'a, ()> {
        Box::pin(self.measure(stage))
    }

    fn tables(&self) -> Vec<&Table> {
        vec![&self.0]
    }
}

/// Calls for twice the stage's span. The milliseconds of each to its case.
async fn call_steadily(stage: &Stage, rate: u32) -> Vec<f64> {
    let events = Arc::new(Events::listen(stage).await);
    let platform = stage.world.people().platform();
    let mut due = interval(Duration::from_secs(1) / rate);
    let mut calls = JoinSet::new();
    for _ in 0..2 * stage.span.as_secs() as u32 * rate {
        let due = due.tick().await.into_std();
        let (platform, events) = (platform.clone(), events.clone());
        calls.spawn(async move {
            let number = call::submit(&platform).await;
            events.opened.wait(&number).await.at.duration_since(due).as_secs_f64() * 1e3
        });
    }
    calls.join_all().await
}
