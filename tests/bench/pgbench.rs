//! The limit beside it: `pgbench` writing the same rows, request and log entry, with one statement each.

use std::{sync::Arc, time::Duration};

use huying_tests::World;
use tokio::process::Command;

/// One submission's rows; what varies is made on the way, the rest is as intake writes it.
const SCRIPT: &str = include_str!("submission.sql");

pub async fn measure(world: &Arc<World>, clients: usize, span: Duration) -> f64 {
    let script = world.bench.dir.path().join("submission.sql");
    std::fs::write(&script, SCRIPT).unwrap();
    let programs = huying_embedded::postgres_programs().unwrap();
    let mut command = Command::new(programs.postgres.with_file_name("pgbench"));
    command.args(["--no-vacuum", "--protocol=prepared", "--jobs=2", "--random-seed=rand"]);
    command
        .args(["--client", &clients.to_string(), "--time", &span.as_secs().to_string(), "--file"])
        .arg(&script);
    let output =
        command.arg(world.database("intake")).output().await.expect("pgbench stands beside postgres");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let figure = text.lines().find_map(|line| line.strip_prefix("tps = ")).expect("pgbench prints tps");
    figure.split(' ').next().unwrap().parse().unwrap()
}
