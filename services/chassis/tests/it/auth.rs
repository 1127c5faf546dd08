//! Every way a token is refused, each with its reason; keys that change; the access table.

use std::fs;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::auth::{
    Authenticator, Claims, Issuer, Reach, Role, TokenSource, check_complete, declared,
};
use huying_chassis::clock::system_now;
use huying_chassis::config::AuthConfig;
use huying_proto::access::{ACCESS, Access};
use huying_proto::common::v1 as pb;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::probe::{self, DESCRIPTOR};

pub struct House {
    pub folder: TempDir,
    pub issuer: Issuer,
    pub authenticator: Authenticator,
}

pub fn config(folder: &TempDir) -> AuthConfig {
    AuthConfig { jwks_file: Some(folder.path().join("issuer.jwks.json")), ..AuthConfig::default() }
}

/// An issuer, and someone who knows only its public half and looks at it each time.
pub fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let issuer = Issuer::open_or_create(&folder.path().join("issuer.pem"), "huying", "huying").unwrap();
    let authenticator = Authenticator::looking_every(&config(&folder), Duration::ZERO).unwrap();
    House { folder, issuer, authenticator }
}

/// The issuer of a house once more.
pub fn house_of(folder: &TempDir) -> Issuer {
    Issuer::open(&folder.path().join("issuer.pem"), "huying", "huying").unwrap()
}

pub fn officer() -> Claims {
    Claims::new("officer-1", [Role::Officer]).unit("wuhan-grid").area("420102001")
}

pub fn body(now: DateTime<Utc>) -> Value {
    json!({
        "iss": "huying", "aud": "huying", "sub": "officer-1", "roles": ["officer"],
        "iat": now.timestamp(), "exp": (now + TimeDelta::minutes(10)).timestamp(),
    })
}

pub fn refused(house: &House, token: &str) -> String {
    house.authenticator.verify(token).expect_err("it was taken").reason().to_owned()
}

#[test]
fn a_good_token_says_who_calls() {
    let house = house();
    let token = house.issuer.mint(&officer(), Duration::from_secs(60)).unwrap();
    let caller = house.authenticator.verify(&token).unwrap();
    assert_eq!(caller.subject, "officer-1");
    assert!(caller.has(Role::Officer) && !caller.has(Role::Desk));
    assert_eq!(caller.reach, Reach::parse(Some("420102001"), Some("wuhan-grid")).unwrap());
    assert!(caller.token_id.is_some());
    assert_eq!(house.authenticator.verify(&token).unwrap(), caller, "remembered");
}

#[test]
fn a_name_is_kept_and_one_that_cannot_be_refuses_nobody() {
    let house = house();
    let named = |name: Value| {
        let mut body = body(system_now());
        body["name"] = name;
        house.authenticator.verify(&house.issuer.sign(&body).unwrap()).unwrap().name.clone()
    };
    assert_eq!(named(json!(" 王秀英 ")).as_deref(), Some("王秀英"));
    assert_eq!(named(json!("名".repeat(64))), Some("名".repeat(64)));
    for none in [json!(""), json!("名".repeat(65)), json!("a\u{7}b"), json!("a\nb"), json!(7), Value::Null] {
        assert_eq!(named(none.clone()), None, "{none}");
    }
    let token = house.issuer.mint(&officer().name("王秀英"), Duration::from_secs(60)).unwrap();
    assert_eq!(house.authenticator.verify(&token).unwrap().name.as_deref(), Some("王秀英"));
}

#[test]
fn roles_of_others_give_nothing() {
    let house = house();
    let mut body = body(system_now());
    body["roles"] = json!(["admin", "desk", "root"]);
    let caller = house.authenticator.verify(&house.issuer.sign(&body).unwrap()).unwrap();
    assert_eq!(caller.roles.names(), ["desk"]);
}

trait Names {
    fn names(&self) -> Vec<&'static str>;
}

impl Names for std::collections::BTreeSet<Role> {
    fn names(&self) -> Vec<&'static str> {
        self.iter().map(|role| role.name()).collect()
    }
}

#[test]
fn attack_08_an_expired_token_has_its_own_reason() {
    let house = house();
    let now = system_now();
    let expired = |ago: i64| {
        house
            .issuer
            .mint_between(&officer(), now - TimeDelta::minutes(10), now - TimeDelta::seconds(ago))
            .unwrap()
    };
    assert_eq!(refused(&house, &expired(40)), "TOKEN_EXPIRED");
    assert!(house.authenticator.verify(&expired(5)).is_ok(), "inside the leeway");
}

#[test]
fn attack_05_27_28_what_is_not_right_is_invalid() {
    let house = house();
    let now = system_now();
    let with = |name: &str, value: Value| {
        let mut body = body(now);
        body[name] = value;
        house.issuer.sign(&body).unwrap()
    };
    let without = |name: &str| {
        let mut body = body(now);
        body.as_object_mut().unwrap().remove(name);
        house.issuer.sign(&body).unwrap()
    };
    for token in [
        with("iss", json!("someone")),
        with("aud", json!("another")),
        with("nbf", json!((now + TimeDelta::minutes(5)).timestamp())),
        with("sub", json!("")),
        with("area", json!("4".repeat(300))),
        with("area", json!("")),
        with("area", json!("42010")),
        with("area", json!("4201%_")),
        with("area", json!("%")),
        with("area", json!("_")),
        with("area", json!("33/../44")),
        with("area", json!("../44")),
        with("unit", json!("DEP-chengguan")),
        without("sub"),
        "not.a.token".to_owned(),
        String::new(),
        "x".repeat(9_000),
    ] {
        assert_eq!(refused(&house, &token), "TOKEN_INVALID", "{token}");
    }
}

#[test]
fn attack_04_a_token_by_another_key_or_issuer_is_invalid() {
    let (house, other) = (house(), self::house());
    let token = other.issuer.mint(&officer(), Duration::from_secs(60)).unwrap();
    assert_eq!(refused(&house, &token), "TOKEN_INVALID");
}

#[test]
fn attack_02_03_the_algorithm_is_the_keys_not_the_tokens() {
    let house = house();
    let public = serde_json::from_str::<Value>(&house.issuer.jwks()).unwrap();
    // The old trick: sign with the public key as if it were a shared secret; and no signature at all.
    let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
    header.kid = public["keys"][0]["kid"].as_str().map(str::to_owned);
    let secret = jsonwebtoken::EncodingKey::from_secret(public["keys"][0]["x"].as_str().unwrap().as_bytes());
    let token = jsonwebtoken::encode(&header, &body(system_now()), &secret).unwrap();
    assert_eq!(refused(&house, &token), "TOKEN_INVALID");

    let good = house.issuer.mint(&officer(), Duration::from_secs(60)).unwrap();
    let (rest, _) = good.rsplit_once('.').unwrap();
    assert_eq!(refused(&house, &format!("{rest}.")), "TOKEN_INVALID");
    // `{"alg":"none","typ":"JWT"}`
    let (_, body) = rest.split_once('.').unwrap();
    let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}.");
    assert_eq!(refused(&house, &none), "TOKEN_INVALID");
}

#[test]
fn new_keys_are_read_and_old_tokens_forgotten() {
    let house = house();
    let old = house.issuer.mint(&officer(), Duration::from_secs(60)).unwrap();
    house.authenticator.verify(&old).unwrap();
    let next = Issuer::open_or_create(&house.folder.path().join("next.pem"), "huying", "huying").unwrap();
    let new = next.mint(&officer(), Duration::from_secs(60)).unwrap();
    assert_eq!(refused(&house, &new), "TOKEN_INVALID");

    fs::write(house.folder.path().join("issuer.jwks.json"), "broken").unwrap();
    assert!(house.authenticator.verify(&old).is_ok(), "unusable new keys change nothing");

    fs::rename(next.jwks_file(), house.folder.path().join("issuer.jwks.json")).unwrap();
    house.authenticator.verify(&new).unwrap();
    assert_eq!(refused(&house, &old), "TOKEN_INVALID");
}

#[test]
fn the_key_is_made_once_and_only_its_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys/issuer.pem");
    let first = Issuer::open_or_create(&file, "huying", "huying").unwrap();
    let second = Issuer::open_or_create(&file, "huying", "huying").unwrap();
    assert_eq!(first.jwks(), second.jwks());
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(
        fs::read_dir(file.parent().unwrap()).unwrap().count(),
        2,
        "the key and its JWKS, nothing left over"
    );
}

#[test]
fn a_service_has_a_token_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let local =
        AuthConfig { jwks_file: None, key_file: Some(folder.path().join("issuer.pem")), ..config(&folder) };
    let header = TokenSource::new("routing", &local).unwrap().header().unwrap();
    assert!(header.is_sensitive());
    let caller = Authenticator::new(&local).unwrap().verify_header(Some(&header)).unwrap();
    assert_eq!(caller.subject, "service:routing");
    assert!(caller.has(Role::Service));

    let file = folder.path().join("token");
    fs::write(&file, "abc\n").unwrap();
    let given = AuthConfig { token_file: Some(file), ..config(&folder) };
    assert_eq!(TokenSource::new("routing", &given).unwrap().header().unwrap(), "Bearer abc");
}

/// A platform's token that names the role of a service by mistake: it passes as the platform that it is, and as nothing more.
#[test]
fn only_a_service_has_the_role_of_one() {
    let house = house();
    let caller = |claims: &Claims| {
        let token = house.issuer.mint(claims, Duration::from_secs(60)).unwrap();
        house.authenticator.verify(&token).unwrap()
    };
    let platform = caller(&Claims::new("platform:app", [Role::Platform, Role::Service]).area("420102"));
    assert!(platform.has(Role::Platform) && !platform.has(Role::Service));
    assert!(!platform.has_any(&[Role::Service, Role::Desk]));
    assert_eq!(platform.service(), None);
    let service = caller(&Claims::service("routing"));
    assert!(service.has(Role::Service) && service.service() == Some("routing"));
}

#[test]
fn a_header_must_be_a_bearer_token() {
    let house = house();
    let reason = |header: Option<&str>| {
        let header = header.map(|text| http::HeaderValue::from_str(text).unwrap());
        house.authenticator.verify_header(header.as_ref()).unwrap_err().reason().to_owned()
    };
    assert_eq!(reason(None), "TOKEN_MISSING");
    assert_eq!(reason(Some("Basic abc")), "TOKEN_INVALID");
    assert_eq!(reason(Some("Bearer")), "TOKEN_INVALID");
}

#[test]
fn the_access_table_must_be_whole() {
    assert_eq!(check_complete(probe::ACCESS, DESCRIPTOR.as_slice(), &[]), Ok(()));
    assert_eq!(check_complete(probe::ACCESS, DESCRIPTOR.as_slice(), &[probe::NAME]), Ok(()));

    let mut table = probe::ACCESS.to_vec();
    let echo = table.remove(0);
    let wrong = |table: &[Access]| check_complete(table, DESCRIPTOR.as_slice(), &[]).unwrap_err().join("; ");
    assert_eq!(wrong(&table), "/test.v1.Probe/Echo has no entry");
    table.extend([echo, echo]);
    assert_eq!(wrong(&table), "/test.v1.Probe/Echo has two entries");
    table.pop();
    table.push(Access::anyone("/test.v1.Probe/Gone"));
    assert!(wrong(&table).contains("/test.v1.Probe/Gone has an entry but is no RPC"));
    table.pop();
    table.pop();
    for streams in [echo.streaming(), echo.client_streaming()] {
        table.push(streams);
        assert!(wrong(&table).contains("(client_streaming, streaming) must be (false, false)"));
        table.pop();
    }

    let unknown =
        check_complete(probe::ACCESS, DESCRIPTOR.as_slice(), &[probe::NAME, "test.v1.Other"]).unwrap_err();
    assert_eq!(unknown, ["test.v1.Other is served but not in the descriptor"]);
}

#[test]
fn the_contracts_make_a_whole_table_of_what_is_served() {
    let log = huying_chassis::log_service::NAME;
    let table = declared(&[log]);
    assert_eq!(check_complete(&table, huying_proto::DESCRIPTORS, &[log]), Ok(()));
    assert!(
        table.len() >= 8 && table.iter().all(|entry| entry.method.starts_with("/huying.log.v1.LogService/"))
    );
    assert_eq!(check_complete(ACCESS, huying_proto::DESCRIPTORS, &[]), Ok(()));
}

#[test]
fn every_role_of_the_contracts_is_one_of_a_token() {
    let named = (1..).map_while(|number| pb::Role::try_from(number).ok());
    let names: Vec<String> =
        named.map(|role| role.as_str_name().trim_start_matches("ROLE_").to_lowercase()).collect();
    let roles: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
    assert_eq!(names, roles);
    assert!(Role::ALL.iter().copied().all(|role| Role::among(&[role.declared()]).eq([role])));
    assert!(Role::among(&[pb::Role::Unspecified]).next().is_none());
}
