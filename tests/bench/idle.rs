//! What it costs when nothing happens: everything runs, nobody calls.

use futures::future::BoxFuture;

use super::{
    Measure,
    processes::{HUYING, NATS, is_postgres},
    settle::settle,
    stage::Stage,
    table::{SURROUNDINGS, Table},
    window::{Seen, Window},
};

pub struct Idle(Table);

impl Idle {
    pub fn new() -> Self {
        let columns = [("% of a core", 2), ("switches/s", 0)];
        Self(Table::new("while nothing happens", "who", &[&columns[..], &SURROUNDINGS].concat()))
    }

    async fn measure(&mut self, stage: &Stage) {
        stage.bar.set_message("idle");
        settle(stage).await;
        let window = Window::open(stage).await;
        tokio::time::sleep(2 * stage.span).await;
        let seen = window.close(stage);
        self.add("services", &seen, |who| who == HUYING);
        self.add("nats", &seen, |who| who == NATS);
        self.add("postgres", &seen, is_postgres);
        self.add("all", &seen, |_| true);
    }

    fn add(&mut self, name: &str, seen: &Seen, ours: fn(&'static str) -> bool) {
        let used = seen.used_by(ours);
        let figures =
            [100.0 * used.cpu.as_secs_f64(), used.switches as f64].map(|figure| figure / seen.seconds);
        self.0.add(name, [figures, seen.surroundings()].concat());
    }
}

impl Measure for Idle {
    fn round<'a>(&'a mut self, stage: &'a Stage) -> BoxFuture<'a, ()> {
        Box::pin(self.measure(stage))
    }

    fn tables(&self) -> Vec<&Table> {
        vec![&self.0]
    }
}
