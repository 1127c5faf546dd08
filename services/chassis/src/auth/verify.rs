//! From a header to a [`Caller`], or the reason why not.
//!
//! Guaranteed: signature by a trusted key with that key's algorithm; `exp`, `nbf`, `iss`, `aud` and `sub`
//! present and right; `area` and `unit` a [`Reach`]; at most 30 seconds of leeway; tokens above 8 KiB are not looked at. The JWKS file is
//! read again when it changes (looked at, at most, every five seconds); a broken new file is
//! reported and the old keys stay.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use http::HeaderValue;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Validation, decode, decode_header};
use serde::Deserialize;
use tonic::Code;

use super::cache::{Cache, fingerprint};
use super::keys::Keys;
use super::{Caller, Issuer, Reach, Role, person};
use crate::clock::system_now;
use crate::config::{AuthConfig, ConfigError};
use crate::status::Problem;

const LARGEST_TOKEN: usize = 8 * 1024;
const LEEWAY_S: u64 = 30;
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Checks tokens. Shared by all of a server's connections.
pub struct Authenticator {
    issuer: String,
    audience: String,
    /// Keys that stay whatever the file says: the local issuer's.
    local: Keys,
    file: Option<Watched>,
    trust: RwLock<Arc<Trust>>,
}

/// The keys, and the tokens that they have verified. New keys begin with no tokens, so a key that is
/// gone lives on in none, not even in one that was being verified at that moment.
struct Trust {
    keys: Keys,
    known: Cache,
}

struct Watched {
    path: PathBuf,
    every: Duration,
    seen: Mutex<(Instant, Stamp)>,
}

/// What tells that a file has changed.
type Stamp = Option<(SystemTime, u64)>;

#[derive(Deserialize)]
struct Body {
    sub: String,
    exp: f64,
    #[serde(default)]
    roles: Vec<String>,
    unit: Option<String>,
    area: Option<String>,
    /// Of any type: what is no name of a person is passed over.
    #[serde(default)]
    name: serde_json::Value,
    #[serde(default)]
    doors: BTreeSet<String>,
    jti: Option<String>,
}

impl Authenticator {
    pub fn new(config: &AuthConfig) -> Result<Self, ConfigError> {
        Self::looking_every(config, LOOK_EVERY)
    }

    /// Looks at the JWKS file at most this often.
    pub fn looking_every(config: &AuthConfig, every: Duration) -> Result<Self, ConfigError> {
        let local = match &config.key_file {
            Some(path) => Issuer::open_or_create(path, &config.issuer, &config.audience)
                .map_err(|error| error.to_string())
                .and_then(|issuer| Keys::from_jwks(&issuer.jwks()))
                .map_err(|error| ConfigError::wrong(format!("auth.key_file: {error}")))?,
            None => Keys::default(),
        };
        let file = config.jwks_file.as_ref().map(|path| Watched {
            path: path.clone(),
            every,
            seen: Mutex::new((Instant::now(), stamp(path))),
        });
        let keys = match &file {
            Some(file) => read(&file.path)
                .map_err(|error| {
                    ConfigError::wrong(format!("auth.jwks_file {}: {error}", file.path.display()))
                })?
                .and(&local),
            None => local.clone(),
        };
        Ok(Self {
            issuer: config.issuer.clone(),
            audience: config.audience.clone(),
            local,
            file,
            trust: RwLock::new(Arc::new(Trust::new(keys))),
        })
    }

    /// `Authorization: Bearer …`.
    pub fn verify_header(&self, header: Option<&HeaderValue>) -> Result<Arc<Caller>, Problem> {
        let Some(header) = header else {
            return Err(refused("TOKEN_MISSING", "this call needs a token"));
        };
        let bearer = header.to_str().ok().and_then(|text| text.split_once(' '));
        match bearer {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => self.verify(token.trim()),
            _ => Err(refused("TOKEN_INVALID", "authorization must be: Bearer <token>")),
        }
    }

    pub fn verify(&self, token: &str) -> Result<Arc<Caller>, Problem> {
        if token.len() > LARGEST_TOKEN {
            return Err(refused("TOKEN_INVALID", "the token is too long"));
        }
        self.look_at_file();
        let now = u64::try_from(system_now().timestamp()).unwrap_or(0);
        let print = fingerprint(token);
        let trust = self.trust();
        if let Some(caller) = trust.known.get(&print, now) {
            return Ok(caller);
        }
        let (caller, expires) = self.check(token, &trust.keys)?;
        let caller = Arc::new(caller);
        trust.known.put(print, Arc::clone(&caller), expires);
        Ok(caller)
    }

    fn check(&self, token: &str, keys: &Keys) -> Result<(Caller, u64), Problem> {
        let invalid = |what: &str| refused("TOKEN_INVALID", format!("the token is not valid: {what}"));
        let header = decode_header(token).map_err(|_| invalid("not a JWT"))?;
        if header.crit.is_some() {
            return Err(invalid("it asks for extensions"));
        }
        let key = keys
            .find(header.kid.as_deref(), header.alg)
            .ok_or_else(|| invalid("signed by an unknown key"))?;
        let mut rules = Validation::new(key.algorithm);
        rules.leeway = LEEWAY_S;
        rules.validate_nbf = true;
        rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        rules.set_issuer(&[&self.issuer]);
        rules.set_audience(&[&self.audience]);
        let body: Body = decode(token, &key.key, &rules).map_err(|error| explain(error.kind()))?.claims;
        if body.sub.is_empty()
            || [Some(&body.sub), body.unit.as_ref(), body.area.as_ref()]
                .into_iter()
                .flatten()
                .any(|s| s.len() > 256)
        {
            return Err(invalid("sub, unit or area is empty or too long"));
        }
        let reach = Reach::parse(body.area.as_deref(), body.unit.as_deref()).map_err(invalid)?;
        // A city's issuer may know roles that are not ours: they give nothing.
        let roles: BTreeSet<Role> = body.roles.iter().filter_map(|name| name.parse().ok()).collect();
        let caller = Caller {
            issuer: self.issuer.clone(),
            subject: body.sub,
            // A name opens nothing: one that cannot be kept keeps nobody from working.
            name: body.name.as_str().and_then(person),
            roles,
            reach,
            doors: body.doors,
            token_id: body.jti,
        };
        Ok((caller, whole_seconds(body.exp)))
    }

    fn trust(&self) -> Arc<Trust> {
        Arc::clone(&self.trust.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// A local file's times cost microseconds, and only one caller each five seconds pays them.
    fn look_at_file(&self) {
        let Some(file) = &self.file else { return };
        let Ok(mut seen) = file.seen.try_lock() else {
            return;
        };
        if seen.0.elapsed() < file.every {
            return;
        }
        let found = stamp(&file.path);
        let changed = found != seen.1;
        *seen = (Instant::now(), found);
        if changed {
            match read(&file.path) {
                Ok(keys) => self.replace(keys.and(&self.local)),
                Err(error) => {
                    tracing::warn!(file = %file.path.display(), error, "new keys are unusable: the old ones stay")
                }
            }
        }
    }

    fn replace(&self, keys: Keys) {
        *self.trust.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Trust::new(keys));
        tracing::info!("the issuer's keys were read again");
    }
}

impl Trust {
    fn new(keys: Keys) -> Self {
        Self { keys, known: Cache::new() }
    }
}

fn read(path: &Path) -> Result<Keys, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    Keys::from_jwks(&text)
}

fn stamp(path: &Path) -> Stamp {
    let about = fs::metadata(path).ok()?;
    Some((about.modified().ok()?, about.len()))
}

fn refused(reason: &'static str, message: impl Into<String>) -> Problem {
    Problem::new(Code::Unauthenticated, reason, message)
}

#[allow(clippy::wildcard_enum_match_arm, reason = "a foreign enum that may grow: all the rest is one answer")]
fn explain(kind: &ErrorKind) -> Problem {
    match kind {
        ErrorKind::ExpiredSignature => refused("TOKEN_EXPIRED", "the token has expired"),
        ErrorKind::ImmatureSignature => refused("TOKEN_INVALID", "the token is not valid yet"),
        ErrorKind::InvalidIssuer => refused("TOKEN_INVALID", "the token is by another issuer"),
        ErrorKind::InvalidAudience => refused("TOKEN_INVALID", "the token is for another audience"),
        ErrorKind::MissingRequiredClaim(claim) => {
            refused("TOKEN_INVALID", format!("the token does not say {claim}"))
        }
        ErrorKind::InvalidSignature => refused("TOKEN_INVALID", "the token's signature is wrong"),
        _ => refused("TOKEN_INVALID", "the token is not valid"),
    }
}

/// `exp` was checked to be a number not in the past; fractions are allowed by the standard.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded just before")]
fn whole_seconds(exp: f64) -> u64 {
    exp.clamp(0.0, 1e15) as u64
}
