//! The file of keys that seal who called: made for its owner alone, and never shown.

use std::{fs, os::unix::fs::PermissionsExt};

use huying_chassis::seal::{KeyFile, Wrap as _};
use tempfile::TempDir;

use super::command::said;

#[tokio::test]
async fn attack_72_keys_are_made_for_their_owner_alone_and_not_shown() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("seal.keys");
    let new = async || said(dir.path(), &["keys", "new", file.to_str().unwrap()]).await;
    let (first, second) = (new().await, new().await);
    let text = fs::read_to_string(&file).unwrap();
    let keys = text.lines().map(|line| line.split_once(' ').unwrap().1);
    assert_eq!(keys.clone().count(), 3, "two that wrap, and one for hashes");
    assert!(keys.into_iter().all(|key| !first.contains(key) && !second.contains(key)));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

    let names = KeyFile::open(&file).unwrap().names();
    assert_eq!(names, [second.trim(), first.trim()], "the newest first");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let refused = KeyFile::open(&file).err().unwrap();
    assert!(refused.contains("chmod 600"), "{refused}");
}
