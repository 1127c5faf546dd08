//! The operator's commands against running services: the doctor names what is not well, dead letters are settled.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use huying::nats::Users;
use huying::services::NAMES;
use huying::up::{self, Options, Stores, say::Say};
use huying_chassis::shutdown::Shutdown;
use huying_embedded::{Nats, Postgres};
use serde_json::Value;
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;
use uuid::Uuid;

use super::command::huying;

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// What the doctor finds not well, and its code.
async fn doctor(data: &Path) -> (Vec<String>, Option<i32>) {
    let output = huying(data, &["doctor", "-o", "json"]).await;
    let findings: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let bad = findings.into_iter().filter(|finding| finding["ok"] == false);
    let bad = bad.map(|one| format!("{}: {}", one["what"].as_str().unwrap(), one["found"].as_str().unwrap()));
    (bad.collect(), output.status.code())
}

/// A letter of an aggregate that casework, its owner, has not.
async fn park(intake: &mut PgConnection, reason: &str) -> String {
    let aggregate = Uuid::now_v7();
    sqlx::query(
        "insert into dead_letter (source, aggregate, version, reason, error, event, attempts, first_at, last_at)
         values ('casework', $1, 1, $2, 'it does not fit', '{}', 1, now(), now())",
    )
    .bind(aggregate)
    .bind(reason)
    .execute(intake)
    .await
    .unwrap();
    aggregate.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_names_what_is_not_well_and_dead_letters_are_settled() {
    let dir = TempDir::new().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let postgres = Postgres::start(&dir.path().join("postgres")).await.unwrap();
    let users = Users::open(&dir.path().join("keys"), []).unwrap();
    let nats = Nats::start_for(&dir.path().join("nats"), users.accounts()).await.unwrap();
    let mut databases = BTreeMap::new();
    for service in NAMES {
        postgres.ensure_database(service).await.unwrap();
        databases.insert(service.to_owned(), postgres.url(service));
    }
    let mut intake = PgConnection::connect(&postgres.url("intake")).await.unwrap();
    let data = dir.path().join("data");
    let stores = Some(Stores { databases, nats_url: nats.url(), nats_users: Some(users) });
    let options = Options { stores, ..Options::at(&data) };
    let running = Box::pin(up::start(options, &Say::nothing(), Shutdown::new())).await.unwrap();
    huying_testing::eventually("all is well", async || {
        (doctor(&data).await == (vec![], Some(0))).then_some(())
    })
    .await;

    let (stuck, diverged) = (park(&mut intake, "stuck").await, park(&mut intake, "diverged").await);
    let (bad, code) = doctor(&data).await;
    assert_eq!(
        (bad.as_slice(), code),
        (&["intake dead letters: 2 aggregates are parked: 1 diverged, 1 stuck".to_owned()][..], Some(1))
    );
    let list = said(&huying(&data, &["dead-letters", "list"]).await);
    assert!(list.contains("stuck 久试不成") && list.contains("diverged 历史分叉"), "{list}");
    let show = said(&huying(&data, &["dead-letters", "show", &stuck]).await);
    assert!(show.contains("久试不成"), "{show}");

    let unfit = huying(&data, &["log", "adopt", &diverged, "--reason", "restored"]).await;
    assert_eq!(unfit.status.code(), Some(1));
    assert!(said(&unfit).contains("VERDICT_UNFIT"), "{}", said(&unfit));
    for settle in [
        ["log", "disown", &diverged, "--service", "intake", "--reason", "lost with the server"],
        ["dead-letters", "dismiss", &stuck, "--service", "intake", "--reason", "never a call"],
    ] {
        let settled = huying(&data, &settle).await;
        assert_eq!(settled.status.code(), Some(0), "{}", said(&settled));
    }
    let kept: Vec<(String, String, String)> =
        sqlx::query_as("select verdict, note, subject from settled_letter order by verdict")
            .fetch_all(&mut intake)
            .await
            .unwrap();
    let kept: Vec<_> = kept.iter().map(|(v, n, s)| (v.as_str(), n.as_str(), s.as_str())).collect();
    let who = "operator:huying";
    assert_eq!(kept, [("dismissed", "never a call", who), ("disowned", "lost with the server", who)]);

    nats.kill().unwrap();
    huying_testing::eventually("the doctor sees that NATS is gone", async || {
        let (bad, code) = doctor(&data).await;
        (code == Some(1) && bad.iter().any(|bad| bad.starts_with("casework NATS: not connected")))
            .then_some(())
    })
    .await;
    nats.restart().await.unwrap();
    running.begin_stop();
    Box::pin(running.serve(&Say::nothing())).await.unwrap();
}
