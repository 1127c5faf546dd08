//! PostgreSQL: data stays through a stop and a kill, settings hold, databases come and go.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use crate::support::{open_dir, psql, psql_at};
use huying_embedded::{Accounts, Error, Listen, Postgres, Stack};

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
    assert_eq!(ask("show listen_addresses"), "");
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

    // The stack's own directory is opened for that account alone, and for passing through, nothing more.
    let stack = Stack::start(closed.path(), Accounts::new(), Listen::Socket).await.unwrap();
    assert_eq!(mode(closed.path()), 0o710);
    let data = closed.path().join("postgres/data").metadata().unwrap();
    assert_eq!(closed.path().metadata().unwrap().gid(), data.gid());
    assert_ne!(closed.path().join("postgres/data").metadata().unwrap().uid(), 0);
    stack.stop().await.unwrap();
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

/// With another login in the same address.
fn as_user(url: &str, login: &str) -> String {
    format!("postgres://{login}@{}", url.rsplit_once('@').unwrap().1)
}

#[tokio::test]
async fn nobody_else_comes_in() {
    let dir = open_dir();
    let postgres = Postgres::start(dir.path()).await.unwrap();
    for closed in [dir.path().to_owned(), dir.path().join("run"), dir.path().join("data")] {
        assert_eq!(mode(&closed), 0o700, "{}", closed.display());
    }
    assert_eq!(mode(&postgres.password_file()), 0o600);
    let password = std::fs::read_to_string(postgres.password_file()).unwrap();
    assert!(password.len() >= 32 && postgres.url("postgres").contains(&password));

    // No TCP; and on the socket nobody without the password.
    assert!(std::net::TcpStream::connect(("127.0.0.1", postgres.port())).is_err());
    let url = postgres.url("postgres");
    for login in ["huying", "huying:wrong", "huying:", "postgres:postgres"] {
        let refused = psql_at(&as_user(&url, login), "select 1").unwrap_err();
        assert!(refused.contains("password"), "{login}: {refused}");
    }
    let stored = "select rolpassword like 'SCRAM-SHA-256$%' from pg_authid where rolname = 'huying'";
    assert_eq!(psql(&postgres, "postgres", stored).unwrap(), "t");
}

#[tokio::test]
async fn loopback_is_asked_for_and_wants_the_password_too() {
    let dir = open_dir();
    let postgres = Postgres::start_on(dir.path(), Listen::Loopback).await.unwrap();
    let url = postgres.url("postgres");
    assert!(url.contains(&format!("@127.0.0.1:{}/", postgres.port())), "{url}");
    assert_eq!(psql_at(&url, "select 1").unwrap(), "1");
    let refused = psql_at(&as_user(&url, "huying"), "select 1").unwrap_err();
    assert!(refused.contains("password"), "{refused}");
}

/// Data of an earlier build, which trusted everybody on the machine.
#[tokio::test]
async fn data_that_trusted_everybody_trusts_nobody_any_more() {
    let dir = open_dir();
    let postgres = Postgres::start(dir.path()).await.unwrap();
    postgres.stop().await.unwrap();
    drop(postgres);
    std::fs::write(
        dir.path().join("data/pg_hba.conf"),
        "local all all trust\nhost all all 127.0.0.1/32 trust\n",
    )
    .unwrap();
    std::fs::remove_file(dir.path().join("password")).unwrap();
    let postgres = Postgres::start(dir.path()).await.unwrap();
    assert_eq!(psql(&postgres, "postgres", "select 1").unwrap(), "1");
    assert!(psql_at(&as_user(&postgres.url("postgres"), "huying"), "select 1").is_err());
}

#[tokio::test]
async fn a_path_with_no_room_for_a_socket_is_refused() {
    let dir = open_dir();
    let long = dir.path().join("x".repeat(90));
    let refused = Postgres::start(&long).await.err().unwrap();
    assert!(matches!(refused, Error::SocketPath { .. }), "{refused}");
}

/// What an earlier build has made is the owner's too, and each comes into their own database alone.
#[tokio::test]
async fn a_database_has_an_owner_and_a_worker_who_come_into_no_other() {
    let dir = open_dir();
    let postgres = Postgres::start(dir.path()).await.unwrap();
    postgres.ensure_database("intake").await.unwrap();
    let before = "create table t(id int generated always as identity); create sequence s;
                  create function f() returns int language sql as 'select 1'";
    psql(&postgres, "intake", before).unwrap();
    let old = postgres.ensure_owned("intake").await.unwrap();
    let (intake, routing) = tokio::join!(postgres.ensure_owned("intake"), postgres.ensure_owned("routing"));
    let (intake, routing) = (intake.unwrap(), routing.unwrap());

    let owned = "drop function f(); drop sequence s; alter table t add column more int; insert into t values (default)";
    psql_at(&intake.owner, owned).unwrap();
    assert!(psql_at(&old.owner, "select 1").unwrap_err().contains("password"), "its password was replaced");
    let refused = |url: &str, statement: &str| psql_at(url, statement).unwrap_err();
    for (url, statement) in [
        (&intake.worker, "select * from t"),
        (&intake.worker, "create table u()"),
        (&intake.worker, "create role r"),
        (&intake.worker, "create database d"),
        (&intake.worker, "set role intake_owner"),
        (&intake.worker, "select pg_read_file('/etc/passwd')"),
        (&intake.owner, "create role r superuser"),
        (&intake.owner, "set role huying"),
    ] {
        let said = refused(url, statement);
        assert!(
            said.contains("permission denied") || said.contains("must be superuser"),
            "{statement}: {said}"
        );
    }
    for (url, other) in [(&intake.worker, "routing"), (&routing.worker, "intake"), (&routing.owner, "intake")]
    {
        let url = url.replace("/intake?", "/OTHER?").replace("/routing?", "/OTHER?").replace("OTHER", other);
        let said = refused(&url, "select 1");
        assert!(said.contains("permission denied for database"), "{said}");
    }
}
