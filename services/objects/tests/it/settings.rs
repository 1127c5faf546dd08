//! Which store the settings say, and what is wrong with them.

use std::path::Path;

use huying_objects::{Name, Settings};

use super::emulator::{Emulator, as_it_stands};

fn wrong(settings: &Settings) -> Vec<&'static str> {
    settings.check().into_iter().map(|(key, _)| key).collect()
}

#[tokio::test]
async fn what_is_wrong_is_named_by_its_key() {
    let right = Emulator::start().await.settings();
    assert_eq!(wrong(&Settings::default()), [""; 0]);
    assert_eq!(wrong(&Settings { dir: "/srv/objects".into(), ..Settings::default() }), [""; 0]);
    assert_eq!(wrong(&right), [""; 0]);
    assert_eq!(wrong(&Settings { dir: "/srv/objects".into(), ..right.clone() }), ["dir"]);
    let bare = Settings { url: right.url.clone(), ..Settings::default() };
    assert_eq!(wrong(&bare), ["bucket", "region", "access_key", "secret_key_file"]);
    for url in ["ftp://x", "store", "http://", "https://key:secret@s3.example"] {
        assert_eq!(wrong(&Settings { url: url.into(), ..right.clone() }), ["url"]);
    }
    let tls = Settings { url: "https://s3.example".into(), ..right.clone() };
    assert_eq!(wrong(&tls), [""; 0]);
    assert_eq!(wrong(&Settings { ca_file: "/nowhere.pem".into(), ..tls }), ["url"]);
}

/// However the address is written: an authority that is named is the only one believed.
#[test]
fn an_authority_counts_wherever_the_way_is_over_tls() {
    let settings = |url: &str| Settings {
        url: url.into(),
        bucket: "evidence".into(),
        region: "cn-wuhan-1".into(),
        access_key: "huying".into(),
        secret_key_file: "secret".into(),
        ca_file: "/nowhere.pem".into(),
        ..Settings::default()
    };
    for url in ["https://s3.example", "HTTPS://s3.example", "Https://s3.example"] {
        assert_eq!(settings(url).authority(), Some(Path::new("/nowhere.pem")), "{url}");
        assert_eq!(wrong(&settings(url)), ["url"], "the file is read: {url}");
    }
    assert_eq!(settings("HTTP://s3.example").authority(), None);
    assert_eq!(wrong(&settings("HTTP://s3.example")), [""; 0]);
}

#[tokio::test]
async fn nothing_set_is_told_when_it_is_asked() {
    let nowhere = Settings::default().open(as_it_stands).unwrap();
    assert_eq!(nowhere.look().await.unwrap_err().to_string(), "no store of objects is set");
}

#[test]
fn a_name_goes_nowhere_else() {
    assert_eq!(Name::of(&["420102", "a-1"]).unwrap().as_str(), "420102/a-1");
    for parts in [&[][..], &[""], &["a", ""], &[".."], &["a/b"], &["a", "照片"], &["a b"]] {
        assert_eq!(Name::of(parts), None, "{parts:?}");
    }
}
