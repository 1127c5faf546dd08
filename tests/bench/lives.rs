//! Whole lives a second, many at once, and what the processors do for one.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::future::BoxFuture;
use huying_tests::SERVICES;
use tokio::task::JoinSet;

use super::{
    Measure,
    events::Events,
    life,
    processes::{HUYING, NATS, POSTGRES, Used},
    settle::settle,
    stage::Stage,
    table::{Column, SURROUNDINGS, Table, p50_p99},
    window::{Seen, Window},
};

/// Lives at once.
const AT_ONCE: [usize; 3] = [16, 64, 256];
/// Connections that they share, for each unit that has a part in them.
const CONNECTIONS: usize = 4;

pub struct Lives {
    rates: Table,
    cpu: Table,
}

impl Lives {
    pub fn new() -> Self {
        let columns = [("lives", 0), ("lives/s", 1), ("p50 ms", 0), ("p99 ms", 0), ("switches each", 0)];
        let mut by: Vec<Column> = vec![("all", 2), (HUYING, 2), (NATS, 2)];
        by.extend(SERVICES.map(|service| (service, 2)));
        by.push((POSTGRES, 2));
        Self {
            rates: Table::new(
                "whole lives a second, from the call to the account struck off",
                "at once",
                &[&columns[..], &SURROUNDINGS].concat(),
            ),
            cpu: Table::new(
                "processor time of a life, ms: services with callers, NATS, the backends of each service's database, the rest of PostgreSQL",
                "at once",
                &by,
            ),
        }
    }

    async fn measure(&mut self, stage: &Stage) {
        for at_once in AT_ONCE {
            stage.bar.set_message(format!("whole lives, {at_once} at once"));
            let window = Window::open(stage).await;
            let started = window.started();
            let times = lives(stage, at_once, stage.span).await;
            let lasted = settle(stage).await.duration_since(started).as_secs_f64();
            self.add(at_once, times, lasted, &window.close(stage));
        }
    }

    fn add(&mut self, at_once: usize, times: Vec<f64>, lasted: f64, seen: &Seen) {
        let lives = times.len() as f64;
        let all = seen.used_by(|_| true);
        let [p50, p99] = p50_p99(times);
        let rates = [lives, lives / lasted, p50, p99, all.switches as f64 / lives];
        self.rates.add(at_once, [&rates[..], &seen.surroundings()].concat());
        let each = |used: Used| used.cpu.as_secs_f64() * 1e3 / lives;
        let ours = [HUYING, NATS].into_iter().chain(SERVICES).chain([POSTGRES]);
        let by = ours.map(|one| each(seen.used_by(|who| who == one)));
        self.cpu.add(at_once, std::iter::once(each(all)).chain(by).collect());
    }
}

impl Measure for Lives {
    fn round<'a>(&'a mut self, stage: &'a Stage) -> BoxFuture<'a, ()> {
        Box::pin(self.measure(stage))
    }

    fn tables(&self) -> Vec<&Table> {
        vec![&self.rates, &self.cpu]
    }
}

/// So many lives at once, begun anew as they end until the time is over. The milliseconds of each.
pub async fn lives(stage: &Stage, at_once: usize, span: Duration) -> Vec<f64> {
    let events = Arc::new(Events::listen(stage).await);
    let people: Vec<_> = (0..CONNECTIONS).map(|_| stage.world.people()).collect();
    let started = Instant::now();
    let mut lives = JoinSet::new();
    for n in 0..at_once {
        let (people, events) = (people[n % CONNECTIONS].clone(), events.clone());
        lives.spawn(async move {
            let mut times = Vec::new();
            while started.elapsed() < span {
                let began = Instant::now();
                life::whole(&people, &events).await;
                times.push(began.elapsed().as_secs_f64() * 1e3);
            }
            times
        });
    }
    lives.join_all().await.concat()
}
