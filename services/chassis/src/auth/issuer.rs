//! A local issuer, for one machine, a trial and tests: an Ed25519 key in a file that only its owner
//! reads, and beside it the public half as JWKS for everyone who checks. A city uses its own issuer.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{CITY, Role, SERVICE};
use crate::clock::system_now;
use crate::secret;

/// What a token will say about its bearer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    pub subject: String,
    /// What the person is called.
    pub name: Option<String>,
    pub roles: BTreeSet<Role>,
    pub unit: Option<String>,
    /// An area code, or [`CITY`].
    pub area: Option<String>,
    /// The doors a platform may send by.
    pub doors: BTreeSet<String>,
}

impl Claims {
    pub fn new(subject: impl Into<String>, roles: impl IntoIterator<Item = Role>) -> Self {
        Self { subject: subject.into(), roles: roles.into_iter().collect(), ..Self::default() }
    }

    /// One of Huying's services, everywhere.
    pub fn service(name: &str) -> Self {
        Self::new(format!("{SERVICE}{name}"), [Role::Service]).city()
    }

    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }

    pub fn area(mut self, area: impl Into<String>) -> Self {
        self.area = Some(area.into());
        self
    }

    /// Everything of the installation.
    pub fn city(self) -> Self {
        self.area(CITY)
    }

    pub fn doors<D: Into<String>>(mut self, doors: impl IntoIterator<Item = D>) -> Self {
        self.doors.extend(doors.into_iter().map(Into::into));
        self
    }
}

/// Mints tokens.
pub struct Issuer {
    key: EncodingKey,
    id: String,
    public: String,
    jwks_file: PathBuf,
    issuer: String,
    audience: String,
}

impl Issuer {
    /// Opens the key, or makes one (mode 0600) with its JWKS file beside it. Safe to race: whoever is
    /// second uses the key of the first.
    pub fn open_or_create(key_file: &Path, issuer: &str, audience: &str) -> anyhow::Result<Self> {
        make_key(key_file)
            .with_context(|| format!("the issuer's key {} cannot be made", key_file.display()))?;
        let opened = Self::open(key_file, issuer, audience)?;
        opened.publish()?;
        Ok(opened)
    }

    /// Opens a key that is there.
    pub fn open(key_file: &Path, issuer: &str, audience: &str) -> anyhow::Result<Self> {
        let key = signing_key(key_file).context("the issuer's key")?;
        let public = key.verifying_key().to_bytes();
        let der = key.to_pkcs8_der().map_err(|_| anyhow::anyhow!("the issuer's key cannot be encoded"))?;
        Ok(Self {
            key: EncodingKey::from_ed_der(der.as_bytes()),
            id: hex::encode(&Sha256::digest(public)[..8]),
            public: URL_SAFE_NO_PAD.encode(public),
            jwks_file: key_file.with_extension("jwks.json"),
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
        })
    }

    /// The public half, as others read it.
    pub fn jwks(&self) -> String {
        json!({"keys": [{
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.id, "x": self.public,
        }]})
        .to_string()
    }

    /// Where the JWKS file is.
    pub fn jwks_file(&self) -> &Path {
        &self.jwks_file
    }

    /// A token good from now for `ttl`.
    pub fn mint(&self, claims: &Claims, ttl: Duration) -> anyhow::Result<String> {
        let now = system_now();
        self.mint_between(claims, now, now + ttl)
    }

    /// A token good between two instants.
    pub fn mint_between(
        &self,
        claims: &Claims,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> anyhow::Result<String> {
        let mut body = json!({
            "iss": self.issuer,
            "aud": self.audience,
            "sub": claims.subject,
            "roles": claims.roles,
            "iat": from.timestamp(),
            "nbf": from.timestamp(),
            "exp": until.timestamp(),
            "jti": crate::id::new(),
        });
        for (name, value) in [("name", &claims.name), ("unit", &claims.unit), ("area", &claims.area)] {
            if let Some(value) = value {
                body[name] = json!(value);
            }
        }
        if !claims.doors.is_empty() {
            body["doors"] = json!(claims.doors);
        }
        self.sign(&body)
    }

    /// Signs a body as it is. For tests of what is refused.
    pub fn sign(&self, body: &serde_json::Value) -> anyhow::Result<String> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.id.clone());
        jsonwebtoken::encode(&header, body, &self.key).context("a token cannot be signed")
    }

    /// Written whole, then moved into place, so that a reader never sees half of it. An unchanged file
    /// stays untouched: its watchers would forget what they verified.
    fn publish(&self) -> anyhow::Result<()> {
        let jwks = self.jwks();
        if fs::read_to_string(&self.jwks_file).is_ok_and(|there| there == jwks) {
            return Ok(());
        }
        let fresh = secret::beside(&self.jwks_file);
        fs::write(&fresh, jwks)
            .and_then(|()| fs::rename(&fresh, &self.jwks_file))
            .with_context(|| format!("{} cannot be written", self.jwks_file.display()))
    }
}

/// The Ed25519 key in a file.
pub(crate) fn signing_key(file: &Path) -> anyhow::Result<SigningKey> {
    let pem = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    SigningKey::from_pkcs8_pem(&pem)
        .map_err(|_| anyhow::anyhow!("{} is not an Ed25519 key in PKCS#8 PEM", file.display()))
}

/// Makes an Ed25519 key (mode 0600) unless there is one. Safe to race.
///
/// # Errors
/// A directory that cannot be written.
pub fn make_key(file: &Path) -> std::io::Result<()> {
    if file.exists() { Ok(()) } else { create(file).map_err(std::io::Error::other) }
}

/// Safe to race: a key that is there stays.
fn create(key_file: &Path) -> anyhow::Result<()> {
    if let Some(folder) = key_file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let key = SigningKey::from_bytes(&rand::random());
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|_| anyhow::anyhow!("the key cannot be encoded"))?;
    Ok(secret::create(key_file, &pem)?)
}
