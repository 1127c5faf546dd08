//! Whoever has the login of a service, or makes the service ask what they like, can add to its log and change nothing of it.

use std::collections::BTreeMap;

use huying_chassis::config::Settings;
use huying_chassis::log::{Aggregate, read::entries_of};
use huying_chassis::service::Seams;
use huying_chassis::shutdown::Shutdown;
use huying_testing::{Bench, database, logins, postgres};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::bench::{OWNER, owner_at_work};
use super::tally::{Tally, add, open};

/// What such a login must not do.
const ATTACKS: [&str; 22] = [
    "update log set entry = replace(entry, '1', '2')",
    "update log set at = now() where version = 1",
    "delete from log where version = 2",
    "truncate log",
    "alter table log disable trigger all",
    "alter table log owner to huying_worker",
    "drop table log",
    "create trigger odd before insert on log for each row execute function suppress_redundant_updates_trigger()",
    "create rule odd as on insert to log do instead nothing",
    "do $$ begin lock table log in share row exclusive mode; end $$",
    "select from log for update",
    "select setval('log_seq', 1)",
    "insert into epoch (number, cluster) values (9999999999, 'mine')",
    "update epoch set cluster = 'mine'",
    "update settled_letter set note = 'nothing'",
    "delete from settled_letter",
    "delete from _sqlx_migrations",
    "create table mine (it text)",
    "create or replace function raise_epoch() returns int language sql as 'select 1'",
    "set session_replication_role = replica",
    "set role huying",
    "copy log to program 'true'",
];

async fn code(connection: &mut PgConnection, statement: &'static str) -> String {
    let refused = sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await.expect_err(statement);
    refused.as_database_error().and_then(|refused| refused.code()).unwrap_or_default().into_owned()
}

#[tokio::test]
async fn attack_71_a_services_login_changes_nothing_of_its_log() {
    let (bench, url) = (Bench::new().await, database().await);
    let owner = owner_at_work(&bench, &url).await;
    let (draft, before) = open();
    owner.append(draft).await;
    owner.append(add(&before, 1).0).await;
    let (worker, _) = logins(&url);
    let mut stolen = PgConnection::connect(&worker).await.unwrap();
    for attack in ATTACKS {
        assert_eq!(code(&mut stolen, attack).await, "42501", "{attack}");
    }
    // Rows are no secret to `row_security`: there is nothing behind it that would show more.
    sqlx::raw_sql("set row_security = off").execute(&mut stolen).await.unwrap();
    assert_eq!(code(&mut stolen, "delete from log").await, "42501");
    let entries = entries_of(owner.log.pool(), before.id, 1, 9).await.unwrap();
    assert_eq!(entries.len(), 2, "{}", Tally::KIND);
    owner.end().await;
}

/// A role has its own service's database and no other.
#[tokio::test]
async fn attack_71_a_services_login_reads_no_other_service() {
    let (one, other) = ("attacked_one", "attacked_other");
    let logins = postgres().await.ensure_owned(one).await.unwrap();
    postgres().await.ensure_owned(other).await.unwrap();
    for url in [&logins.worker, &logins.owner] {
        PgConnection::connect(url).await.unwrap().close().await.unwrap();
        let refused = PgConnection::connect(&url.replace(&format!("/{one}?"), &format!("/{other}?"))).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501");
    }
    for name in [one, other] {
        postgres().await.drop_database(name).await.unwrap();
    }
}

/// Another cluster begins another epoch for a service that may not lock its own log.
#[tokio::test]
async fn a_service_that_owns_nothing_begins_an_epoch_and_comes_back() {
    let (bench, url) = (Bench::new().await, database().await);
    let owner = owner_at_work(&bench, &url).await;
    owner.append(open().0).await;
    owner.end().await;
    let mut superuser = PgConnection::connect(&url).await.unwrap();
    sqlx::query("update epoch set cluster = 'elsewhere'").execute(&mut superuser).await.unwrap();
    let mut worker = PgConnection::connect(&logins(&url).0).await.unwrap();
    for _ in 0..2 {
        huying_chassis::log::epoch::ensure(&mut worker).await.unwrap();
    }
    let epochs: i64 =
        sqlx::query_scalar("select count(*) from epoch").fetch_one(&mut superuser).await.unwrap();
    assert_eq!(epochs, 2);
    let owner = owner_at_work(&bench, &url).await;
    owner.append(open().0).await;
    owner.end().await;
}

/// Whoever serves need not have the owner's login: another process brings the database up, and ends.
#[tokio::test]
async fn attack_71_what_serves_has_no_owners_login() {
    let (bench, url) = (Bench::new().await, database().await);
    let settings = bench.settings_with(&OWNER, &url, &BTreeMap::new());
    let alone = || Settings { database_migrate_url: String::new().into(), ..settings.clone() };
    let start = async || {
        let stop = Shutdown::new();
        OWNER.start(alone(), Seams::default(), stop.clone()).await.map(|running| (running, stop))
    };
    let refused = format!("{:#}", start().await.err().unwrap());
    assert!(refused.contains("--migrate with database_migrate_url"), "{refused}");
    OWNER.migrate(&settings).await.unwrap();
    let (running, stop) = start().await.unwrap();
    stop.begin();
    running.ended().await.unwrap();
}
