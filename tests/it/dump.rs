//! Logical copies of a database, by PostgreSQL's own tools.

use std::{path::Path, process::Command};

use huying_embedded::postgres_programs;

/// Runs one of the programs that stand beside the server's; it must succeed.
async fn run(program: &str, args: [&str; 4]) {
    let mut command = Command::new(postgres_programs().unwrap().postgres.with_file_name(program));
    command.args(args);
    let done = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
}

pub async fn dump(url: &str, to: &Path) {
    run("pg_dump", ["--format=custom", "--file", to.to_str().unwrap(), url]).await;
}

/// Into a database that is empty.
pub async fn load(from: &Path, url: &str) {
    run("pg_restore", ["--exit-on-error", "--dbname", url, from.to_str().unwrap()]).await;
}
