//! Figures as they are typed: a rule book on trial, counting anew, and early signs.

use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt as _, path::Path};

use huying::{
    nats::Users,
    services::NAMES,
    up::{self, Options, Stores, say::Say},
};
use huying_chassis::{clock::system_now, shutdown::Shutdown};
use huying_embedded::{Nats, Postgres};
use huying_evaluation::{
    convert::rates::{read_definition, read_grade},
    domain::{figure::usual, profile::Weights},
};
use huying_proto::evaluation::v1::RecountResponse;
use huying_testing::eventually;
use serde_json::Value;
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;

use super::{
    command::{huying, said},
    profile::{copied, profiles},
    report::accepted,
    rounds::resolved,
};

const UNIT: &str = "G-420102003002001";

/// The file that all places stand on says what holds where none does.
#[test]
fn the_usual_rates_are_those_of_the_common_file() {
    let folder = copied("jiangan");
    let profile = huying::profile::Profile::load(&folder.path().join("jiangan")).unwrap().evaluation;
    let rates: Vec<_> = profile.rates.into_iter().map(|it| read_definition(it).unwrap()).collect();
    let usual = usual::rules(&Weights::default());
    assert_eq!(rates, usual.rates);
    assert_eq!(profile.grades.into_iter().map(read_grade).collect::<Vec<_>>(), usual.grades);
}

/// 江岸 with something else in one of the common files.
fn changed(file: &str, was: &str, now: &str) -> TempDir {
    let folder = copied("jiangan");
    let file = folder.path().join("common").join(file);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains(was), "{was}");
    fs::write(file, text.replace(was, now)).unwrap();
    folder
}

/// What a folder's rule book makes of the days about now.
async fn tried(data: &Path, folder: &Path, more: &[&str]) -> String {
    let day = |offset| (system_now() + chrono::Duration::days(offset)).format("%Y-%m-%d").to_string();
    let (folder, from, to) = (folder.to_str().unwrap(), day(-1), day(2));
    let simulate = ["evaluation", "simulate", folder, "--from", &from, "--to", &to];
    said(data, &[&simulate[..], more].concat()).await
}

/// A rate of a unit, or of all without one, `now` or `would_be`; null where it has no value.
fn rate(lines: &str, unit: &str, when: &str, code: &str) -> Value {
    let rows: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let row = rows.iter().find(|row| row["unit"] == unit).unwrap();
    let rates = row[when]["rates"].as_array().unwrap();
    rates.iter().find(|rate| rate["code"] == code).unwrap()["value"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_book_is_tried_and_signs_are_listed() {
    let dir = TempDir::new().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let postgres = Postgres::start(&dir.path().join("postgres")).await.unwrap();
    let users = Users::open(&dir.path().join("keys"), []).unwrap();
    let nats = Nats::start_for(&dir.path().join("nats"), users.accounts()).await.unwrap();
    let mut databases = BTreeMap::new();
    for service in NAMES {
        postgres.ensure_database(service).await.unwrap();
        databases.insert(service.to_owned(), postgres.url(service));
    }
    let data = dir.path().join("data");
    let stores = Some(Stores { databases, nats_url: nats.url(), nats_users: Some(users) });
    let options = Options { stores, profiles: vec![profiles().join("jiangan")], ..Options::at(&data) };
    let running = Box::pin(up::start(options, &Say::nothing(), Shutdown::new())).await.unwrap();
    let number = resolved(&data).await;
    said(&data, &["callback", "verdict", &number, "--satisfaction", "basically"]).await;
    Box::pin(simulate(&data)).await;
    Box::pin(recount(&data, &postgres.url("evaluation"))).await;
    Box::pin(grounds(&data)).await;
    Box::pin(signs(&data, &postgres.url("evaluation"))).await;
    running.begin_stop();
    Box::pin(running.serve(&Say::nothing())).await.unwrap();
}

async fn simulate(data: &Path) {
    let same = tried(data, &profiles().join("jiangan"), &[]).await;
    assert!(same.contains("96.0 %") && same.contains("优秀") && !same.contains('→'), "{same}");
    let folder = changed("rates.toml", "basically = 0.9", "basically = 0.5");
    let folder = folder.path().join("jiangan");
    let told = tried(data, &folder, &[]).await;
    for piece in [UNIT, "96.0 % → 80.0 %", "优秀 → 良好", "90.0 % → 50.0 %", "0.5 × basically"] {
        assert!(told.contains(piece), "{piece}: {told}");
    }
    assert!(!told.contains("退件率"), "it neither weighs nor differs: {told}");
    let lines = tried(data, &folder, &["-o", "jsonl"]).await;
    let value = |when: &str, code: &str| rate(&lines, UNIT, when, code);
    assert_eq!((value("now", "satisfaction"), value("would_be", "satisfaction")), (0.9.into(), 0.5.into()));
    assert_eq!(value("would_be", "on_time"), value("now", "on_time"), "all rates are there");
    let nothing =
        huying(data, &["evaluation", "simulate", folder.to_str().unwrap(), "--period", "2025-Q3"]).await;
    let head = String::from_utf8(nothing.stderr).unwrap();
    assert!(nothing.status.success() && head.contains("2025-07-01 – 2025-09-30"), "{head}");
}

/// What `recount --check` ends with, and what it says. Its JSON leaves out what is 0, so it is read as the contract's message.
async fn checked(data: &Path) -> (Option<i32>, RecountResponse, String) {
    let output = huying(data, &["evaluation", "recount", "--check", "-o", "json"]).await;
    let told: RecountResponse = serde_json::from_slice(&output.stdout).unwrap();
    assert!(told.done && told.looked_at > 0 && told.figures > 0, "all is looked at: {told:?}");
    (output.status.code(), told, String::from_utf8(output.stderr).unwrap())
}

/// A figure that somebody spoiled is told, and put right.
async fn recount(data: &Path, database: &str) {
    let (code, told, _) = checked(data).await;
    assert_eq!((code, told.different), (Some(0), 0), "nothing was changed: {told:?}");
    assert!(told.differences.is_empty(), "{told:?}");
    let mut evaluation = PgConnection::connect(database).await.unwrap();
    let spoil = "update figure set counts[1] = counts[1] + 7
        where by = 'unit' and span = 'month' and scope = '420102' and key = $1 and counts[1] = 1";
    let spoilt = sqlx::query(spoil).bind(UNIT).execute(&mut evaluation).await.unwrap();
    assert_eq!(spoilt.rows_affected(), 1);

    let (code, told, why) = checked(data).await;
    assert_eq!((code, told.different), (Some(1), 1), "{told:?}");
    let [line] = told.differences.as_slice() else { panic!("{told:?}") };
    assert!(line.starts_with(&format!("420102 unit {UNIT} month ")), "{line}");
    assert!(line.ends_with(" opened: 8, counted anew 1"), "{line}");
    assert!(why.contains("1 figures differ") && why.contains("huying evaluation recount"), "{why}");
    let (code, told, _) = checked(data).await;
    assert_eq!((code, told.different), (Some(1), 1), "to check puts nothing right: {told:?}");
    let mended = said(data, &["evaluation", "recount"]).await;
    assert!(mended.contains(" opened: 8, counted anew 1"), "{mended}");
    let (code, told, _) = checked(data).await;
    assert_eq!((code, told.different), (Some(0), 0), "it is right again: {told:?}");
}

/// On a ground that is one no longer a case was settled, and not in time: that counts against whoever declined it.
async fn grounds(data: &Path) {
    let number = accepted(data).await;
    let answer = "涉及劳动争议，请申请仲裁";
    said(data, &["case", "decline", &number, "--ground", "statutory_route", "--answer", answer]).await;
    said(data, &["approval", "grant", &number, "--reason", "情况属实"]).await;
    let of_all = |lines: &str, when: &str| ["declined", "on_time"].map(|code| rate(lines, "", when, code));
    let same = profiles().join("jiangan");
    let lines = eventually("one is settled, and one declined", async || {
        let lines = tried(data, &same, &["-o", "jsonl"]).await;
        (of_all(&lines, "now") == [0.5, 1.0]).then_some(lines)
    })
    .await;
    assert_eq!(of_all(&lines, "would_be"), [0.5, 1.0], "on the same grounds");
    let ground = "[[decline_ground]]
code = \"statutory_route\"
name = \"应走信访、诉讼、仲裁、复议等法定途径\"
";
    let folder = changed("policies.toml", ground, "");
    let lines = tried(data, &folder.path().join("jiangan"), &["-o", "jsonl"]).await;
    assert_eq!(of_all(&lines, "now"), [0.5, 1.0]);
    assert_eq!(of_all(&lines, "would_be"), [0.0, 0.5], "no ground for it");
}

/// Two signs, as the leader of the timers keeps them.
async fn signs(data: &Path, database: &str) {
    let none = huying(data, &["signs"]).await;
    assert!(none.status.success() && String::from_utf8_lossy(&none.stderr).contains("nothing there"));
    let mut evaluation = PgConnection::connect(database).await.unwrap();
    for body in [
        r#"{"kind": "surge", "district": "420102", "area": "420102003", "category": "47678.5:e:09009", "day": "2026-11-20",
            "number": 12, "usual": 1.5, "state": "raised", "raised_at": 1763600000000000}"#,
        r#"{"kind": "ageing", "district": "420102", "area": "420102", "category": "47678.5:e:04002", "day": "2026-11-21",
            "number": 7, "open": 9, "state": "raised", "raised_at": 1763700000000000}"#,
    ] {
        let keep = "insert into sign (id, version, shape, hash, body) values (gen_random_uuid(), 1, 1, sha256(''), $1::jsonb)";
        sqlx::query(keep).bind(body).execute(&mut evaluation).await.unwrap();
    }
    let told = said(data, &["signs"]).await;
    for piece in ["2026-11-20", "突增", "一元街", "47678.5:e:09009", "12", "平时 1.5", "积压", "在办 9"]
    {
        assert!(told.contains(piece), "{piece}: {told}");
    }
    let lines = said(data, &["signs", "-n", "1", "-o", "jsonl"]).await;
    assert_eq!(lines.lines().count(), 1, "{lines}");
}
