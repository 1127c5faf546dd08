//! The limit beside it: `pgbench` writing the same rows (request, log entry, command and claim) with one statement each, into a database
//! that no service knows of. What it writes into intake's own would be published and followed.

use futures::future::BoxFuture;
use tokio::process::Command;

use super::{
    Measure,
    stage::Stage,
    table::{SURROUNDINGS, Table},
    window::Window,
};

/// One submission's rows; what varies is made on the way, the rest is as intake writes it.
const SCRIPT: &str = include_str!("submission.sql");

/// More clients than 64 only make it slower.
const CLIENTS: [usize; 4] = [1, 16, 32, 64];

pub struct Pgbench(Table);

impl Pgbench {
    pub fn new() -> Self {
        Self(Table::new(
            "pgbench inserting a submission's rows with one statement",
            "clients",
            &[&[("submissions/s", 0)][..], &SURROUNDINGS].concat(),
        ))
    }

    async fn measure(&mut self, stage: &Stage) {
        for clients in CLIENTS {
            stage.bar.set_message(format!("pgbench, {clients} clients"));
            let window = Window::open(stage).await;
            let rate = run(stage, clients).await;
            let surroundings = window.close(stage).surroundings();
            self.0.add(clients, [&[rate][..], &surroundings].concat());
        }
    }
}

impl Measure for Pgbench {
    fn round<'a>(&'a mut self, stage: &'a Stage) -> BoxFuture<'a, ()> {
        Box::pin(self.measure(stage))
    }

    fn tables(&self) -> Vec<&Table> {
        vec![&self.0]
    }
}

async fn run(stage: &Stage, clients: usize) -> f64 {
    let script = stage.world.bench.dir.path().join("submission.sql");
    std::fs::write(&script, SCRIPT).unwrap();
    let programs = huying_embedded::postgres_programs().unwrap();
    let mut command = Command::new(programs.postgres.with_file_name("pgbench"));
    command.args(["--no-vacuum", "--protocol=prepared", "--jobs=2", "--random-seed=rand"]);
    command.args(["--client", &clients.to_string(), "--time", &stage.span.as_secs().to_string(), "--file"]);
    let output =
        command.arg(&script).arg(&stage.aside).output().await.expect("pgbench stands beside postgres");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let figure = text.lines().find_map(|line| line.strip_prefix("tps = ")).expect("pgbench prints tps");
    figure.split(' ').next().unwrap().parse().unwrap()
}
