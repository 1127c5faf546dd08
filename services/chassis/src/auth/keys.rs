//! Whose signatures are trusted: the keys of a JWKS file, and those of a local issuer.
//!
//! One algorithm per key, decided by the key and never by the token: EdDSA (Ed25519), ES256 (P-256)
//! or RS256. Symmetric keys and anything else in the file are passed over.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};

/// A key and the only algorithm it is good for.
#[derive(Clone)]
pub(super) struct Key {
    id: Option<String>,
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

#[derive(Clone, Default)]
pub(super) struct Keys(Vec<Key>);

impl Keys {
    /// `Err` says why not a single key can be used.
    pub(super) fn from_jwks(text: &str) -> Result<Self, String> {
        let set: JwkSet = serde_json::from_str(text).map_err(|error| format!("not a JWKS: {error}"))?;
        let keys: Vec<Key> = set.keys.iter().filter_map(usable).collect();
        if keys.is_empty() {
            return Err("no Ed25519, P-256 or RSA signing key in it".to_owned());
        }
        Ok(Self(keys))
    }

    pub(super) fn and(mut self, others: &Self) -> Self {
        self.0.extend(others.0.iter().cloned());
        self
    }

    /// The key a token names; one that names none gets the only key there is.
    pub(super) fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Option<&Key> {
        let key = match id {
            Some(id) => self.0.iter().find(|key| key.id.as_deref() == Some(id))?,
            None if self.0.len() == 1 => self.0.first()?,
            None => return None,
        };
        (key.algorithm == algorithm).then_some(key)
    }
}

fn usable(jwk: &Jwk) -> Option<Key> {
    if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    let (algorithm, named) = match &jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(key)
            if key.curve == EllipticCurve::Ed25519 && is_ed25519(&key.x) =>
        {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
        AlgorithmParameters::OctetKeyPair(_)
        | AlgorithmParameters::EllipticCurve(_)
        | AlgorithmParameters::OctetKey(_)
        | AlgorithmParameters::Other(_)
        | _ => return None,
    };
    if jwk.common.key_algorithm.is_some_and(|given| given != named) {
        return None;
    }
    let key = DecodingKey::from_jwk(jwk).ok()?;
    Some(Key { id: jwk.common.key_id.clone(), algorithm, key })
}

/// The verifier assumes 32 bytes, so that any other length is refused here.
fn is_ed25519(x: &str) -> bool {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(x).is_ok_and(|bytes| bytes.len() == 32)
}
