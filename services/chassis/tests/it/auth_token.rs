//! What a token must say, each attack with a token that is right in all else.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use huying_chassis::auth::{Authenticator, Claims, Lives, Role, TokenSource};
use huying_chassis::clock::system_now;
use huying_chassis::config::{AuthConfig, ClaimNames};
use huying_chassis::status::Problem;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::auth::{House, body, config, house, officer, refused};
use crate::probe::{limits, start};

impl House {
    fn with(&self, name: &str, value: Value) -> String {
        let mut body = body(system_now());
        body[name] = value;
        self.issuer.sign(&body).unwrap()
    }

    fn without(&self, name: &str) -> String {
        let mut body = body(system_now());
        body.as_object_mut().unwrap().remove(name);
        self.issuer.sign(&body).unwrap()
    }

    /// A good body under a header of our choice.
    fn headed(&self, header: &Header) -> String {
        let key = std::fs::read(self.folder.path().join("issuer.pem")).unwrap();
        let key = EncodingKey::from_ed_pem(&key).unwrap();
        let mut header = header.clone();
        let jwks: Value = serde_json::from_str(&self.issuer.jwks()).unwrap();
        header.kid = jwks["keys"][0]["kid"].as_str().map(str::to_owned);
        jsonwebtoken::encode(&header, &body(system_now()), &key).unwrap()
    }

    fn takes(&self, token: &str) {
        if let Err(problem) = self.authenticator.verify(token) {
            panic!("{problem}");
        }
    }
}

#[test]
fn attack_06_07_09_a_token_says_for_whom_by_whom_and_until_when() {
    let house = house();
    house.takes(&house.with("iat", json!(system_now().timestamp())));
    for absent in ["aud", "iss", "exp", "iat"] {
        assert_eq!(refused(&house, &house.without(absent)), "TOKEN_INVALID", "{absent}");
        assert_eq!(refused(&house, &house.with(absent, Value::Null)), "TOKEN_INVALID", "{absent}");
    }
}

#[test]
fn attack_10_a_token_of_the_future_is_refused_and_one_without_nbf_is_not() {
    let house = house();
    let at = |seconds: i64| json!((system_now() + TimeDelta::seconds(seconds)).timestamp());
    house.takes(&house.without("nbf"));
    house.takes(&house.with("nbf", at(10)));
    assert_eq!(refused(&house, &house.with("nbf", at(60))), "TOKEN_INVALID");
    assert_eq!(refused(&house, &house.with("nbf", json!("soon"))), "TOKEN_INVALID");
    assert_eq!(refused(&house, &house.with("iat", at(60))), "TOKEN_INVALID", "its life would seem shorter");
}

#[test]
fn attack_11_an_id_token_is_no_access_token() {
    let house = house();
    let typed = |typ: Option<&str>| {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = typ.map(str::to_owned);
        house.headed(&header)
    };
    for access in [None, Some("JWT"), Some("jwt"), Some("at+jwt"), Some("application/at+JWT")] {
        house.takes(&typed(access));
    }
    for other in ["ID", "id+jwt", "logout+jwt", "dpop+jwt", "refresh", ""] {
        assert_eq!(refused(&house, &typed(Some(other))), "TOKEN_INVALID", "{other}");
    }
    house.takes(&house.with("typ", json!("Bearer")));
    house.takes(&house.with("token_use", json!("access")));
    for (claim, value) in [
        ("typ", json!("ID")),
        ("typ", json!("Refresh")),
        ("typ", json!(["Bearer"])),
        ("token_use", json!("id")),
        ("at_hash", json!("MTIzNDU2Nzg5MDEyMzQ1Ng")),
        ("c_hash", json!("x")),
        ("nonce", json!("n-0S6")),
        ("events", json!({})),
    ] {
        assert_eq!(refused(&house, &house.with(claim, value)), "TOKEN_INVALID", "{claim}");
    }
    // Some issuers put the nonce into access tokens too, which say what they are.
    let mut both = body(system_now());
    (both["nonce"], both["typ"]) = (json!("n-0S6"), json!("Bearer"));
    house.takes(&house.issuer.sign(&both).unwrap());
}

#[test]
fn attack_12_a_key_that_a_token_brings_is_nobodys() {
    let (house, other) = (house(), crate::auth::house());
    let jwk = serde_json::from_str::<Value>(&other.issuer.jwks()).unwrap()["keys"][0].clone();
    let of = |change: fn(&mut Header, Value)| {
        let mut header = Header::new(Algorithm::EdDSA);
        change(&mut header, jwk.clone());
        header
    };
    for header in [
        of(|header, _| header.jku = Some("http://127.0.0.1:1/jwks".to_owned())),
        of(|header, _| header.x5u = Some("http://127.0.0.1:1/cert".to_owned())),
        of(|header, jwk| header.jwk = serde_json::from_value(jwk).unwrap()),
    ] {
        // By the attacker's key under our key's name, and under its own; and a token of ours that says so.
        assert_eq!(refused(&house, &house.headed(&header)), "TOKEN_INVALID", "{header:?}");
        let mut named = header.clone();
        let ours: Value = serde_json::from_str(&house.issuer.jwks()).unwrap();
        named.kid = ours["keys"][0]["kid"].as_str().map(str::to_owned);
        let pem = std::fs::read(other.folder.path().join("issuer.pem")).unwrap();
        let key = EncodingKey::from_ed_pem(&pem).unwrap();
        let token = jsonwebtoken::encode(&named, &body(system_now()), &key).unwrap();
        assert_eq!(refused(&house, &token), "TOKEN_INVALID");
        assert_eq!(refused(&house, &other.headed(&header)), "TOKEN_INVALID");
    }
}

#[test]
fn attack_16_a_payload_that_was_changed_or_is_not_signed_is_refused() {
    let house = house();
    let token = house.issuer.mint(&officer(), Duration::from_secs(60)).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let mut said: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    said["roles"] = json!(["operator"]);
    let changed = URL_SAFE_NO_PAD.encode(said.to_string());
    for wrong in [
        format!("{}.{changed}.{}", parts[0], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{changed}.{}", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), parts[2]),
    ] {
        assert_eq!(refused(&house, &wrong), "TOKEN_INVALID", "{wrong}");
    }
}

async fn admitted(house: &House, values: &[String]) -> Result<(), Problem> {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
    }
    house.authenticator.admit(&headers).await.map(drop)
}

#[tokio::test]
async fn attack_17_two_tokens_are_none() {
    let house = house();
    let good = format!("Bearer {}", house.issuer.mint(&officer(), Duration::from_secs(60)).unwrap());
    admitted(&house, std::slice::from_ref(&good)).await.unwrap();
    for several in [
        vec![good.clone(), good.clone()],
        vec![good.clone(), "Bearer x".to_owned()],
        vec!["Basic x".to_owned(), good.clone()],
        vec![format!("{good}, {good}")],
    ] {
        assert_eq!(admitted(&house, &several).await.unwrap_err().reason(), "TOKEN_INVALID");
    }
    assert_eq!(admitted(&house, &[]).await.unwrap_err().reason(), "TOKEN_MISSING");

    // And through a server.
    let server = start(limits()).await;
    let mut request = tonic::Request::new(String::new());
    for _ in 0..2 {
        let token = format!("Bearer {}", server.token(Role::Desk));
        request.metadata_mut().append("authorization", token.parse().unwrap());
    }
    let refused = crate::probe::unary(server.channel().await, "Who", request).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::Unauthenticated);
}

/// What a life of these roles in seconds is worth.
fn of_life(house: &House, roles: &[Role], seconds: i64) -> Result<(), String> {
    let (now, claims) = (system_now(), Claims::new("someone", roles.iter().copied()));
    let token = house.issuer.mint_between(&claims, now, now + TimeDelta::seconds(seconds)).unwrap();
    house.authenticator.verify(&token).map(drop).map_err(|problem| problem.reason().to_owned())
}

#[test]
fn a_token_lives_no_longer_than_its_roles_may() {
    let house = house();
    for role in Role::ALL.iter().copied() {
        let most = if matches!(role, Role::Platform | Role::Service) { 3600 } else { 900 };
        assert_eq!(of_life(&house, &[role], most), Ok(()), "{role:?}");
        assert_eq!(of_life(&house, &[role], most + 1), Err("TOKEN_INVALID".to_owned()), "{role:?}");
    }
    assert_eq!(of_life(&house, &[Role::Service, Role::Desk], 900), Ok(()));
    assert!(of_life(&house, &[Role::Service, Role::Desk], 901).is_err(), "the shorter one");
    assert!(of_life(&house, &[], 901).is_err(), "of nobody we know");
    // Valid from then on, issued long before: what counts is how long it could lie about.
    let (now, mut old) = (system_now(), body(system_now()));
    (old["iat"], old["nbf"]) = (json!((now - TimeDelta::hours(1)).timestamp()), json!(now.timestamp()));
    assert_eq!(refused(&house, &house.issuer.sign(&old).unwrap()), "TOKEN_INVALID");
}

#[test]
fn only_a_local_issuer_may_give_longer_lives() {
    let mut house = house();
    let key = Some(house.folder.path().join("issuer.pem"));
    let local = |key_file, local_life_s| AuthConfig {
        jwks_file: None,
        key_file,
        local_life_s,
        ..config(&house.folder)
    };
    let (long, usual) = (local(key.clone(), 28_800), local(key.clone(), 0));
    // The issuer that is read from a file gets none of it.
    let other = tempfile::tempdir().unwrap();
    let both = AuthConfig {
        jwks_file: Some(house.folder.path().join("issuer.jwks.json")),
        key_file: Some(other.path().join("issuer.pem")),
        ..long.clone()
    };
    for (config, fits, too_long) in [(long, 28_800, 28_801), (usual, 900, 901), (both, 900, 901)] {
        house.authenticator = Authenticator::new(&config).unwrap();
        assert_eq!(of_life(&house, &[Role::Desk], fits), Ok(()));
        assert!(of_life(&house, &[Role::Desk], too_long).is_err());
    }
}

#[test]
fn what_we_mint_for_ourselves_obeys_the_settings() {
    let mut house = house();
    for (service_life_s, local_life_s) in [(3600, 0), (120, 0), (3600, 28_800), (3600, 60)] {
        let key_file = Some(house.folder.path().join("issuer.pem"));
        let local =
            AuthConfig { jwks_file: None, key_file, service_life_s, local_life_s, ..config(&house.folder) };
        house.authenticator = Authenticator::new(&local).unwrap();
        let header = TokenSource::new("routing", &local).unwrap().header().unwrap();
        house.authenticator.verify_header(Some(&header)).unwrap();
    }
    // An operator's command knows no settings and keeps to the usual.
    house.authenticator = Authenticator::new(&config(&house.folder)).unwrap();
    for role in Role::ALL.iter().copied() {
        let issuer = crate::auth::house_of(&house.folder);
        let header = TokenSource::minted(issuer, Claims::new("someone", [role])).header().unwrap();
        house.authenticator.verify_header(Some(&header)).unwrap();
    }
    assert_eq!(Lives::default().of(&[Role::Leader].into()), Duration::from_secs(900));
}

#[test]
fn claims_have_the_names_that_the_issuer_gives_them() {
    let mut house = house();
    let claims = ClaimNames {
        subject: "preferred_username".to_owned(),
        roles: "realm_access.roles".to_owned(),
        area: "huying.area".to_owned(),
        ..ClaimNames::default()
    };
    house.authenticator = Authenticator::new(&AuthConfig { claims, ..config(&house.folder) }).unwrap();
    let mut said = body(system_now());
    said.as_object_mut().unwrap().remove("sub");
    (said["preferred_username"], said["realm_access"]) =
        (json!("wangxiuying"), json!({"roles": ["desk", "default-roles-huying"]}));
    (said["huying"], said["area"]) = (json!({"area": ["420102"]}), json!("city"));
    let caller = house.authenticator.verify(&house.issuer.sign(&said).unwrap()).unwrap();
    assert_eq!(caller.subject, "wangxiuying");
    assert!(caller.has(Role::Desk) && !caller.has(Role::Officer), "the claim of the old name says nothing");
    assert!(caller.reach.governs("420102") && !caller.reach.governs("420103"), "nor that of the area");
}
