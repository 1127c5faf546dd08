//! A district's learned classifier by the command: trained, applied, shown; what was decided is written down for the next one.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use huying::up::{self, Options, say::Say};
use huying_chassis::shutdown::Shutdown;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::command::{huying, said};

/// A model of two made-up kinds of messages under these labels, in a file.
async fn trained(folder: &Path, name: &str, labels: [&str; 2]) -> PathBuf {
    let line = |at: usize| {
        let said = [["大树倾斜", "树枝断裂"], ["政策宣讲", "惠企补贴"]];
        let text = format!("{}号：{}，请安排", at * 37, said[at % 2][at / 2 % 2]);
        json!({"text": text, "label": labels[at % 2]}).to_string()
    };
    let (from, out) = (folder.join(format!("{name}.jsonl")), folder.join(name));
    fs::write(&from, (0..40).map(line).collect::<Vec<_>>().join("\n")).unwrap();
    said(folder, &["train", "--from", from.to_str().unwrap(), "--out", out.to_str().unwrap()]).await;
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_applied_and_what_was_decided_is_exported() {
    let dir = TempDir::new().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let data = dir.path().join("data");
    let jiangan = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/profiles/jiangan");
    let options = Options { profiles: vec![jiangan], ..Options::at(&data) };
    let running = Box::pin(up::start(options, &Say::nothing(), Shutdown::new())).await.unwrap();

    let strange = trained(dir.path(), "strange", ["47678.5:e:04002", "no:such:1"]).await;
    let refused = huying(&data, &["model", "apply", strange.to_str().unwrap()]).await;
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && told.contains("UNKNOWN_CATEGORY"), "{told}");
    assert!(told.contains("no:such:1"), "{told}");

    let model = trained(dir.path(), "sound", ["47678.5:e:04002", "JA:m:09001"]).await;
    let applied: Value =
        serde_json::from_str(&said(&data, &["model", "apply", model.to_str().unwrap(), "-o", "json"]).await)
            .unwrap();
    assert_eq!((&applied["examples"], &applied["categories"]), (&json!(40), &json!(2)));
    let units = trained(dir.path(), "units", ["DEP-yuanlin", "RG-yingshang"]).await;
    said(&data, &["model", "apply", units.to_str().unwrap(), "--of", "unit"]).await;
    let of_units = said(&data, &["model", "show", "--of", "unit"]).await;
    assert!(
        of_units.contains("承办单位") && !of_units.contains(applied["model"].as_str().unwrap()),
        "{of_units}"
    );
    assert!(said(&data, &["model", "show"]).await.contains(applied["model"].as_str().unwrap()));

    said(&data, &["submit", "行道树倾斜", "--title", "树要倒了", "--area", "420102003002001"]).await;
    let out = dir.path().join("decided.jsonl");
    let line = huying_testing::eventually("the request is decided", async || {
        said(&data, &["model", "export", "--out", out.to_str().unwrap()]).await;
        fs::read_to_string(&out).unwrap().lines().next().map(str::to_owned)
    })
    .await;
    let example: Value = serde_json::from_str(&line).unwrap();
    assert_eq!((&example["text"], &example["rule"]), (&json!("行道树倾斜"), &json!("category.keyword")));
    assert_eq!((&example["topic"], &example["unit"]), (&json!("树要倒了"), &json!("DEP-yuanlin")));
    assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o600);
    running.begin_stop();
    Box::pin(running.serve(&Say::nothing())).await.unwrap();
}
