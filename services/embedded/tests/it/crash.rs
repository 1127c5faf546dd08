//! A process that is killed takes its servers along, and the next one finds the data.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::support::{eventually, open_dir, psql};
use huying_embedded::{Accounts, Listen, Stack};

const HELD: &str = "HUYING_EMBEDDED_TEST_DIR";

/// Not a test of its own: the process that the test below starts and kills runs this.
#[tokio::test]
#[allow(clippy::disallowed_methods, reason = "how the other test tells its child where to work")]
async fn held_by_a_process_that_is_killed() {
    let Ok(dir) = std::env::var(HELD) else { return };
    let stack = Stack::start(&PathBuf::from(dir), Accounts::new(), Listen::Socket).await.unwrap();
    stack.postgres.ensure_database("kept").await.unwrap();
    eprintln!("\nservers {} {}", stack.postgres.pid(), stack.nats.pid());
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn servers_do_not_outlive_a_killed_process() {
    let dir = open_dir();
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::held_by_a_process_that_is_killed", "--nocapture"])
        .env(HELD, dir.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(holder.stderr.take().unwrap()).lines();
    let servers = said.map_while(Result::ok).find_map(|line| Some(line.strip_prefix("servers ")?.to_owned()));
    holder.kill().unwrap();
    holder.wait().unwrap();

    let servers: Vec<String> = servers.unwrap().split(' ').map(str::to_owned).collect();
    for pid in &servers {
        eventually("the server ended", || is_gone(pid));
    }
    let stack = Stack::start(dir.path(), Accounts::new(), Listen::Socket).await.unwrap();
    let kept = psql(&stack.postgres, "postgres", "select count(*) from pg_database where datname = 'kept'");
    assert_eq!(kept.unwrap(), "1");
}

/// Gone, or ended and only not yet collected by whoever inherited it.
fn is_gone(pid: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    !status.contains("State:") || status.contains("State:\tZ")
}
