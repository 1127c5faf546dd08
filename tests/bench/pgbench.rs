//! The limit beside it: `pgbench` writing the same rows with one statement each, into a database that no service knows of. What it writes
//! into a service's own would be published and followed.

use futures::future::BoxFuture;
use tokio::process::Command;

use super::{
    Measure,
    processes::{ENDED, POSTGRES},
    stage::Stage,
    table::{Column, SURROUNDINGS, Table},
    window::Window,
};

/// What is told of a script: transactions a second, and what pgbench and PostgreSQL use for one.
pub const RATE: &str = "transactions/s";
pub const CPU: &str = "cpu ms each";
const COLUMNS: [Column; 2] = [(RATE, 0), (CPU, 3)];

/// One submission's rows (request, log entry, command and claim); what varies is made on the way, the rest is as intake writes it.
const SUBMISSION: &str = include_str!("submission.sql");

/// More clients than 64 only make it slower.
const CLIENTS: [usize; 4] = [1, 16, 32, 64];

pub struct Pgbench(Table);

impl Pgbench {
    pub fn new() -> Self {
        Self(table("pgbench inserting a submission's rows with one statement"))
    }

    async fn measure(&mut self, stage: &Stage) {
        for clients in CLIENTS {
            let script = Script { name: "submission.sql", sql: SUBMISSION, database: stage.aside("intake") };
            self.0.add(clients, run(stage, script, clients).await);
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

/// What pgbench runs, and where.
pub struct Script<'a> {
    pub name: &'static str,
    pub sql: &'static str,
    pub database: &'a str,
}

/// Of a script, by clients.
pub fn table(title: &'static str) -> Table {
    Table::new(title, "clients", &[&COLUMNS[..], &SURROUNDINGS].concat())
}

/// Runs a script for the stage's span. The figures of its [`table`].
pub async fn run(stage: &Stage, script: Script<'_>, clients: usize) -> Vec<f64> {
    stage.bar.set_message(format!("pgbench, {}, {clients} clients", script.name));
    let file = stage.world.bench.dir.path().join(script.name);
    std::fs::write(&file, script.sql).unwrap();
    let programs = huying_embedded::postgres_programs().unwrap();
    let mut command = Command::new(programs.postgres.with_file_name("pgbench"));
    command.args(["--no-vacuum", "--protocol=prepared", "--jobs=2", "--random-seed=rand"]);
    command.args(["--client", &clients.to_string(), "--time", &stage.span.as_secs().to_string(), "--file"]);
    command.arg(&file).arg(script.database);
    let window = Window::open(stage).await;
    let output = command.output().await.expect("pgbench stands beside postgres");
    let seen = window.close(stage);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let used = seen.used_by(|who| [POSTGRES, ENDED].contains(&who)).cpu.as_secs_f64() * 1e3;
    let each = used / figure(&text, "number of transactions actually processed: ");
    [&[figure(&text, "tps = "), each][..], &seen.surroundings()].concat()
}

/// The number after these words in what pgbench prints.
fn figure(text: &str, words: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(words));
    let line = line.unwrap_or_else(|| panic!("pgbench prints '{words}': {text}"));
    line.split([' ', '/']).next().unwrap().parse().unwrap()
}
