//! What a token says, by the names that its issuer gives it.

use serde_json::{Map, Value};

use super::LONGEST_CLAIM;
use crate::config::ClaimNames;

pub(super) type Body = Map<String, Value>;

/// Longest subject, area or unit, in bytes: whether it is a line of so many characters is seen later.
const LONGEST: usize = 4 * LONGEST_CLAIM;

/// What is read of a body, before anything is believed of it.
pub(super) struct Said {
    pub(super) subject: String,
    pub(super) roles: Vec<String>,
    pub(super) area: Option<String>,
    pub(super) unit: Option<String>,
    /// Of any type: what is no name of a person is passed over.
    pub(super) name: Option<String>,
    pub(super) doors: Vec<String>,
    pub(super) token_id: Option<String>,
    /// Seconds since the epoch.
    pub(super) issued: f64,
    pub(super) expires: f64,
}

impl Said {
    /// `Err` says what is not as it must be.
    pub(super) fn read(body: &Body, names: &ClaimNames) -> Result<Self, String> {
        let text = |claim: &str| one(body, claim);
        Ok(Self {
            subject: text(&names.subject)?
                .filter(|subject| !subject.is_empty())
                .ok_or_else(|| format!("it does not say {}", names.subject))?,
            roles: several(body, &names.roles)?,
            area: text(&names.area)?,
            unit: text(&names.unit)?,
            name: find(body, &names.name).and_then(Value::as_str).map(str::to_owned),
            doors: several(body, &names.doors)?,
            token_id: text("jti")?,
            issued: instant(body, "iat")?,
            expires: instant(body, "exp")?,
        })
    }
}

/// A claim by its name; else by the names on the way to it. So `https://example.com/roles` may be one name with dots.
fn find<'a>(body: &'a Body, path: &str) -> Option<&'a Value> {
    body.get(path).or_else(|| {
        let (first, rest) = path.split_once('.')?;
        rest.split('.').try_fold(body.get(first)?, |value, name| value.get(name))
    })
}

/// A text, or a list of just one, as some issuers write what a person has.
fn one(body: &Body, claim: &str) -> Result<Option<String>, String> {
    let value = match find(body, claim) {
        Some(Value::Array(list)) if list.len() == 1 => list.first(),
        other => other,
    };
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.len() <= LONGEST => Ok(Some(text.clone())),
        Some(_) => Err(format!("{claim} is no text of at most {LONGEST} bytes")),
    }
}

/// A list of texts, or one text with spaces between them.
fn several(body: &Body, claim: &str) -> Result<Vec<String>, String> {
    let wrong = || format!("{claim} is no list of texts");
    match find(body, claim) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(text.split_whitespace().map(str::to_owned).collect()),
        Some(Value::Array(list)) => {
            list.iter().map(|one| one.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
        }
        Some(_) => Err(wrong()),
    }
}

fn instant(body: &Body, claim: &str) -> Result<f64, String> {
    let seconds = body.get(claim).and_then(Value::as_f64);
    seconds.filter(|seconds| *seconds >= 0.0).ok_or_else(|| format!("it does not say {claim}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names() -> ClaimNames {
        ClaimNames {
            subject: "preferred_username".to_owned(),
            roles: "realm_access.roles".to_owned(),
            area: "https://id.example.cn/area".to_owned(),
            ..ClaimNames::default()
        }
    }

    fn read(changed: Value) -> Result<Said, String> {
        let mut body = json!({
            "preferred_username": "wangxiuying", "realm_access": {"roles": ["officer", "offline_access"]},
            "https://id.example.cn/area": ["420102"], "iat": 1, "exp": 2.5, "doors": "online hotline", "name": 7,
        });
        body.as_object_mut().unwrap().append(&mut changed.as_object().unwrap().clone());
        Said::read(body.as_object().unwrap(), &names())
    }

    #[test]
    fn a_claim_is_found_by_its_name_and_inside_another() {
        let said = read(json!({})).unwrap();
        assert_eq!(said.subject, "wangxiuying");
        assert_eq!(said.roles, ["officer", "offline_access"]);
        assert_eq!(said.area.as_deref(), Some("420102"));
        assert_eq!(said.doors, ["online", "hotline"]);
        assert_eq!((said.unit, said.name, said.token_id), (None, None, None));
        assert!((said.issued, said.expires) == (1.0, 2.5));
        assert!(read(json!({"realm_access": null})).unwrap().roles.is_empty());
    }

    #[test]
    fn what_is_of_another_kind_is_refused_and_not_passed_over() {
        for wrong in [
            json!({"preferred_username": ""}),
            json!({"preferred_username": null}),
            json!({"realm_access": {"roles": [1]}}),
            json!({"realm_access": {"roles": {"desk": true}}}),
            json!({"https://id.example.cn/area": ["420102", "420103"]}),
            json!({"https://id.example.cn/area": 420_102}),
            json!({"unit": "u".repeat(801)}),
            json!({"jti": 7}),
            json!({"iat": "1"}),
            json!({"iat": -1}),
            json!({"exp": null}),
        ] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
