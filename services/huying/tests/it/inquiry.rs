//! An inquiry as it is typed: a case picked and inspected, asked about, claimed, answered, judged, and read by anyone.

use std::path::Path;

use huying::up::{self, Options, say::Say};
use huying_chassis::shutdown::Shutdown;
use huying_testing::eventually;
use serde_json::Value;
use tempfile::TempDir;

use super::{
    command::{huying, said},
    topic::called,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_delegate_asks_and_a_leader_answers_for_anyone_to_read() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let jiangan = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/profiles/jiangan");
    let options = Options { profiles: vec![jiangan], ..Options::at(&data) };
    let running = Box::pin(up::start(options, &Say::nothing(), Shutdown::new())).await.unwrap();
    let number = called(&data, "幸福里小区有车辆堵住楼栋出入口，消防通道进不去").await;
    let case: Value =
        serde_json::from_str(&said(&data, &["case", "show", &number, "-o", "json"]).await).unwrap();
    Box::pin(inquiry(&data, &number, case["holder"].as_str().unwrap())).await;
    running.begin_stop();
    Box::pin(running.serve(&Say::nothing())).await.unwrap();
}

async fn inquiry(data: &Path, number: &str, unit: &str) {
    let open = ["inquiry", "open", "为何三天两头又堵上", "--unit", unit, number, "-o", "json"];
    let opened = eventually("evaluation knows the case", async || {
        let output = huying(data, &open).await;
        output.status.success().then(|| serde_json::from_slice::<Value>(&output.stdout).unwrap())
    })
    .await;
    let id = opened["id"].as_str().unwrap();
    let inspected = said(data, &["inquiry", "inspect", number, "护栏只装了一半"]).await;
    assert!(inspected.contains("不到位") && inspected.contains("护栏只装了一半"), "{inspected}");
    let listed = said(data, &["inquiry", "inspections", "--case", number]).await;
    assert!(listed.contains("护栏只装了一半"), "{listed}");
    said(data, &["case", "accept", number]).await;
    said(data, &["case", "resolve", number, "--answer", "已挪开"]).await;
    let picked = eventually("the case may be picked", async || {
        Some(said(data, &["inquiry", "cases"]).await).filter(|cases| cases.contains(number))
    })
    .await;
    assert!(picked.contains("days late") && picked.contains("待回访"), "{picked}");
    assert!(!said(data, &["inquiry", "board"]).await.contains("堵上"), "nobody has answered");

    let early = huying(data, &["inquiry", "answer", id, "x"]).await;
    let early = String::from_utf8(early.stderr).unwrap();
    assert!(early.contains("an inquiry that is open cannot be answered"), "{early}");
    let claimed = said(data, &["inquiry", "claim", id, "--office", "副区长（分管城建）"]).await;
    assert!(claimed.contains("claimed 已认领") && claimed.contains("副区长"), "{claimed}");
    let answered = said(data, &["inquiry", "answer", id, "已加装护栏"]).await;
    assert!(answered.contains("answered 已答复"), "{answered}");
    let judged = said(data, &["inquiry", "judge", id, "只装到楼口"]).await;
    assert!(judged.contains("claimed 已认领") && judged.contains("→ 未解决 只装到楼口"), "{judged}");
    said(data, &["inquiry", "answer", id, "护栏加长到路口"]).await;
    let solved = said(data, &["inquiry", "judge", id, "--solved", "车进不来了"]).await;
    assert!(solved.contains("solved 已解决") && solved.contains("护栏加长到路口"), "{solved}");
    assert!(said(data, &["inquiry", "board"]).await.contains("已解决"), "anyone reads it");
    let listed = said(data, &["inquiry", "list", "--state", "solved", "--unit", unit]).await;
    assert!(listed.contains(id), "{listed}");
    assert!(said(data, &["inquiry", "get", id]).await.contains(id));
    let counted = said(data, &["inquiry", "count"]).await;
    assert!(counted.contains("solved 已解决"), "{counted}");

    let other = ["inquiry", "open", "还堵吗", "--unit", unit, number, "-o", "json"];
    let other: Value = serde_json::from_str(&said(data, &other).await).unwrap();
    let given_up = ["inquiry", "withdraw", other["id"].as_str().unwrap(), "--note", "问错了单位"];
    assert!(said(data, &given_up).await.contains("withdrawn 已撤回"));
}
