//! Whose tokens are believed, what they may say and for how long, and this service's own.

use std::path::{Path, PathBuf};

use huying_http::{has_login, is_here};
use serde::{Deserialize, Serialize};
use url::Url;

use super::empty_is_none;

/// Longest lives in seconds that may be set: what a token says is believed until it ends, so it ends soon.
const MOST_STAFF_S: u64 = 900;
const MOST_SERVICE_S: u64 = 3600;
/// Those of a local issuer that is the only one: an embedded run, a trial, a test.
const MOST_LOCAL_S: u64 = 30 * 86_400;
const LEAST_S: u64 = 60;

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AuthConfig {
    pub issuer: String,
    pub audience: String,
    #[serde(default, deserialize_with = "empty_is_none")]
    pub jwks_file: Option<PathBuf>,
    #[serde(default, deserialize_with = "empty_is_none")]
    pub jwks_url: Option<String>,
    pub discover: bool,
    /// PEM of the authority that signs the certificate of the issuer's server.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub issuer_ca_file: Option<PathBuf>,
    #[serde(default, deserialize_with = "empty_is_none")]
    pub deny_file: Option<PathBuf>,
    pub staff_life_s: u64,
    pub service_life_s: u64,
    /// 0: as the others.
    pub local_life_s: u64,
    #[serde(default, deserialize_with = "empty_is_none")]
    pub key_file: Option<PathBuf>,
    #[serde(default, deserialize_with = "empty_is_none")]
    pub token_file: Option<PathBuf>,
    pub claims: ClaimNames,
}

/// What the claims of a token are called: a name, or names joined by dots where one lies in another.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimNames {
    pub subject: String,
    pub roles: String,
    pub area: String,
    pub unit: String,
    pub name: String,
    pub doors: String,
}

impl Default for AuthConfig {
    /// As the compiled-in settings, with nobody to believe.
    fn default() -> Self {
        Self {
            issuer: "huying".to_owned(),
            audience: "huying".to_owned(),
            jwks_file: None,
            jwks_url: None,
            discover: false,
            issuer_ca_file: None,
            deny_file: None,
            staff_life_s: MOST_STAFF_S,
            service_life_s: MOST_SERVICE_S,
            local_life_s: 0,
            key_file: None,
            token_file: None,
            claims: ClaimNames::default(),
        }
    }
}

impl Default for ClaimNames {
    fn default() -> Self {
        let own = str::to_owned;
        Self {
            subject: own("sub"),
            roles: own("roles"),
            area: own("area"),
            unit: own("unit"),
            name: own("name"),
            doors: own("doors"),
        }
    }
}

impl AuthConfig {
    /// It is said whose tokens are believed.
    pub fn has_issuer(&self) -> bool {
        self.sources() > 0 || self.key_file.is_some()
    }

    /// In how many ways an issuer's keys are named.
    fn sources(&self) -> usize {
        [self.jwks_file.is_some(), self.jwks_url.is_some(), self.discover].iter().filter(|it| **it).count()
    }

    /// The authority of the issuer's server, where that one is asked: beside keys from a file it says nothing, and need not be there.
    pub fn issuer_authority(&self) -> Option<&Path> {
        let is_asked = self.jwks_url.is_some() || self.discover;
        self.issuer_ca_file.as_deref().filter(|_| is_asked)
    }

    /// Where the issuer describes itself, by the rule of OpenID Connect Discovery.
    pub fn description(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'))
    }

    pub(super) fn check(&self, wrong: &mut Vec<String>) {
        if self.issuer.is_empty() || self.audience.is_empty() {
            wrong.push("auth.issuer and auth.audience must not be empty".to_owned());
        }
        if !self.has_issuer() {
            wrong.push(
                "auth.jwks_file, auth.jwks_url or auth.discover (whose tokens are trusted) or auth.key_file (a local issuer) must be set"
                    .to_owned(),
            );
        }
        if self.sources() > 1 {
            wrong.push("of auth.jwks_file, auth.jwks_url and auth.discover only one may be set".to_owned());
        }
        if let Some(Err(what)) = self.jwks_url.as_deref().map(trusted) {
            wrong.push(format!("auth.jwks_url {what}"));
        }
        if let Some(Err(what)) = self.discover.then(|| trusted(&self.description())) {
            wrong.push(format!("auth.issuer {what}, since auth.discover is set"));
        }
        self.check_lives(wrong);
        self.check_claims(wrong);
    }

    fn check_lives(&self, wrong: &mut Vec<String>) {
        for (key, life, most) in [
            ("staff_life_s", self.staff_life_s, MOST_STAFF_S),
            ("service_life_s", self.service_life_s, MOST_SERVICE_S),
        ] {
            if !(LEAST_S..=most).contains(&life) {
                wrong.push(format!("auth.{key} must be from {LEAST_S} to {most}"));
            }
        }
        if self.local_life_s != 0 && !(LEAST_S..=MOST_LOCAL_S).contains(&self.local_life_s) {
            wrong.push(format!("auth.local_life_s must be 0, or from {LEAST_S} to {MOST_LOCAL_S}"));
        }
        if self.local_life_s != 0 && self.key_file.is_none() {
            wrong.push(
                "auth.local_life_s is for tokens of a local issuer: auth.key_file must be set".to_owned(),
            );
        }
        // Whoever has a city's issuer needs none of those long lives, and its key on this machine would be worth more than that issuer's.
        let usual = self.staff_life_s.min(self.service_life_s);
        if self.sources() > 0 && self.local_life_s > usual {
            wrong.push(format!(
                "auth.local_life_s must be at most {usual}, as lives of others, beside auth.jwks_file, auth.jwks_url or auth.discover"
            ));
        }
    }

    fn check_claims(&self, wrong: &mut Vec<String>) {
        let ClaimNames { subject, roles, area, unit, name, doors } = &self.claims;
        let all = [
            ("subject", subject),
            ("roles", roles),
            ("area", area),
            ("unit", unit),
            ("name", name),
            ("doors", doors),
        ];
        for (key, claim) in all {
            if claim.is_empty() || claim.len() > 256 {
                wrong.push(format!("auth.claims.{key} must be the name of a claim, 1 to 256 characters"));
            }
        }
    }
}

/// An address that keys may be read from: `https`, without a password in it; `http` on this machine alone.
///
/// # Errors
/// What it is not, to stand behind its name.
pub fn trusted(text: &str) -> Result<Url, &'static str> {
    let url: Url = text.parse().map_err(|_| "must be an https address")?;
    if has_login(&url) {
        return Err("must not hold a user or a password");
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_here(&url) => Ok(url),
        _ => Err("must be an https address"),
    }
}
