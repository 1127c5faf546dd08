//! A directory of objects, seen from outside.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use huying_objects::{Error, FileObjects, Objects as _};

use super::kept::{content, name};

fn files(under: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(under).unwrap().flatten() {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.file_name().into_string().unwrap());
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn a_file_is_its_owners_alone_and_is_never_written_over() {
    let dir = tempfile::tempdir().unwrap();
    let objects = FileObjects::new(dir.path().join("objects"));
    objects.put(&name("one"), 3, content(&[b"one"])).await.unwrap();
    let place = dir.path().join("objects").join(name("one").as_str());
    assert_eq!(fs::metadata(&place).unwrap().permissions().mode() & 0o077, 0);
    assert_eq!(fs::metadata(place.parent().unwrap()).unwrap().permissions().mode() & 0o077, 0);
    assert_eq!(files(dir.path()), ["one"]);
}

#[tokio::test]
async fn what_a_crash_left_goes_with_its_name_and_empty_directories_go_too() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("objects");
    let objects = FileObjects::new(&root);
    objects.put(&name("one"), 3, content(&[b"one"])).await.unwrap();
    let left = root.join(name("two").as_str()).with_extension("part");
    fs::write(&left, "ha").unwrap();
    objects.delete(&name("two")).await.unwrap();
    assert_eq!(files(dir.path()), ["one"]);
    objects.delete(&name("one")).await.unwrap();
    assert_eq!(fs::read_dir(&root).unwrap().count(), 0);
}

#[tokio::test]
async fn a_directory_that_cannot_be_made_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(FileObjects::new(&file).look().await, Err(Error::Unusable(_))));
}
