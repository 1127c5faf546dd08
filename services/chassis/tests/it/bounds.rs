//! What comes from outside beside messages is bounded and checked: traces, page tokens, what a token says of its bearer.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, NaiveDate, Utc};
use huying_chassis::auth::{Authenticator, Claims, Issuer, Role};
use huying_chassis::config::{NoSettings, load};
use huying_chassis::page;
use huying_chassis::status::Problem;
use huying_chassis::telemetry::trace_of;
use opentelemetry::trace::TraceContextExt as _;
use serde::de::DeserializeOwned;
use tonic::Code;
use uuid::Uuid;

#[test]
fn a_trace_is_taken_in_the_standard_shape_alone() {
    const GOOD: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let taken = |text: &str| trace_of(Some(text)).has_active_span();
    assert!(taken(GOOD));
    for bad in [
        "".to_owned(),
        "00-1-1-01".to_owned(),
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1".to_owned(),
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
        "00-00000000000000000000000000000000-b7ad6b7169203331-01".to_owned(),
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01".to_owned(),
        GOOD.to_uppercase(),
        format!("{GOOD}-more"),
        format!("{GOOD}{}", "a".repeat(60_000)),
        GOOD.replace("0af7", "0a\u{202e}7"),
    ] {
        assert!(!taken(&bad), "{bad}");
    }
}

fn told<K: DeserializeOwned>(json: &str) -> Result<Option<K>, (Code, String)> {
    page::cursor(&BASE64_URL_SAFE_NO_PAD.encode(json))
        .map_err(|bad: Problem| (bad.code(), bad.reason().to_owned()))
}

#[test]
fn attack_30_a_page_token_names_a_key_that_an_item_can_have() {
    let bad = || (Code::InvalidArgument, "BAD_FIELD".to_owned());
    let id = Uuid::now_v7();
    let at = format!(r#"["2026-11-28T10:00:00.000001Z","{id}"]"#);
    assert_eq!(told::<(DateTime<Utc>, Uuid)>(&at).unwrap().unwrap().1, id);
    assert_eq!(told::<(i64, String)>(r#"[-7,"S-420102003"]"#), Ok(Some((-7, "S-420102003".to_owned()))));
    assert!(told::<NaiveDate>(r#""2026-11-28""#).is_ok_and(|day| day.is_some()));
    for year in ["+262142-01-01", "-262143-01-01", "0000-01-01", "+10000-01-01", "-0001-12-31"] {
        assert_eq!(told::<NaiveDate>(&format!(r#""{year}""#)), Err(bad()), "{year}");
        let at = format!(r#"["{year}T00:00:00Z","{id}"]"#);
        assert_eq!(told::<(DateTime<Utc>, Uuid)>(&at), Err(bad()), "{year}");
    }
    assert_eq!(told::<String>(r#""a\u0000b""#), Err(bad()), "what no column holds");
    assert_eq!(told::<i64>("9223372036854775808"), Err(bad()));
    for none in ["", "{", "null x", "[1,2,3]", r#"{"a":1}"#, "1e400"] {
        assert_eq!(
            told::<(i64, String)>(none),
            if none.is_empty() { Ok(None) } else { Err(bad()) },
            "{none}"
        );
    }
    assert_eq!(told::<String>(&format!("{:?}", "a".repeat(4000))), Err(bad()), "longer than any of ours");
    assert_eq!(page::cursor::<i64>("*no base64*").unwrap_err().code(), Code::InvalidArgument);
}

#[test]
fn a_token_says_lines_of_its_bearer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("issuer.pem");
    let key = ("HUYING_PROBE__AUTH__KEY_FILE".to_owned(), path.display().to_string());
    let config = load::<NoSettings>("probe", "[service]", None, [key]).unwrap().auth;
    let issuer = Issuer::open_or_create(&path, &config.issuer, &config.audience).unwrap();
    let authenticator = Authenticator::new(&config).unwrap();
    let verify = |claims: Claims| {
        let token = issuer.mint(&claims, Duration::from_secs(300)).unwrap();
        authenticator
            .verify(&token)
            .map(|caller| caller.subject.clone())
            .map_err(|bad| bad.reason().to_owned())
    };
    let said = |subject: &str| verify(Claims::new(subject, [Role::Officer]));
    for good in ["某某 1号", "https://idp.example/users/7", &"汉".repeat(200)] {
        assert_eq!(said(good).as_deref(), Ok(good));
    }
    let long = "a".repeat(201);
    for bad in ["", " ", " a", "a\nb", "a\u{1b}[2Jb", "a\u{202e}b", "a\u{200b}", "\u{3164}", long.as_str()] {
        assert_eq!(said(bad), Err("TOKEN_INVALID".to_owned()), "{bad:?}");
    }
    let unit = Claims::new("officer-1", [Role::Officer]).unit("wuhan\u{202e}grid").area("420102001");
    assert_eq!(verify(unit), Err("TOKEN_INVALID".to_owned()));
}
