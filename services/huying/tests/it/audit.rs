//! Who reads a name and a phone, as an auditor asks for it: who, of what, by which rpc; and nothing of what was told.

use std::path::Path;

use huying::up::{self, Options, say::Say};
use huying_chassis::shutdown::Shutdown;
use serde_json::Value;
use tempfile::TempDir;

use super::command::said;

const NAME: &str = "王秀英";
const PHONE: &str = "13800138000";
/// Who types here.
const READER: &str = "operator:huying";

async fn reads(data: &Path, more: &[&str]) -> Vec<Value> {
    let words = [&["audit", "reads", "-o", "json"][..], more].concat();
    serde_json::from_str(&said(data, &words).await).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_sees_who_read_a_phone_and_not_the_phone() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let jiangan = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/profiles/jiangan");
    let options = Options { profiles: vec![jiangan], ..Options::at(&data) };
    let running = Box::pin(up::start(options, &Say::nothing(), Shutdown::new())).await.unwrap();
    let who = ["--name", NAME, "--phone", PHONE, "--area", "420102003002001"];
    let submit = [&["submit", "行道树倾斜", "-o", "json"][..], &who].concat();
    let taken: Value = serde_json::from_str(&said(&data, &submit).await).unwrap();
    let told = |key: &str| taken["request"][key].as_str().unwrap();
    let (number, id) = (told("number"), told("id"));

    assert!(reads(&data, &["--request", number]).await.is_empty(), "nobody has read it");
    let reporter = said(&data, &["audit", "reporter", number]).await;
    assert!(reporter.contains(NAME) && reporter.contains(PHONE), "{reporter}");
    let found = reads(&data, &["--request", number]).await;
    assert_eq!(found.len(), 1, "{found:?}");
    for (key, is) in [("subject", READER), ("whose", id), ("rpc", "GetReporter")] {
        assert_eq!(found[0][key], is, "{key}");
    }
    assert!(found[0]["name"] == true && found[0]["phone"] == true, "{found:?}");
    assert_eq!(reads(&data, &["--of", id]).await, found);
    assert_eq!(reads(&data, &["--subject", READER]).await, found);
    for none in [["--subject", "officer:wang"], ["--to", "2026-01-01"]] {
        assert!(reads(&data, &none).await.is_empty(), "{none:?}");
    }
    let page = said(&data, &["audit", "reads", "--request", number]).await;
    for piece in [READER, id, "GetReporter", "诉求", "name 姓名, phone 电话"] {
        assert!(page.contains(piece), "{piece} in {page}");
    }
    assert!(!page.contains(NAME) && !page.contains(PHONE), "{page}");
    running.begin_stop();
    Box::pin(running.serve(&Say::nothing())).await.unwrap();
}
