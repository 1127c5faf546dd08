//! PostgreSQL: data stays through a stop and a kill, settings hold, databases come and go.

use std::os::unix::fs::{MetadataExt, PermissionsExt};

use crate::support::{open_dir, psql};
use huying_embedded::{Error, Postgres, Stack};

#[tokio::test]
async fn data_is_there_again_after_a_stop_and_after_a_kill() {
    let dir = open_dir();
    let postgres = Postgres::start(dir.path()).await.unwrap();
    postgres.ensure_database("intake").await.unwrap();
    postgres.ensure_database("intake").await.unwrap();
    psql(&postgres, "intake", "create table request(id int); insert into request values (1)").unwrap();
    postgres.stop().await.unwrap();
    assert!(!postgres.is_running());
    drop(postgres);

    let postgres = Postgres::start(dir.path()).await.unwrap();
    assert_eq!(psql(&postgres, "intake", "select count(*) from request").unwrap(), "1");
    psql(&postgres, "intake", "insert into request values (2)").unwrap();
    let (port, pid) = (postgres.port(), postgres.pid());
    postgres.kill().unwrap();
    assert!(psql(&postgres, "intake", "select 1").is_err());

    postgres.restart().await.unwrap();
    assert_eq!((postgres.port(), postgres.pid() == pid), (port, false));
    assert_eq!(psql(&postgres, "intake", "select count(*) from request").unwrap(), "2");
}

#[tokio::test]
async fn settings_hold_and_databases_come_and_go() {
    let dir = open_dir();
    let postgres = Postgres::start(dir.path()).await.unwrap();
    let ask = |statement: &str| psql(&postgres, "postgres", statement).unwrap();
    assert!(postgres.port() < 32768);
    assert_eq!(ask("show listen_addresses"), "127.0.0.1");
    assert_eq!(ask("show fsync"), "on");
    assert_eq!(ask("show synchronous_commit"), "on");
    assert_eq!(ask("show max_connections"), "200");
    assert_eq!(ask("show idle_in_transaction_session_timeout"), "30s");
    assert_eq!(ask("show server_encoding"), "UTF8");

    let (one, other) =
        tokio::join!(postgres.ensure_database("template_a"), postgres.ensure_database("template_a"));
    one.and(other).unwrap();
    psql(&postgres, "template_a", "create table t(word text); insert into t values ('呼应')").unwrap();
    postgres.create_from_template("copy_a", "template_a").await.unwrap();
    assert_eq!(psql(&postgres, "copy_a", "select word from t").unwrap(), "呼应");
    postgres.drop_database("copy_a").await.unwrap();
    postgres.drop_database("copy_a").await.unwrap();
    assert!(psql(&postgres, "copy_a", "select 1").is_err());

    let bad = postgres.ensure_database("a\"; drop table t; --").await;
    assert!(matches!(bad, Err(Error::DatabaseName { .. })));
    let none = postgres.create_from_template("copy_b", "no_such").await.unwrap_err().to_string();
    assert!(none.contains("no_such"), "{none}");
}

#[tokio::test]
async fn a_stale_note_of_a_stranger_does_not_stop_a_start() {
    let dir = open_dir();
    let postgres = Postgres::start(dir.path()).await.unwrap();
    postgres.kill().unwrap();
    let note = dir.path().join("data/postmaster.pid");
    let (stale, me) = (std::fs::read_to_string(&note).unwrap(), std::process::id());
    std::fs::write(&note, stale.replacen(&postgres.pid().to_string(), &me.to_string(), 1)).unwrap();
    postgres.restart().await.unwrap();
    assert_eq!(psql(&postgres, "postgres", "select 1").unwrap(), "1");
}

#[tokio::test]
async fn a_directory_is_used_once_and_half_made_data_is_made_anew() {
    let dir = open_dir();
    std::fs::create_dir(dir.path().join("data.new")).unwrap();
    std::fs::write(dir.path().join("data.new/PG_VERSION"), "15").unwrap();
    let first = Postgres::start(dir.path()).await.unwrap();
    assert!(matches!(Postgres::start(dir.path()).await, Err(Error::InUse { .. })));
    drop(first);
    std::fs::write(dir.path().join("data/PG_VERSION"), "9\n").unwrap();
    assert!(matches!(Postgres::start(dir.path()).await, Err(Error::OtherVersion { .. })));
}

#[tokio::test]
async fn root_hands_over_and_says_which_directory_is_closed() {
    let closed = tempfile::tempdir().unwrap();
    if closed.path().metadata().unwrap().uid() != 0 {
        return; // Only root hands over.
    }
    std::fs::set_permissions(closed.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let refused = Postgres::start(&closed.path().join("postgres")).await.err().unwrap().to_string();
    assert!(refused.contains(&format!("cannot enter {}", closed.path().display())), "{refused}");

    // The stack's own directory is opened for passing through, nothing more.
    let stack = Stack::start(closed.path(), Vec::new()).await.unwrap();
    assert_eq!(closed.path().metadata().unwrap().permissions().mode() & 0o777, 0o711);
    assert_ne!(closed.path().join("postgres/data").metadata().unwrap().uid(), 0);
    stack.stop().await.unwrap();
}
