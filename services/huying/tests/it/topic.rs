//! A topic as it is typed: opened, given a case, its measure done, put to the test, listed and reported; and what a district's requests have in
//! common.

use std::path::Path;

use huying::up::{self, Options, say::Say};
use huying_chassis::{clock::system_now, shutdown::Shutdown};
use huying_testing::eventually;
use serde_json::Value;
use tempfile::TempDir;

use super::command::{huying, said};

/// A case that somebody called for just now.
pub async fn called(data: &Path, words: &str) -> String {
    let submit = ["submit", words, "-o", "json", "--area", "420102003002001"];
    let taken: Value = serde_json::from_str(&said(data, &submit).await).unwrap();
    let number = taken["request"]["number"].as_str().unwrap().to_owned();
    eventually("the case is there", async || {
        huying(data, &["case", "show", &number]).await.status.success().then_some(())
    })
    .await;
    number
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_is_opened_worked_on_and_told() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let jiangan = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/profiles/jiangan");
    let options = Options { profiles: vec![jiangan], ..Options::at(&data) };
    let running = Box::pin(up::start(options, &Say::nothing(), Shutdown::new())).await.unwrap();
    let number = called(&data, "幸福里小区有车辆堵住楼栋出入口，消防通道进不去").await;
    called(&data, "幸福里小区车辆又堵住楼栋出入口，消防通道进不去，请尽快挪走").await;
    Box::pin(topic(&data, &number)).await;
    let found = said(&data, &["topics", "--days", "2", "-o", "json"]).await;
    let found: Value = serde_json::from_str(&found).unwrap();
    assert_eq!((&found[0]["people"], found[0]["ids"].as_array().unwrap().len()), (&2.into(), 2), "{found}");
    assert!(found[0]["ids"].as_array().unwrap().contains(&number.into()), "{found}");
    running.begin_stop();
    Box::pin(running.serve(&Say::nothing())).await.unwrap();
}

async fn topic(data: &Path, number: &str) {
    let why = ["--cause", "没有车位", "--policy", "划车位", "--owner", "DEP-jiaoguan"];
    let measures =
        ["--measure", "划五十个车位@2026-12-31", "--measure", "夜间开放校门@2026-12-31@S-420102003"];
    let open =
        [&["topic", "open", "占道停车", "--category", "47678.5", "-o", "json"], &why[..], &measures].concat();
    let opened: Value = serde_json::from_str(&said(data, &open).await).unwrap();
    let id = opened["id"].as_str().unwrap();
    let attached = eventually("evaluation knows the case", async || {
        let output = huying(data, &["topic", "attach", id, number]).await;
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
    })
    .await;
    assert!(attached.contains(number) && attached.contains("没有车位"), "{attached}");
    let early = huying(data, &["topic", "test", id]).await;
    let early = String::from_utf8(early.stderr).unwrap();
    assert!(early.contains("these measures are not done"), "{early}");

    let changed = said(data, &["topic", "change", id, "--policy", "划车位、错时共享", "--drop", "2"]).await;
    assert!(changed.contains("错时共享") && !changed.contains("夜间开放"), "{changed}");
    let done = said(data, &["topic", "measure", id, "1", "--note", "都划好了"]).await;
    assert!(done.contains("✓") && done.contains("都划好了"), "{done}");
    let tested = said(data, &["topic", "test", id, "--days", "14"]).await;
    assert!(tested.contains("testing 观察中") && tested.contains("14 days from"), "{tested}");
    let listed = said(data, &["topic", "list", "--state", "testing"]).await;
    assert!(listed.contains("占道停车") && listed.contains("1 of 1"), "{listed}");

    let day = |offset| (system_now() + chrono::Duration::days(offset)).format("%Y-%m-%d").to_string();
    let (from, until) = (day(-1), day(1));
    let report = ["report", "--from", &from, "--until", &until, "-o", "json"];
    let told = eventually("what is attached is the topic's, and no cluster of its own", async || {
        let told: Value = serde_json::from_str(&said(data, &report).await).unwrap();
        (told["issues"].as_array().unwrap().len() == 1).then_some(told)
    })
    .await;
    let issue = &told["issues"][0];
    assert_eq!(
        (&issue["rank"], &issue["words"][0], &issue["cases"]),
        (&1.into(), &"占道停车".into(), &1.into())
    );
    assert_eq!(issue["people"], Value::Null, "nobody has counted them");
    assert!(issue["measures"].as_str().unwrap().contains("措施 1/1；观察中"), "{issue}");
    let page = said(data, &["report", "--from", &from, "--until", &until]).await;
    assert!(page.contains("占道停车"), "it is on the page");
    let before = ["report", "--from", "2026-01-01", "--until", "2026-01-31", "-o", "json"];
    let before: Value = serde_json::from_str(&said(data, &before).await).unwrap();
    assert_eq!(before["issues"], Value::Array(Vec::new()), "it was opened later");
    let given_up = said(data, &["topic", "withdraw", id, "--note", "与另一件重复"]).await;
    assert!(given_up.contains("withdrawn 已撤销"), "{given_up}");
    let told: Value = serde_json::from_str(&said(data, &report).await).unwrap();
    waits(&told, number);
}

/// What two people asked for and nobody has opened a topic about.
fn waits(report: &Value, number: &str) {
    let issue = &report["issues"][0];
    assert_eq!(
        (&issue["people"], &issue["cases"], &issue["trend"], &issue["measures"]),
        (&2.into(), &2.into(), &serde_json::json!([0, 2]), &"待立项".into()),
        "{report}"
    );
    let words = issue["words"].as_array().unwrap();
    let both =
        |word: &Value| "幸福里小区有车辆堵住楼栋出入口，消防通道进不去".contains(word.as_str().unwrap());
    assert!(!words.is_empty() && words.iter().all(both), "{issue}");
    assert!(!issue.to_string().contains(number), "words and a place, and no request: {issue}");
    let notes = report["notes"].to_string();
    assert!(notes.contains("自动归并"), "how it was found: {notes}");
}
