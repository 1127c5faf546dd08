//! Submissions a second, from callers that each wait for the answer before they call again: what the door accepts, and what every service
//! behind it has followed by the time it is quiet again. Only the second can last.

use std::{sync::Arc, time::Instant};

use futures::future::{BoxFuture, join_all};

use super::{
    Measure, call,
    settle::settle,
    stage::Stage,
    table::{SURROUNDINGS, Table},
    window::Window,
};

/// Callers at once.
pub const CALLERS: [usize; 3] = [1, 64, 256];
/// Connections that the callers share, as a platform's would.
const CONNECTIONS: usize = 4;

pub struct Followed(Table);

impl Followed {
    pub fn new() -> Self {
        let columns = [("accepted/s", 0), ("followed/s", 0), ("cpu ms each", 2)];
        Self(Table::new(
            "submissions a second: accepted, and followed by every service",
            "callers",
            &[&columns[..], &SURROUNDINGS].concat(),
        ))
    }

    async fn measure(&mut self, stage: &Stage) {
        for callers in CALLERS {
            stage.bar.set_message(format!("submissions of {callers} callers, followed"));
            let window = Window::open(stage).await;
            let started = window.started();
            let calls = submissions(stage, callers, started).await as f64;
            let accepted = calls / started.elapsed().as_secs_f64();
            let followed = calls / settle(stage).await.duration_since(started).as_secs_f64();
            let seen = window.close(stage);
            let each = seen.used_by(|_| true).cpu.as_secs_f64() * 1e3 / calls;
            self.0.add(callers, [&[accepted, followed, each][..], &seen.surroundings()].concat());
        }
    }
}

impl Measure for Followed {
    fn round<'a>(&'a mut self, stage: &'a Stage) -> BoxFuture<'a, ()> {
        Box::pin(self.measure(stage))
    }

    fn tables(&self) -> Vec<&Table> {
        vec![&self.0]
    }
}

/// Calls for the stage's span. How many were accepted.
pub async fn submissions(stage: &Stage, callers: usize, started: Instant) -> usize {
    let platforms: Vec<_> = (0..CONNECTIONS.min(callers)).map(|_| stage.world.people().platform()).collect();
    let platforms = Arc::new(platforms);
    let span = stage.span;
    let calls = join_all((0..callers).map(|n| {
        let platforms = platforms.clone();
        tokio::spawn(async move {
            let mut calls = 0;
            while started.elapsed() < span {
                call::submit(&platforms[n % platforms.len()]).await;
                calls += 1;
            }
            calls
        })
    }))
    .await;
    calls.into_iter().map(Result::unwrap).sum()
}
