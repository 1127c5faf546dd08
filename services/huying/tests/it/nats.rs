//! Who may do what on NATS is written down from what the services say they are: keys are kept, seeds are private, nobody may purge.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use huying::nats::{Unit, Users, rights};
use huying::services;
use huying_chassis::anchor;
use huying_chassis::bus::Bus;
use huying_embedded::STREAMS;
use huying_testing::pki::Pki;
use serde_json::Value;

use super::command::{huying, said};

fn profiles() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/profiles")
}

/// Every file below a directory, with what it holds.
fn files(folder: &Path) -> Vec<(std::path::PathBuf, String)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            let text = fs::read_to_string(&path).unwrap();
            all.push((path, text));
        }
    }
    all.sort();
    all
}

#[tokio::test]
async fn keys_are_kept_and_private_and_no_seed_is_in_the_configuration() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("nats");
    let config = async |places: &[&str]| {
        let places = places
            .iter()
            .flat_map(|place| ["--profile".to_owned(), profiles().join(place).display().to_string()]);
        let words =
            ["nats", "config", "--out"].map(str::to_owned).into_iter().chain([out.display().to_string()]);
        let words: Vec<String> = words.chain(places).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let ended = huying(dir.path(), &words).await;
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        files(&out)
    };
    let first = config(&["haishu"]).await;
    let seeds = |files: &[(std::path::PathBuf, String)]| {
        files
            .iter()
            .filter(|(path, _)| path.extension().is_some_and(|it| it == "nk"))
            .cloned()
            .collect::<Vec<_>>()
    };
    assert!(seeds(&first).len() > services::NAMES.len() + 1, "services, the operator, and units");
    for (path, seed) in seeds(&first) {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
        assert!(seed.starts_with("SU"), "{}", path.display());
        let conf = fs::read_to_string(out.join("users.conf")).unwrap();
        assert!(!conf.contains(seed.trim()), "{}", path.display());
    }
    assert_eq!(config(&["haishu"]).await, first, "the same again changes nothing");
    let both = config(&["xiaoshan"]).await;
    for kept in seeds(&first) {
        assert!(both.contains(&kept), "{}", kept.0.display());
    }
    let conf = fs::read_to_string(out.join("users.conf")).unwrap();
    let accounts = conf.split_once("accounts: ").unwrap().1;
    let accounts: BTreeMap<String, Value> = serde_json::from_str(accounts).unwrap();
    let users = |account: &Value| account["users"].as_array().map_or(0, Vec::len);
    assert_eq!(users(&accounts[STREAMS]), 0, "nobody is where the streams are");
    let alone = accounts.values().filter(|account| users(account) == 1).count();
    assert_eq!((alone, accounts.len()), (seeds(&both).len(), alone + 1), "units of both places, each alone");
}

/// Compose's own configuration, and the users that it includes, as nats-server itself reads them.
#[tokio::test]
async fn nats_server_takes_what_compose_tells_it() {
    let (dir, pki) = (tempfile::tempdir().unwrap(), Pki::new());
    let (out, place) = (dir.path().join("nats"), profiles().join("haishu").display().to_string());
    let words = ["nats", "config", "--out", &out.display().to_string(), "--profile", &place];
    said(dir.path(), &words).await;
    let (certificate, _) = pki.certificate("tls", &["nats"]);
    let secrets = certificate.parent().unwrap().display().to_string();
    let text = fs::read_to_string(profiles().join("../nats.conf")).unwrap();
    assert!(text.contains("include ./users.conf") && text.contains("/run/secrets/tls.pem"), "{text}");
    let conf = out.join("nats.conf");
    fs::write(&conf, text.replace("/run/secrets", &secrets)).unwrap();
    let program = huying_embedded::nats_server().unwrap().path;
    let check = || Command::new(&program).arg("-t").arg("-c").arg(&conf).output().unwrap();
    let taken = check();
    assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
    fs::write(out.join("users.conf"), r#"authorization: { users: [{ nkey: "no nkey" }] }"#).unwrap();
    assert!(!check().status.success(), "the users are read with it");
}

#[tokio::test]
async fn attack_72_no_login_of_nats_is_an_argument() {
    let dir = tempfile::tempdir().unwrap();
    let words = ["events", "tail", "--nats", "nats://huying:hunter2@127.0.0.1:1"];
    let ended = huying(dir.path(), &words).await;
    let told = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(64), "{told}");
    assert!(told.contains("--nats-key FILE") && !told.contains("hunter2"), "{told}");
}

#[test]
fn a_seed_that_is_none_is_named_and_not_shown() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("intake.nk"), "hunter2").unwrap();
    let told = format!("{:#}", Users::open(dir.path(), []).unwrap_err());
    assert!(told.contains("intake.nk") && !told.contains("hunter2"), "{told}");
}

#[test]
fn each_says_only_its_own_and_nobody_purges() {
    let unit = Unit::named("420102-DEP-yuanlin").unwrap();
    assert_eq!(unit.subjects(), "huying.dispatch.v1.*.420102.DEP-yuanlin");
    for name in ["420102", "-x", "420102-", "x-y", "420102-a.b", "420102-*", "../420102-a"] {
        assert_eq!(Unit::named(name), None, "{name}");
    }
    let services = services::ALL.iter().map(|service| {
        let roots = service.roots.iter().map(|root| (*root).to_owned());
        (rights::of_service(service), roots.chain([anchor::root(service.name)]).collect::<Vec<String>>())
    });
    let others = [(rights::of_unit(&unit), Vec::new()), (rights::of_operator(), Vec::new())];
    for (rights, roots) in services.chain(others) {
        for subject in &rights.publish {
            assert!(
                subject.starts_with("$JS.A")
                    || roots.iter().any(|root| *subject == format!("huying.{root}.v1.>")),
                "{subject}"
            );
            for never in ["PURGE", "MSG.DELETE", "RESTORE", "STREAM.UPDATE", "STREAM.DELETE", "SNAPSHOT"] {
                assert!(!subject.contains(never), "{subject}");
            }
            let own = roots.iter().any(|root| subject.ends_with(&format!(".{}", Bus::stream_name(root))));
            assert!(!subject.starts_with("$JS.API.STREAM.CREATE.") || own, "{subject}");
        }
        assert!(
            rights.subscribe.iter().all(|subject| subject.starts_with("_INBOX.") && subject != "_INBOX.>")
        );
    }
}
