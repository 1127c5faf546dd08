//! Figures as they are typed: a rule book on trial, and early signs.

use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt as _, path::Path};

use huying::{
    services::NAMES,
    up::{self, Options, Stores, say::Say},
};
use huying_chassis::{clock::system_now, shutdown::Shutdown};
use huying_embedded::{Nats, Postgres};
use huying_evaluation::{
    convert::rates::{read_definition, read_grade},
    domain::{figure::usual, profile::Weights},
};
use serde_json::Value;
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;

use super::{
    command::{huying, said},
    profile::{copied, profiles},
    rounds::resolved,
};

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

/// Basically satisfied counts half.
fn stricter() -> TempDir {
    let folder = copied("jiangan");
    let file = folder.path().join("common/rates.toml");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("basically = 0.9"));
    fs::write(file, text.replace("basically = 0.9", "basically = 0.5")).unwrap();
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_book_is_tried_and_signs_are_listed() {
    let dir = TempDir::new().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let postgres = Postgres::start(&dir.path().join("postgres")).await.unwrap();
    let nats = Nats::start(&dir.path().join("nats")).await.unwrap();
    let mut databases = BTreeMap::new();
    for service in NAMES {
        postgres.ensure_database(service).await.unwrap();
        databases.insert(service.to_owned(), postgres.url(service));
    }
    let data = dir.path().join("data");
    let stores = Some(Stores { databases, nats_url: nats.url() });
    let options = Options { stores, profiles: vec![profiles().join("jiangan")], ..Options::at(&data) };
    let running = Box::pin(up::start(options, &Say::nothing(), Shutdown::new())).await.unwrap();
    let number = resolved(&data).await;
    said(&data, &["callback", "verdict", &number, "--satisfaction", "basically"]).await;
    Box::pin(simulate(&data)).await;
    Box::pin(signs(&data, &postgres.url("evaluation"))).await;
    running.begin_stop();
    Box::pin(running.serve(&Say::nothing())).await.unwrap();
}

async fn simulate(data: &Path) {
    let day = |offset| (system_now() + chrono::Duration::days(offset)).format("%Y-%m-%d").to_string();
    let (from, to) = (day(-1), day(2));
    let tried = async |folder: &Path, more: &[&str]| {
        let folder = folder.to_str().unwrap();
        said(data, &[&["evaluation", "simulate", folder, "--from", &from, "--to", &to][..], more].concat())
            .await
    };
    let same = tried(&profiles().join("jiangan"), &[]).await;
    assert!(same.contains("96.0 %") && same.contains("优秀") && !same.contains('→'), "{same}");
    let folder = stricter();
    let folder = folder.path().join("jiangan");
    let told = tried(&folder, &[]).await;
    for piece in ["G-420102003002001", "96.0 % → 80.0 %", "优秀 → 良好", "90.0 % → 50.0 %", "0.5 × basically"]
    {
        assert!(told.contains(piece), "{piece}: {told}");
    }
    assert!(!told.contains("退件率"), "it neither weighs nor differs: {told}");
    let lines = tried(&folder, &["-o", "jsonl"]).await;
    let rows: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let unit = rows.iter().find(|row| row["unit"] == "G-420102003002001").unwrap();
    let value = |when: &str, code: &str| {
        let rates = unit[when]["rates"].as_array().unwrap();
        rates.iter().find(|rate| rate["code"] == code).unwrap()["value"].clone()
    };
    assert_eq!((value("now", "satisfaction"), value("would_be", "satisfaction")), (0.9.into(), 0.5.into()));
    assert_eq!(value("would_be", "on_time"), value("now", "on_time"), "all rates are there");
    let nothing =
        huying(data, &["evaluation", "simulate", folder.to_str().unwrap(), "--period", "2025-Q3"]).await;
    let head = String::from_utf8(nothing.stderr).unwrap();
    assert!(nothing.status.success() && head.contains("2025-07-01 – 2025-09-30"), "{head}");
    let json = said(data, &["evaluation", "recount", "--check", "-o", "json"]).await;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["different"].as_str().unwrap_or("0"), "0", "nothing was changed: {json}");
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
