//! What every store keeps, and what it does not.

use std::{io, sync::Arc};

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use huying_objects::{Content, Error, Name, Objects, Settings};

use super::emulator::{Emulator, as_it_stands};

pub fn content(pieces: &[&[u8]]) -> Content {
    let pieces: Vec<_> = pieces.iter().map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces).boxed()
}

pub fn name(last: &str) -> Name {
    Name::of(&["420102", "019aa", "019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d", last]).unwrap()
}

async fn whole(objects: &dyn Objects, name: &Name) -> Vec<u8> {
    objects.get(name).await.unwrap().try_collect::<Vec<Bytes>>().await.unwrap().concat()
}

async fn is_absent(objects: &dyn Objects, name: &Name) -> bool {
    matches!(objects.get(name).await, Err(Error::Absent))
}

async fn keeps_what_is_whole(objects: Arc<dyn Objects>) {
    objects.look().await.unwrap();
    let (large, small, empty) = (name("large"), name("small"), name("empty"));
    let piece = vec![7_u8; 200_000];
    objects.put(&large, 600_000, content(&[&piece, &piece, &piece])).await.unwrap();
    objects.put(&small, 2, content(&[b"o", b"", b"k"])).await.unwrap();
    objects.put(&empty, 0, content(&[])).await.unwrap();
    assert_eq!(whole(&*objects, &large).await, vec![7; 600_000]);
    assert_eq!(whole(&*objects, &small).await, b"ok");
    assert_eq!(whole(&*objects, &empty).await, b"");

    assert!(is_absent(&*objects, &name("never")).await);
    objects.delete(&name("never")).await.unwrap();
    objects.delete(&small).await.unwrap();
    assert!(is_absent(&*objects, &small).await);
    assert_eq!(whole(&*objects, &empty).await, b"", "what lies beside it stays");
}

async fn keeps_nothing_that_is_broken(objects: Arc<dyn Objects>) {
    let (broken, late) = (name("broken"), name("late"));
    let (short, long, more) = (name("short"), name("long"), name("more"));
    let breaks = content(&[b"half"]).chain(stream::iter([Err(io::Error::other("gone"))])).boxed();
    assert!(matches!(objects.put(&broken, 8, breaks).await, Err(Error::Unusable(_))));
    let late_word =
        content(&[b"whole"]).chain(stream::iter([Err(io::Error::other("not what was said"))])).boxed();
    assert!(matches!(objects.put(&late, 5, late_word).await, Err(Error::Unusable(_))));
    assert!(matches!(objects.put(&more, 4, content(&[b"half", b"more"])).await, Err(Error::Unusable(_))));
    assert!(matches!(objects.put(&short, 8, content(&[b"half"])).await, Err(Error::Unusable(_))));
    assert!(matches!(objects.put(&long, 3, content(&[b"half"])).await, Err(Error::Unusable(_))));
    for name in [&broken, &late, &short, &long, &more] {
        assert!(is_absent(&*objects, name).await, "{name}");
    }

    // Whoever puts may be dropped in the middle.
    let left = name("left");
    let stalls = content(&[b"half"]).chain(stream::pending()).boxed();
    let putting = objects.put(&left, 8, stalls);
    let dropped = tokio::time::timeout(std::time::Duration::from_millis(50), putting).await;
    assert!(dropped.is_err() && is_absent(&*objects, &left).await);
    objects.delete(&left).await.unwrap();
}

#[tokio::test]
async fn a_directory_keeps_what_is_whole_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings { dir: dir.path().join("objects").display().to_string(), ..Settings::default() };
    keeps_what_is_whole(settings.open(as_it_stands).unwrap()).await;
    keeps_nothing_that_is_broken(settings.open(as_it_stands).unwrap()).await;
}

#[tokio::test]
async fn a_bucket_keeps_what_is_whole_and_nothing_else() {
    let emulator = Emulator::start().await;
    keeps_what_is_whole(emulator.settings().open(as_it_stands).unwrap()).await;
    keeps_nothing_that_is_broken(emulator.settings().open(as_it_stands).unwrap()).await;
}

#[tokio::test]
async fn a_bucket_is_refused_to_another_key_and_says_so() {
    let emulator = Emulator::start().await;
    let objects = emulator.settings().open(as_it_stands).unwrap();
    std::fs::write(emulator.dir.path().join("secret"), "another").unwrap();
    let refused = objects.put(&name("x"), 1, content(&[b"x"])).await.unwrap_err().to_string();
    assert!(refused.contains("403") && refused.contains("SignatureDoesNotMatch"), "{refused}");
    assert!(objects.look().await.is_err());
    let nobody = Settings { url: "http://127.0.0.1:1".into(), ..emulator.settings() };
    assert!(matches!(nobody.open(as_it_stands).unwrap().look().await, Err(Error::Unusable(_))));
}

#[tokio::test]
async fn what_is_wrong_with_its_key_is_told() {
    let emulator = Emulator::start().await;
    let objects = emulator.settings().open(|_| Err("holds what an example does".to_owned())).unwrap();
    let told = objects.look().await.unwrap_err().to_string();
    assert!(told.contains("secret_key_file holds what an example does"), "{told}");
}
