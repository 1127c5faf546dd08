//! What must hold of one token: signed by a trusted key with that key's algorithm, for us, by our issuer, an access token, now, and not
//! for too long. Nothing here is remembered or looked up elsewhere: an address in a token is never asked.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Header, Validation, decode, decode_header};
use serde_json::Value;
use tonic::Code;

use super::claims::{Body, Said};
use super::keys::Keys;
use super::life::Lives;
use super::{Caller, LONGEST_CLAIM, Reach, Role, is_line, person};
use crate::config::{AuthConfig, ClaimNames};
use crate::status::Problem;

const LARGEST: usize = 8 * 1024;
/// How far clocks may differ.
pub(super) const LEEWAY_S: u64 = 30;

/// What every token is held against.
pub(super) struct Rules {
    issuer: String,
    audience: String,
    names: ClaimNames,
    lives: Lives,
}

/// Why a token is not taken.
pub(super) struct Refusal {
    pub(super) problem: Problem,
    /// It names a key that is not known: newer keys may have it.
    pub(super) unknown_key: bool,
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self { problem, unknown_key: false }
    }
}

impl Rules {
    pub(super) fn new(config: &AuthConfig) -> Self {
        Self {
            issuer: config.issuer.clone(),
            audience: config.audience.clone(),
            names: config.claims.clone(),
            lives: Lives::new(config),
        }
    }

    /// Who calls, and the second in which the token ends.
    pub(super) fn check(&self, token: &str, keys: &Keys, now: u64) -> Result<(Caller, u64), Refusal> {
        if token.len() > LARGEST {
            return Err(invalid("too long").into());
        }
        let header = decode_header(token).map_err(|_| invalid("not a JWT"))?;
        check_header(&header)?;
        let Some(key) = keys.find(header.kid.as_deref(), header.alg) else {
            return Err(Refusal { problem: invalid("signed by an unknown key"), unknown_key: true });
        };
        let mut rules = Validation::new(key.algorithm);
        rules.leeway = LEEWAY_S;
        rules.validate_nbf = true;
        rules.set_required_spec_claims(&["exp", "iss", "aud"]);
        rules.set_issuer(&[&self.issuer]);
        rules.set_audience(&[&self.audience]);
        let body: Body = decode(token, &key.key, &rules).map_err(|error| explain(error.kind()))?.claims;
        is_for_access(&header, &body)?;
        let said = Said::read(&body, &self.names).map_err(|what| invalid(&what))?;
        let roles = said.roles.iter().filter_map(|name| name.parse().ok()).collect();
        let longest = if key.local { self.lives.of_local(&roles) } else { self.lives.of(&roles) };
        check_life(&said, longest.as_secs_f64(), now)?;
        let expires = whole_seconds(said.expires);
        Ok((self.caller(said, roles)?, expires))
    }

    /// A city's issuer may know roles that are not ours: they give nothing.
    fn caller(&self, said: Said, roles: std::collections::BTreeSet<Role>) -> Result<Caller, Problem> {
        // An area or a unit that is said to be empty is reach's to refuse.
        let lines = [&said.unit, &said.area].into_iter().flatten().filter(|claim| !claim.is_empty());
        if !lines.chain([&said.subject]).chain(&said.token_id).all(|claim| is_line(claim, LONGEST_CLAIM)) {
            return Err(invalid("sub, jti, unit or area is no line of 1 to 200 characters"));
        }
        let reach = Reach::parse(said.area.as_deref(), said.unit.as_deref()).map_err(invalid)?;
        Ok(Caller {
            issuer: self.issuer.clone(),
            subject: said.subject,
            // A name opens nothing: one that cannot be kept keeps nobody from working.
            name: said.name.as_deref().and_then(person),
            roles,
            reach,
            doors: said.doors.into_iter().collect(),
            token_id: said.token_id,
        })
    }
}

/// `typ` says what kind of JWT it is; a key that a token brings itself is nobody's.
fn check_header(header: &Header) -> Result<(), Problem> {
    if header.crit.is_some() {
        return Err(invalid("it asks for extensions"));
    }
    if header.jku.is_some() || header.jwk.is_some() || header.x5u.is_some() {
        return Err(invalid("it names a key of its own"));
    }
    let kind = header.typ.as_deref().unwrap_or("JWT");
    let kind = kind.strip_prefix("application/").unwrap_or(kind);
    if ["jwt", "at+jwt"].iter().any(|known| kind.eq_ignore_ascii_case(known)) {
        Ok(())
    } else {
        Err(invalid("it is no access token"))
    }
}

/// An ID token says to a program who sat before it: whoever holds one may not call with it. Issuers tell them apart by `typ` in the header
/// (RFC 9068) or the body (Keycloak), or by `token_use` (Cognito); without any of these, by what only ID tokens have.
fn is_for_access(header: &Header, body: &Body) -> Result<(), Problem> {
    let said = |claim: &str, access: &[&str]| match body.get(claim) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::String(text)) if access.iter().any(|it| text.eq_ignore_ascii_case(it)) => Ok(true),
        Some(_) => Err(invalid("it is no access token")),
    };
    let typed = said("typ", &["bearer", "at+jwt"])?;
    let used = said("token_use", &["access"])?;
    let named = header.typ.as_deref().is_some_and(|kind| kind.to_ascii_lowercase().ends_with("at+jwt"));
    let has = |claims: &[&str]| claims.iter().any(|claim| body.contains_key(*claim));
    let is_other =
        has(&["at_hash", "c_hash", "s_hash", "events"]) || (has(&["nonce"]) && !(typed || used || named));
    if is_other { Err(invalid("it is no access token")) } else { Ok(()) }
}

fn check_life(said: &Said, longest: f64, now: u64) -> Result<(), Problem> {
    #[allow(clippy::cast_precision_loss, reason = "seconds since the epoch")]
    let latest = (now + LEEWAY_S) as f64;
    if said.issued > latest {
        return Err(invalid("it was issued in the future"));
    }
    if said.expires - said.issued > longest {
        return Err(invalid(&format!("it lives longer than the {longest} s that its roles may")));
    }
    Ok(())
}

pub(super) fn invalid(what: &str) -> Problem {
    refused("TOKEN_INVALID", format!("the token is not valid: {what}"))
}

pub(super) fn refused(reason: &'static str, message: impl Into<String>) -> Problem {
    Problem::new(Code::Unauthenticated, reason, message)
}

pub(super) fn expired() -> Problem {
    refused("TOKEN_EXPIRED", "the token has expired")
}

#[allow(clippy::wildcard_enum_match_arm, reason = "a foreign enum that may grow: all the rest is one answer")]
fn explain(kind: &ErrorKind) -> Problem {
    match kind {
        ErrorKind::ExpiredSignature => expired(),
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
