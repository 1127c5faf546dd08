//! The issuer's keys behind an address: an issuer of our own on loopback, which counts how often it is asked.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header::LOCATION};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use huying_chassis::auth::{Authenticator, Issuer, Pace};
use huying_chassis::clock::system_now;
use huying_chassis::config::AuthConfig;
use huying_chassis::server::admin::Readiness;
use huying_chassis::shutdown::Shutdown;
use huying_chassis::tls::{Port, Secure};
use huying_testing::{eventually, pki::Pki};
use serde_json::json;
use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

use crate::auth::officer;

/// What is answered at a path: a status, and a text that is the address to go to where it is a redirect.
type Pages = Arc<Mutex<HashMap<String, (u16, String)>>>;

#[derive(Clone)]
struct City {
    pages: Pages,
    asked: Arc<AtomicUsize>,
}

/// An issuer's server, and two keys of it.
struct Town {
    city: City,
    url: String,
    first: Issuer,
    second: Issuer,
    _folder: TempDir,
}

async fn page(State(city): State<City>, uri: Uri) -> Response {
    city.asked.fetch_add(1, Ordering::SeqCst);
    let page = city.pages.lock().unwrap().get(uri.path()).cloned();
    let (status, text) = page.unwrap_or((404, String::new()));
    let status = StatusCode::from_u16(status).unwrap();
    if status.is_redirection() {
        (status, [(LOCATION, text)]).into_response()
    } else {
        (status, text).into_response()
    }
}

impl Town {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let city = City { pages: Arc::default(), asked: Arc::default() };
        let app = Router::new().fallback(page).with_state(city.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        let issuer = |name: &str| Issuer::open_or_create(&folder.path().join(name), &url, "huying").unwrap();
        let (first, second) = (issuer("first.pem"), issuer("second.pem"));
        let town = Self { city, url, first, second, _folder: folder };
        town.publishes(&[&town.first]);
        town
    }

    fn says(&self, path: &str, status: u16, text: impl Into<String>) {
        self.city.pages.lock().unwrap().insert(path.to_owned(), (status, text.into()));
    }

    fn publishes(&self, issuers: &[&Issuer]) {
        let keys: Vec<serde_json::Value> = issuers
            .iter()
            .map(|issuer| {
                serde_json::from_str::<serde_json::Value>(&issuer.jwks()).unwrap()["keys"][0].clone()
            })
            .collect();
        self.says("/keys", 200, json!({ "keys": keys }).to_string());
    }

    fn config(&self) -> AuthConfig {
        AuthConfig {
            issuer: self.url.clone(),
            jwks_url: Some(format!("{}/keys", self.url)),
            ..AuthConfig::default()
        }
    }

    async fn authenticator(&self, pace: Pace) -> Authenticator {
        let authenticator = Authenticator::paced(&self.config(), pace).unwrap();
        authenticator.refresh().await;
        authenticator
    }

    fn asked(&self) -> usize {
        self.city.asked.load(Ordering::SeqCst)
    }
}

/// It is not asked by itself, and for an unknown key as often as one likes.
fn at_once() -> Pace {
    Pace { unknown: Duration::ZERO, ..Pace::default() }
}

async fn is_in(authenticator: &Authenticator, issuer: &Issuer) -> bool {
    let token = issuer.mint(&officer(), Duration::from_secs(60)).unwrap();
    shows(authenticator, &token).await
}

async fn shows(authenticator: &Authenticator, token: &str) -> bool {
    let bearer = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
    let admitted = authenticator.admit(&HeaderMap::from_iter([(AUTHORIZATION, bearer)])).await;
    if let Err(problem) = &admitted {
        assert_eq!(problem.code(), tonic::Code::Unauthenticated, "{problem}");
    }
    admitted.is_ok()
}

#[tokio::test]
async fn attack_13_a_thousand_unknown_keys_ask_once() {
    let town = Town::open().await;
    let authenticator = Arc::new(town.authenticator(Pace::default()).await);
    assert_eq!(town.asked(), 1);
    let tries = (0..1000).map(|_| {
        let authenticator = Arc::clone(&authenticator);
        let token = town.second.mint(&officer(), Duration::from_secs(60)).unwrap();
        async move { shows(&authenticator, &token).await }
    });
    assert!(!futures::future::join_all(tries).await.contains(&true));
    assert_eq!(town.asked(), 2);
    for _ in 0..10 {
        assert!(!is_in(&authenticator, &town.second).await);
    }
    assert_eq!(town.asked(), 2);
    assert!(is_in(&authenticator, &town.first).await);
}

#[tokio::test]
async fn attack_12_the_address_that_a_token_names_is_not_asked() {
    let (town, attacker) = (Town::open().await, Town::open().await);
    let authenticator = town.authenticator(at_once()).await;
    let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::EdDSA);
    (header.kid, header.jku) = (Some("mine".to_owned()), Some(format!("{}/keys", attacker.url)));
    let pem = std::fs::read(attacker._folder.path().join("first.pem")).unwrap();
    let key = jsonwebtoken::EncodingKey::from_ed_pem(&pem).unwrap();
    let mut body = crate::auth::body(system_now());
    body["iss"] = json!(town.url);
    let token = jsonwebtoken::encode(&header, &body, &key).unwrap();
    assert!(!shows(&authenticator, &token).await);
    assert_eq!(attacker.asked(), 0);
}

#[tokio::test]
async fn attack_14_a_key_that_was_rotated_out_is_worth_nothing_and_the_new_one_works_at_once() {
    let town = Town::open().await;
    let authenticator = town.authenticator(Pace::default()).await;
    assert!(is_in(&authenticator, &town.first).await);
    town.publishes(&[&town.first, &town.second]);
    assert!(is_in(&authenticator, &town.second).await, "asked for because it was not known");
    assert!(is_in(&authenticator, &town.first).await);
    let verified = town.first.mint(&officer(), Duration::from_secs(60)).unwrap();
    assert!(shows(&authenticator, &verified).await);
    town.publishes(&[&town.second]);
    authenticator.refresh().await;
    assert!(!is_in(&authenticator, &town.first).await);
    assert!(!shows(&authenticator, &verified).await, "not even what was verified with it");
    assert!(is_in(&authenticator, &town.second).await);
}

#[tokio::test]
async fn attack_15_while_the_issuer_is_away_the_known_keys_stay_and_no_other_gets_in() {
    let town = Town::open().await;
    let authenticator = Arc::new(town.authenticator(at_once()).await);
    let stale = || (authenticator.gauges()[0].read)(system_now())[0].1;
    assert_eq!(stale(), 0);
    for (status, text) in [
        (500, String::new()),
        (200, "<html>maintenance</html>".to_owned()),
        (200, json!({"keys": []}).to_string()),
        (200, format!("{}{}", town.second.jwks(), " ".repeat(300_000))),
        (302, format!("{}/elsewhere", town.url)),
        (301, format!("{}/elsewhere", town.url)),
    ] {
        town.says("/elsewhere", 200, town.second.jwks());
        town.says("/keys", status, &text);
        authenticator.refresh().await;
        assert!(is_in(&authenticator, &town.first).await, "{status}");
        assert!(!is_in(&authenticator, &town.second).await, "{status}");
        assert!(stale() >= 1, "{status}");
    }
    town.publishes(&[&town.first]);
    authenticator.refresh().await;
    assert_eq!(stale(), 0);
}

#[tokio::test]
async fn without_keys_nobody_is_let_in_and_the_service_is_not_ready_until_they_come() {
    let town = Town::open().await;
    town.says("/keys", 503, "");
    let pace =
        Pace { retry: Duration::from_millis(20), unknown: Duration::from_secs(3600), ..Pace::default() };
    let authenticator = Arc::new(Authenticator::paced(&town.config(), pace).unwrap());
    let (readiness, stop) = (Readiness::new(), Shutdown::new());
    let keeping = tokio::spawn(Arc::clone(&authenticator).keep(readiness.clone(), stop.clone()));
    assert!(!is_in(&authenticator, &town.first).await);
    assert_eq!(readiness.missing(), ["issuer"]);
    town.publishes(&[&town.first]);
    readiness.ready().await;
    assert!(is_in(&authenticator, &town.first).await);
    stop.begin();
    keeping.await.unwrap();
}

#[tokio::test]
async fn an_issuer_is_asked_again_in_its_time() {
    let town = Town::open().await;
    let pace =
        Pace { refresh: Duration::from_millis(20), unknown: Duration::from_secs(3600), ..Pace::default() };
    let authenticator = Arc::new(town.authenticator(pace).await);
    let (stop, verified) = (Shutdown::new(), town.first.mint(&officer(), Duration::from_secs(60)).unwrap());
    let keeping = tokio::spawn(Arc::clone(&authenticator).keep(Readiness::new(), stop.clone()));
    assert!(shows(&authenticator, &verified).await);
    town.publishes(&[&town.second]);
    eventually("the key is gone", async || (!shows(&authenticator, &verified).await).then_some(())).await;
    stop.begin();
    keeping.await.unwrap();
}

#[tokio::test]
async fn an_issuer_describes_itself() {
    let town = Town::open().await;
    let config = AuthConfig { jwks_url: None, discover: true, ..town.config() };
    let described = |issuer: &str, keys: &str| {
        let text = json!({ "issuer": issuer, "jwks_uri": keys }).to_string();
        town.says("/.well-known/openid-configuration", 200, text);
    };
    let keys = format!("{}/keys", town.url);
    described(&town.url, &keys);
    let authenticator = Authenticator::paced(&config, at_once()).unwrap();
    assert!(is_in(&authenticator, &town.first).await, "asked for because it was not known");

    for (issuer, keys) in [
        ("https://id.example.cn", keys.as_str()),
        (&format!("{}/", town.url), &keys),
        (&town.url, "http://id.example.cn/keys"),
        (&town.url, "file:///etc/passwd"),
        (&town.url, "keys"),
    ] {
        described(issuer, keys);
        let authenticator = Authenticator::paced(&config, at_once()).unwrap();
        assert!(!is_in(&authenticator, &town.first).await, "{issuer} {keys}");
    }
}

/// Where a town publishes its keys over https, with a certificate that an authority signed.
async fn encrypted(town: &Town, pki: &Pki) -> String {
    let shown = pki.trusting("issuer", &["127.0.0.1"]);
    let secure = Secure::looking_every(&shown, Port::Admin, Duration::ZERO).unwrap().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/keys", listener.local_addr().unwrap());
    let behind = town.url.trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Whoever does not believe the certificate has hung up.
            let Ok(mut outside) = secure.accept(stream).await else { continue };
            let mut inside = TcpStream::connect(&behind).await.unwrap();
            let _ = copy_bidirectional(&mut outside, &mut inside).await;
        }
    });
    url
}

#[tokio::test]
async fn keys_over_https_come_from_whom_the_authority_has_signed_for() {
    let (town, pki) = (Town::open().await, Pki::new());
    let url = encrypted(&town, &pki).await;
    let config =
        |ca: Option<PathBuf>| AuthConfig { jwks_url: Some(url.clone()), issuer_ca_file: ca, ..town.config() };
    let other = Pki::new();
    for ca in [Some(other.ca()), None] {
        let authenticator = Authenticator::paced(&config(ca.clone()), at_once()).unwrap();
        authenticator.refresh().await;
        assert!(!is_in(&authenticator, &town.first).await, "{ca:?}");
    }
    assert_eq!(town.asked(), 0, "nothing was asked of whom nobody trusts");
    let authenticator = Authenticator::paced(&config(Some(pki.ca())), at_once()).unwrap();
    authenticator.refresh().await;
    assert!(is_in(&authenticator, &town.first).await);
    assert!(!is_in(&authenticator, &town.second).await);
    let none = Authenticator::new(&config(Some("/nowhere.pem".into()))).err().unwrap().to_string();
    assert!(none.contains("auth.issuer_ca_file /nowhere.pem"), "{none}");
}

#[tokio::test]
async fn another_authority_counts_once_it_is_moved_into_its_place() {
    let (town, pki, other) = (Town::open().await, Pki::new(), Pki::new());
    let jwks_url = Some(encrypted(&town, &pki).await);
    let config = AuthConfig { jwks_url, issuer_ca_file: Some(pki.ca()), ..town.config() };
    let pace = Pace { look: Duration::ZERO, ..at_once() };
    let authenticator = Arc::new(Authenticator::paced(&config, pace).unwrap());
    let stale = || (authenticator.gauges()[0].read)(system_now())[0].1;
    authenticator.refresh().await;
    assert_eq!(stale(), 0);

    let (certificate, key) = other.certificate("issuer", &["127.0.0.1"]);
    for renewed in [certificate, key] {
        std::fs::rename(&renewed, pki.ca().with_file_name(renewed.file_name().unwrap())).unwrap();
    }
    authenticator.refresh().await;
    assert!(stale() >= 1, "nobody whom it believes has signed that");
    std::fs::write(pki.ca(), "half of a file").unwrap();
    authenticator.refresh().await;
    assert!(stale() >= 1);
    std::fs::rename(other.ca(), pki.ca()).unwrap();
    authenticator.refresh().await;
    assert_eq!(stale(), 0, "without a restart");
    assert!(is_in(&authenticator, &town.first).await);
}

#[test]
fn keys_come_over_https_or_from_this_machine_and_in_one_way() {
    let wrong = |change: fn(&mut AuthConfig)| {
        let mut auth = AuthConfig::default();
        change(&mut auth);
        let config: huying_chassis::config::Config<huying_chassis::config::NoSettings> =
            huying_chassis::config::load("probe", "", None, []).unwrap();
        huying_chassis::config::Config { auth, ..config }.check().unwrap_err().to_string()
    };
    for url in
        ["http://id.example.cn/keys", "http://10.0.0.1/keys", "http://[::ffff:10.0.0.1]/", "ftp://x/", "x"]
    {
        let auth = AuthConfig { jwks_url: Some(url.to_owned()), ..AuthConfig::default() };
        assert!(Authenticator::new(&auth).is_err(), "{url}");
    }
    assert!(
        wrong(|auth| auth.jwks_url = Some("http://id.example.cn/keys".into()))
            .contains("auth.jwks_url must be an https address")
    );
    let secret = wrong(|auth| auth.jwks_url = Some("https://u:hunter2@id.example.cn/keys".into()));
    assert!(secret.contains("must not hold a user or a password") && !secret.contains("hunter2"), "{secret}");
    assert!(wrong(|auth| auth.discover = true).contains("auth.issuer must be an https address"));
    let both = wrong(|auth| (auth.jwks_file, auth.jwks_url) = (Some("x".into()), Some("https://x/".into())));
    assert!(both.contains("only one may be set"), "{both}");
    for (key, text) in [
        ("staff_life_s", wrong(|auth| auth.staff_life_s = 901)),
        ("staff_life_s", wrong(|auth| auth.staff_life_s = 59)),
        ("service_life_s", wrong(|auth| auth.service_life_s = 3601)),
        ("local_life_s", wrong(|auth| auth.local_life_s = 28_800)),
        ("local_life_s", wrong(|auth| (auth.key_file, auth.local_life_s) = (Some("x".into()), 2_592_001))),
        ("local_life_s", wrong(|auth| lives_long_beside(auth).jwks_file = Some("x".into()))),
        ("local_life_s", wrong(|auth| lives_long_beside(auth).jwks_url = Some("https://x/".into()))),
        ("local_life_s", wrong(|auth| lives_long_beside(auth).discover = true)),
        ("claims.roles", wrong(|auth| auth.claims.roles = String::new())),
    ] {
        assert!(text.contains(&format!("auth.{key}")), "{key}: {text}");
    }
}

/// A local issuer whose tokens live one second longer than those of people, and another one beside it.
fn lives_long_beside(auth: &mut AuthConfig) -> &mut AuthConfig {
    auth.issuer = "https://id.example.cn".to_owned();
    (auth.key_file, auth.local_life_s) = (Some("x".into()), 901);
    auth
}

#[tokio::test]
async fn an_issuer_that_never_answers_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/keys", listener.local_addr().unwrap()).parse().unwrap();
    let within = Duration::from_millis(50);
    let refused = huying_http::get(&huying_http::Way::plain(), &url, 1024, within).await.unwrap_err();
    assert!(refused.to_string().contains("in time"), "{refused}");
}
