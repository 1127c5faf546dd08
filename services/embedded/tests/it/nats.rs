//! nats-server: bounds, same port again, wiped only when stopped.

use std::os::unix::fs::PermissionsExt;

use crate::support::{greeting, open_dir};
use huying_embedded::{Accounts, Error, Nats, beside_streams};

#[tokio::test]
async fn it_listens_on_loopback_with_jetstream_and_a_bounded_payload() {
    let dir = open_dir();
    let nats = Nats::start(dir.path()).await.unwrap();
    assert!(nats.port() < 32768);
    assert_eq!(nats.address(), format!("nats://127.0.0.1:{}", nats.port()));
    let info = greeting(&nats);
    assert_eq!(info["jetstream"], true);
    assert_eq!(info["max_payload"], 1024 * 1024);
    assert_eq!(info["host"], "127.0.0.1");
    nats.stop().await.unwrap();
    assert!(!nats.is_running());
}

/// In a power cut it loses nothing that it acknowledged. It refuses to start with a setting it does not know, so what is written holds.
#[tokio::test]
async fn a_running_server_syncs_before_it_acknowledges() {
    let dir = open_dir();
    let nats = Nats::start(dir.path()).await.unwrap();
    assert!(nats.is_running());
    let settings = std::fs::read(dir.path().join("nats.json")).unwrap();
    let settings: serde_json::Value = serde_json::from_slice(&settings).unwrap();
    assert_eq!(settings["jetstream"]["sync_interval"], "always");
}

#[tokio::test]
async fn killed_wiped_and_started_again_it_has_the_same_port_and_an_empty_store() {
    let dir = open_dir();
    let nats = Nats::start(dir.path()).await.unwrap();
    let (port, pid) = (nats.port(), nats.pid());
    assert!(matches!(nats.wipe(), Err(Error::StillRunning { .. })));
    let kept = dir.path().join("jetstream/kept");
    std::fs::write(&kept, "a message").unwrap();

    nats.kill().unwrap();
    assert!(!nats.is_running());
    nats.restart().await.unwrap();
    assert!(kept.exists(), "a kill alone keeps the storage");

    nats.kill().unwrap();
    nats.wipe().unwrap();
    nats.wipe().unwrap();
    nats.restart().await.unwrap();
    assert!(!kept.exists());
    assert_eq!(nats.port(), port);
    assert_ne!(nats.pid(), pid);
    assert_eq!(greeting(&nats)["jetstream"], true);
}

#[tokio::test]
async fn one_directory_serves_one_server_and_a_drop_frees_it() {
    let dir = open_dir();
    let deep = dir.path().join("with a \"quoted\" name, 汉口");
    let first = Nats::start(&deep).await.unwrap();
    assert!(matches!(Nats::start(&deep).await, Err(Error::InUse { .. })));
    drop(first);
    let second = Nats::start(&deep).await.unwrap();
    assert!(second.is_running());
}

/// nats-server takes no users for everybody; ours takes nobody without credentials then, too.
#[tokio::test]
async fn nobody_comes_in_without_credentials() {
    let dir = open_dir();
    let one = serde_json::json!({ "user": "one", "password": "secret" });
    for accounts in [Accounts::new(), beside_streams(vec![one])] {
        let nats = Nats::start_for(dir.path(), accounts).await.unwrap();
        assert_eq!(greeting(&nats)["auth_required"], true);
        nats.stop().await.unwrap();
        drop(nats);
    }
    let nats = Nats::start(dir.path()).await.unwrap();
    assert_eq!(greeting(&nats)["auth_required"], true);
    for file in ["password", "nats.json"] {
        let mode = std::fs::metadata(dir.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let password = std::fs::read_to_string(dir.path().join("password")).unwrap();
    assert!(password.len() >= 32 && nats.url().contains(&password));
}
