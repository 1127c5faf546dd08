//! Files by the command: a photo goes onto a case and comes back as it was, without a word said of where it is kept.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use huying::up::{self, Options, say::Say};
use huying_chassis::shutdown::Shutdown;
use serde_json::Value;
use tempfile::TempDir;

use super::command::{huying, said};

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_goes_onto_a_case_and_comes_back() {
    let dir = TempDir::new().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let (data, photo) = (dir.path().join("data"), dir.path().join("处置后.jpg"));
    let jiangan = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/profiles/jiangan");
    let options = Options { profiles: vec![jiangan], ..Options::at(&data) };
    let running = Box::pin(up::start(options, &Say::nothing(), Shutdown::new())).await.unwrap();

    let grid = ["--area", "420102003002001"];
    let submit = [&["submit", "行道树倾斜", "-o", "json"][..], &grid].concat();
    let taken: Value = serde_json::from_str(&said(&data, &submit).await).unwrap();
    let number = taken["request"]["number"].as_str().unwrap();
    huying_testing::eventually("the case is accepted", async || {
        huying(&data, &["case", "accept", number]).await.status.success().then_some(())
    })
    .await;

    let mut bytes = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00".to_vec();
    bytes.resize(400_000, 7);
    fs::write(&photo, &bytes).unwrap();
    let attach = ["case", "attach", number, photo.to_str().unwrap(), "--kind", "after_photo"];
    said(&data, &attach).await;
    let show = said(&data, &["case", "show", number]).await;
    assert!(show.contains("after_photo 处置后照片  image/jpeg") && show.contains("处置后.jpg"), "{show}");
    assert!(data.join("objects/420102").is_dir());

    let into = dir.path().join("fetched");
    let fetched = said(&data, &["case", "fetch", number, "--into", into.to_str().unwrap()]).await;
    let fetched = PathBuf::from(fetched.trim());
    let name = fetched.file_name().unwrap().to_string_lossy().into_owned();
    assert!(name.starts_with(&format!("{number}-after_photo-")) && name.ends_with(".jpg"), "{name}");
    assert_eq!(fs::read(&fetched).unwrap(), bytes);

    fs::write(&photo, "只是文字").unwrap();
    let refused = huying(&data, &attach).await;
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && told.contains("MEDIA_TYPE_NOT_ALLOWED"), "{told}");
    running.begin_stop();
    Box::pin(running.serve(&Say::nothing())).await.unwrap();
}
