//! The ways to log in to NATS that operators have, each against a server that asks for it; and what is said where a file is not right.

use std::fs;
use std::path::PathBuf;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use huying_chassis::bus::{Bus, NatsAddress};
use huying_chassis::config::NatsConfig;
use huying_embedded::{Accounts, Nats, beside_streams};
use huying_testing::{Bench, database, pki::Pki};
use nkeys::KeyPair;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::bench::{bus, published_all, started_with};
use super::tally::open;

/// A server of these users, over TLS where it is told so.
async fn server(users: Vec<Value>, tls: Option<Value>) -> Bench {
    let mut bench = Bench::new().await;
    let more = tls.into_iter().map(|tls| ("tls".to_owned(), tls)).collect();
    let (dir, accounts) = (bench.dir.path().join("asks"), beside_streams(users));
    bench.nats = Nats::start_for_all(&dir, accounts, more).await.unwrap();
    bench
}

/// A file with a secret and the end of a line, as people write them.
fn file(dir: &TempDir, name: &str, text: &str) -> Option<PathBuf> {
    let path = dir.path().join(name);
    fs::write(&path, format!("{text}\n")).unwrap();
    Some(path)
}

/// A service that logs in so gets its events out.
async fn gets_in(bench: &Bench, nats: NatsConfig, see: Bus) {
    let owner = started_with(bench, &database().await, &bench.nats.address(), nats).await;
    owner.append(open().0).await;
    published_all(&see, 1).await;
    owner.end().await;
}

#[tokio::test]
async fn it_logs_in_with_an_nkey() {
    let pair = KeyPair::new_user();
    let bench = server(vec![json!({ "nkey": pair.public_key() })], None).await;
    let key_file = file(&bench.dir, "tally.nk", &pair.seed().unwrap());
    let see = bus(&bench).await;
    gets_in(&bench, NatsConfig { key_file, ..NatsConfig::default() }, see).await;
}

#[tokio::test]
async fn it_logs_in_with_a_password_from_a_file() {
    let bench = server(vec![json!({ "user": "tally", "password": "p@ss: w/rd" })], None).await;
    let password_file = file(&bench.dir, "password", "p@ss: w/rd");
    let nats = NatsConfig { user: Some("tally".to_owned()), password_file, ..NatsConfig::default() };
    let see = bus(&bench).await;
    gets_in(&bench, nats, see).await;
}

/// The server asks for a certificate too, and lets in nobody without.
#[tokio::test]
async fn it_speaks_tls_and_shows_its_certificate() {
    let pki = Pki::new();
    let (server_file, server_key) = pki.certificate("nats", &["127.0.0.1"]);
    let (client_file, client_key) = pki.certificate("tally", &["tally"]);
    let tls =
        json!({ "cert_file": server_file, "key_file": server_key, "ca_file": pki.ca(), "verify": true });
    let bench = server(vec![json!({ "user": "tally", "password": "secret" })], Some(tls)).await;
    let nats = NatsConfig {
        user: Some("tally".to_owned()),
        password_file: file(&bench.dir, "password", "secret"),
        ca_file: Some(pki.ca()),
        certificate_file: Some(client_file),
        certificate_key_file: Some(client_key),
        ..NatsConfig::default()
    };
    let see = NatsConfig { user: None, password_file: None, ..nats.clone() };
    let see = Bus::open(&bench.nats.url(), &see, "test").await.unwrap();
    gets_in(&bench, nats.clone(), see).await;

    let address = NatsAddress::parse(&bench.nats.address()).unwrap();
    let stranger = NatsConfig { certificate_file: None, certificate_key_file: None, ..nats };
    assert!(address.options_with(&stranger).unwrap().connect(address.servers()).await.is_err());
}

#[test]
fn a_file_that_is_not_right_is_named_and_not_shown() {
    let dir = tempfile::tempdir().unwrap();
    let address = NatsAddress::parse("nats://one:4222").unwrap();
    let bad = file(&dir, "bad", "hunter2");
    let empty = file(&dir, "empty", "");
    let gone = Some(dir.path().join("gone"));
    let none = NatsConfig::default;
    for (nats, name) in [
        (NatsConfig { key_file: bad.clone(), ..none() }, "bad"),
        (NatsConfig { key_file: gone.clone(), ..none() }, "gone"),
        (NatsConfig { credentials_file: bad.clone(), ..none() }, "bad"),
        (NatsConfig { user: Some("u".to_owned()), password_file: empty, ..none() }, "empty"),
        (NatsConfig { ca_file: gone.clone(), ..none() }, "gone"),
        (NatsConfig { certificate_file: bad, certificate_key_file: gone, ..none() }, "gone"),
    ] {
        let told = format!("{:#}", address.options_with(&nats).unwrap_err());
        assert!(told.contains(name) && !told.contains("hunter2"), "{told}");
    }
}

/// What NATS believes of somebody, in a JWT of its own kind: signed by who vouches for them.
fn vouched(by: &KeyPair, whom: &KeyPair, nats: &Value) -> String {
    let encoded = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
    let (issuer, subject) = (by.public_key(), whom.public_key());
    let claims =
        json!({ "jti": "1", "iat": 1, "iss": issuer, "sub": subject, "name": "tally", "nats": nats });
    let signed = format!("{}.{}", encoded(&json!({ "typ": "JWT", "alg": "ed25519-nkey" })), encoded(&claims));
    let signature = by.sign(signed.as_bytes()).unwrap();
    format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

/// A `.creds` file as `nsc` writes it: a JWT, and the seed.
fn credentials(dir: &TempDir, name: &str, jwt: &str, user: &KeyPair) -> Option<PathBuf> {
    let seed = user.seed().unwrap();
    let text = format!(
        "-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n\
         -----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
    );
    file(dir, name, &text)
}

/// The server knows an operator's key and an account that it vouches for, and no user.
#[tokio::test]
async fn it_logs_in_with_a_credentials_file() {
    let dir = tempfile::tempdir().unwrap();
    let (operator, account, user) = (KeyPair::new_operator(), KeyPair::new_account(), KeyPair::new_user());
    let limits = json!({ "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": true, "conn": -1, "leaf": -1 });
    let known = vouched(&operator, &account, &json!({ "type": "account", "version": 2, "limits": limits }));
    let more = json!({
        "accounts": {},
        // Streams would want an account of the system's too.
        "jetstream": false,
        "trusted_keys": [operator.public_key()],
        "resolver": "MEMORY",
        "resolver_preload": { (account.public_key()): known },
    });
    let more = more.as_object().unwrap().clone();
    let nats = Nats::start_for_all(&dir.path().join("nats"), Accounts::new(), more).await.unwrap();
    let login = async |by: &KeyPair, name: &str| {
        let of_user = json!({ "type": "user", "version": 2, "subs": -1, "data": -1, "payload": -1 });
        let credentials_file = credentials(&dir, name, &vouched(by, &user, &of_user), &user);
        let address = NatsAddress::parse(&nats.address()).unwrap();
        let options = address.options_with(&NatsConfig { credentials_file, ..NatsConfig::default() });
        options.unwrap().connect(address.servers()).await.map(drop).map_err(|refused| refused.kind())
    };
    assert_eq!(login(&account, "known.creds").await, Ok(()));
    let stranger = login(&KeyPair::new_account(), "stranger.creds").await;
    assert_eq!(stranger, Err(async_nats::ConnectErrorKind::AuthorizationViolation));
}
