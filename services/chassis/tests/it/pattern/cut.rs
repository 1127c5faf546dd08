//! The path to the database is cut: nothing comes back, and nothing says so. Whoever waits is told in time, and all goes on with the path.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use huying_chassis::{db, status::Problem};
use huying_embedded::{Listen, Postgres};
use huying_testing::{Bench, database, eventually};
use sqlx::{Connection, PgConnection, PgPool, postgres::PgConnectOptions};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    time::timeout,
};
use tonic::Code;

use super::bench::{NEVER, follower, healthy, owner};
use super::echo::{Echo, heard};
use super::tally::open;

/// Whatever asked before the cut was told by then.
const TOLD: Duration = Duration::from_secs(8);
/// Until all goes on again: what was connected while the path was cut has to be given up, too.
const GOES_ON: Duration = Duration::from_secs(12);

/// A path to a server. What was under way when it was cut is lost, and what was connected then stays dead.
struct Path {
    port: u16,
    cut: watch::Sender<bool>,
}

impl Path {
    async fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (cut, is_cut) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, server, is_cut.clone()));
            }
        });
        Self { port, cut }
    }
}

async fn carry(mut client: TcpStream, server: u16, mut is_cut: watch::Receiver<bool>) {
    let Ok(mut server) = TcpStream::connect(("127.0.0.1", server)).await else { return };
    tokio::select! {
        _ = copy_bidirectional(&mut client, &mut server) => return,
        _ = is_cut.wait_for(|cut| *cut) => {}
    }
    // Both ends stay open, and hear nothing more.
    std::future::pending().await
}

/// Waits until somebody waits for a table.
async fn wanted(pool: &PgPool, table: &str) {
    let sql = "select exists (select from pg_locks where relation = $1::regclass and not granted)";
    eventually(table, async || {
        let wanted: bool = sqlx::query_scalar(sql).bind(table).fetch_one(pool).await.unwrap();
        wanted.then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_path_stops_no_follower_and_no_reader_for_longer_than_a_while() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    // A server of its own: whoever locks a table holds back the horizon of the owner's log, too.
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let postgres = Postgres::start_on(dir.path(), Listen::Loopback).await.unwrap();
    postgres.ensure_database("followed").await.unwrap();
    let direct = postgres.url("followed");
    let port = direct.parse::<PgConnectOptions>().unwrap().get_port();
    let path = Path::to(port).await;
    let url = direct.replace(&format!(":{port}/"), &format!(":{}/", path.port));
    assert_ne!(url, direct);
    let follower = follower(&bench, owner.running.grpc, &url, NEVER, &healthy()).await;
    let (draft, first) = open();
    owner.append(draft).await;
    eventually("it follows", async || (heard(&follower.log, first.id).await == [1]).then_some(())).await;

    // A look at the marks and a read are under way.
    let pool = db::connect(&direct, 2, "somebody").await.unwrap();
    let mut somebody = PgConnection::connect(&direct).await.unwrap();
    let mut holding = somebody.begin().await.unwrap();
    sqlx::query("lock table followed, echo in access exclusive mode").execute(&mut *holding).await.unwrap();
    let (draft, second) = open();
    owner.append(draft).await;
    wanted(&pool, "followed").await;
    let (log, id) = (follower.log.clone(), first.id);
    let reading = tokio::spawn(async move { log.load::<Echo>(id).await });
    wanted(&pool, "echo").await;
    path.cut.send_replace(true);

    let read = timeout(TOLD, reading).await.expect("whoever reads is told").unwrap();
    assert_eq!(Problem::from(read.unwrap_err()).code(), Code::Unavailable);
    holding.rollback().await.unwrap();
    path.cut.send_replace(false);
    let healed = Instant::now();
    eventually("it goes on", async || {
        let heard: Option<i64> = sqlx::query_scalar("select version from followed where aggregate = $1")
            .bind(second.id)
            .fetch_optional(&pool)
            .await
            .unwrap();
        heard
    })
    .await;
    assert!(healed.elapsed() < GOES_ON, "{:?}", healed.elapsed());
    follower.end().await;
    owner.end().await;
}
