//! A round of interviews as it is typed: drawn, handed out, recorded, reported on and closed; and an appeal against a verdict.

use std::path::Path;

use huying::up::{self, Options, say::Say};
use huying_chassis::{clock::system_now, shutdown::Shutdown};
use huying_testing::eventually;
use serde_json::Value;
use tempfile::TempDir;

use super::command::{huying, said};

/// Why a command fails that a service refuses.
async fn refused(data: &Path, arguments: &[&str]) -> String {
    let output = huying(data, arguments).await;
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// A case that its grid resolved, of which its reporter is to be asked.
pub async fn resolved(data: &Path) -> String {
    let submit = ["submit", "有车辆堵住楼栋出入口", "-o", "json", "--area", "420102003002001"];
    let taken: Value = serde_json::from_str(&said(data, &submit).await).unwrap();
    let number = taken["request"]["number"].as_str().unwrap().to_owned();
    eventually("the case is there", async || {
        huying(data, &["case", "accept", &number]).await.status.success().then_some(())
    })
    .await;
    said(data, &["case", "resolve", &number, "--answer", "已挪开"]).await;
    eventually("somebody is to ask", async || {
        let listed = huying(data, &["callback", "list", "--case", &number]).await;
        String::from_utf8(listed.stdout).unwrap().contains("待回访").then_some(())
    })
    .await;
    number
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_is_begun_handed_out_recorded_and_told() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let jiangan = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/profiles/jiangan");
    let options = Options { profiles: vec![jiangan], ..Options::at(&data) };
    let running = Box::pin(up::start(options, &Say::nothing(), Shutdown::new())).await.unwrap();
    let number = resolved(&data).await;
    Box::pin(round(&data, &number)).await;
    Box::pin(appeal(&data, &number)).await;
    running.begin_stop();
    Box::pin(running.serve(&Say::nothing())).await.unwrap();
}

async fn round(data: &Path, number: &str) {
    let day = |offset| (system_now() + chrono::Duration::days(offset)).format("%Y-%m-%d").to_string();
    let (from, to) = (day(-1), day(1));
    let begin = ["round", "begin", "试抽", "--from", &from, "--to", &to, "--due", &to, "--by", "unit", "-s"];
    let many = refused(data, &[&begin[..], &["9"]].concat()).await;
    assert!(many.contains("there are 1 cases to draw from"), "{many}");
    let begun = said(data, &[&begin[..], &["1", "-o", "json"]].concat()).await;
    let begun: Value = serde_json::from_str(&begun).unwrap();
    let id = begun["id"].as_str().unwrap();
    let shown = said(data, &["round", "show", id]).await;
    assert!(
        shown.contains("open 进行中") && shown.contains("1 of 1") && shown.contains("G-420102003002001"),
        "{shown}"
    );
    let listed = said(data, &["round", "list"]).await;
    assert!(listed.contains("试抽") && listed.contains("按单位"), "{listed}");

    let handed = said(data, &["round", "hand-out", id, "--to", "/wang"]).await;
    assert!(handed.contains("/wang"), "{handed}");
    let another = ["round", "record", id, number, "--outcome", "answered", "--satisfaction", "satisfied"];
    let why = refused(data, &another).await;
    assert!(why.contains("handed out to somebody else"), "{why}");
    let empty = said(data, &["round", "report", id]).await;
    assert!(empty.contains("全部") && !empty.contains("0.0"), "{empty}");
    let recorded = said(data, &[&another[..], &["--actor", "wang"]].concat()).await;
    assert!(recorded.contains("已访") && recorded.contains("满意"), "{recorded}");
    let theirs = said(data, &["round", "interviews", "--to", "/wang"]).await;
    assert!(theirs.contains(number), "{theirs}");
    let closed = said(data, &["round", "close", id]).await;
    assert!(closed.contains("closed 已结束"), "{closed}");
    let report = said(data, &["round", "report", id]).await;
    assert!(report.contains("100.0 % (100.0–100.0)"), "all of one were heard: {report}");
}

/// Its grid appeals against what the reporter said, and a leader decides.
async fn appeal(data: &Path, number: &str) {
    said(data, &["callback", "verdict", number, "--unsolved", "--satisfaction", "unsatisfied"]).await;
    let lodge = ["appeal", "lodge", number, "--ground", "facts", "当天已到场"];
    let lodged = said(data, &lodge).await;
    assert!(lodged.contains("open 待裁决") && lodged.contains("facts 事实不符"), "{lodged}");
    let listed = said(data, &["appeal", "list", "--state", "open"]).await;
    assert!(listed.contains(number) && listed.contains("当天已到场"), "{listed}");
    let decided = said(data, &["appeal", "decide", number, "--upheld", "照片属实", "--actor", "li"]).await;
    assert!(decided.contains("upheld 申诉成立") && decided.contains("照片属实"), "{decided}");
    let why = refused(data, &lodge).await;
    assert!(why.contains("there was an appeal"), "{why}");
}
