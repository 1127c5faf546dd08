//! Why a request was decided as it was, and what another profile would decide, by the command.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use huying::up::{self, Options, say::Say};
use huying_chassis::shutdown::Shutdown;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    command::{huying, said},
    profile::{copied, profiles},
};

const TREES: &str = "47678.5:e:04002";
const LITTER: &str = "47678.5:e:06010";

/// Whether these stand in a text, in this order.
#[track_caller]
fn holds(text: &str, pieces: &[&str]) {
    let mut rest = text;
    for piece in pieces {
        let at = rest.find(piece).unwrap_or_else(|| panic!("{piece} is not there, or not in order: {text}"));
        rest = &rest[at + piece.len()..];
    }
}

async fn explain(data: &Path, number: &str) {
    let told = said(data, &["route", "explain", number]).await;
    let pieces =
        ["number", number, "state", "行道树倾斜", "words", "speaks for", TREES, "authority", " counts"];
    holds(&told, &pieces);
    holds(&told, &["area", "420102003002001", "holder", "why", "today", "rules would decide the same"]);
    let json: Value =
        serde_json::from_str(&said(data, &["route", "explain", number, "-o", "json"]).await).unwrap();
    assert_eq!(json["categories"][0]["category"], TREES, "{json}");
    let unknown = huying(data, &["route", "explain", "JA-20261101-999999"]).await;
    assert!(!unknown.status.success());
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("NOT_FOUND"), "{unknown:?}");
}

/// All rules for trees speak for litter.
fn changed() -> TempDir {
    let folder = copied("jiangan");
    let rules = folder.path().join("common/rules.csv");
    let text = fs::read_to_string(&rules).unwrap();
    assert!(text.contains(&format!("\n{TREES},")));
    fs::write(&rules, text.replace(&format!("\n{TREES},"), &format!("\n{LITTER},"))).unwrap();
    folder
}

async fn simulate(data: &Path, number: &str) {
    let jiangan = profiles().join("jiangan");
    let same = said(data, &["route", "simulate", "--profile", jiangan.to_str().unwrap()]).await;
    holds(&same, &["decided anew", "1", "differ", "0", "left to the desk", "0 → 0"]);
    let folder = changed();
    let folder = folder.path().join("jiangan");
    let simulate = ["route", "simulate", "--profile", folder.to_str().unwrap()];
    let told = said(data, &simulate).await;
    holds(&told, &["decided anew", "1", "differ", "1", "in", "1  category", "such as", number]);
    holds(&told, &[&format!("category: {TREES} → {LITTER}")]);
    let json: Value =
        serde_json::from_str(&said(data, &[&simulate[..], &["-o", "json"]].concat()).await).unwrap();
    assert_eq!((&json["looked"], &json["changed"]), (&json!(1), &json!(1)), "{json}");
    // Nothing was changed by it.
    explain(data, number).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_explained_and_another_profile_tried() {
    let dir = TempDir::new().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let data = dir.path().join("data");
    let options = Options { profiles: vec![profiles().join("jiangan")], ..Options::at(&data) };
    let running = Box::pin(up::start(options, &Say::nothing(), Shutdown::new())).await.unwrap();
    let submit = ["submit", "行道树倾斜", "-o", "json", "--area", "420102003002001"];
    let taken: Value = serde_json::from_str(&said(&data, &submit).await).unwrap();
    let number = taken["request"]["number"].as_str().unwrap().to_owned();
    huying_testing::eventually("it is decided", async || {
        huying(&data, &["route", "explain", &number]).await.status.success().then_some(())
    })
    .await;
    Box::pin(explain(&data, &number)).await;
    Box::pin(simulate(&data, &number)).await;
    running.begin_stop();
    Box::pin(running.serve(&Say::nothing())).await.unwrap();
}
