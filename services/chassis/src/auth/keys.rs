//! Whose signatures are trusted: the keys of an issuer's JWKS, and those of a local issuer.
//!
//! One algorithm per key, decided by the key and never by the token: EdDSA (Ed25519), ES256 (P-256)
//! or RS256 (2048 bits and more). Symmetric keys and anything else in it are passed over.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};

/// A key and the only algorithm it is good for.
#[derive(Clone)]
pub(super) struct Key {
    id: Option<String>,
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
    /// Of a local issuer.
    pub(super) local: bool,
    /// What it is, to tell whether keys have changed.
    jwk: Jwk,
}

/// RSA keys with fewer bits can be broken.
const LEAST_RSA_BITS: usize = 2048;

#[derive(Clone, Default)]
pub(super) struct Keys(Vec<Key>);

impl Keys {
    /// `Err` says why not a single key can be used.
    pub(super) fn from_jwks(text: &str) -> Result<Self, String> {
        let set: JwkSet = serde_json::from_str(text).map_err(|error| format!("not a JWKS: {error}"))?;
        let keys: Vec<Key> = set.keys.iter().filter_map(usable).collect();
        if keys.is_empty() {
            return Err("no Ed25519, P-256 or RSA (2048 bits) signing key in it".to_owned());
        }
        Ok(Self(keys))
    }

    /// The same, as a local issuer's.
    pub(super) fn local(mut self) -> Self {
        self.0.iter_mut().for_each(|key| key.local = true);
        self
    }

    /// None is missing, changed or new.
    pub(super) fn are(&self, others: &Self) -> bool {
        self.0.iter().map(|key| &key.jwk).eq(others.0.iter().map(|key| &key.jwk))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
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
        AlgorithmParameters::RSA(key) if bits(&key.n) >= LEAST_RSA_BITS => {
            (Algorithm::RS256, KeyAlgorithm::RS256)
        }
        AlgorithmParameters::RSA(_)
        | AlgorithmParameters::OctetKeyPair(_)
        | AlgorithmParameters::EllipticCurve(_)
        | AlgorithmParameters::OctetKey(_)
        | AlgorithmParameters::Other(_)
        | _ => return None,
    };
    if jwk.common.key_algorithm.is_some_and(|given| given != named) {
        return None;
    }
    let key = DecodingKey::from_jwk(jwk).ok()?;
    Some(Key { id: jwk.common.key_id.clone(), algorithm, key, local: false, jwk: jwk.clone() })
}

/// The verifier assumes 32 bytes, so that any other length is refused here.
fn is_ed25519(x: &str) -> bool {
    URL_SAFE_NO_PAD.decode(x).is_ok_and(|bytes| bytes.len() == 32)
}

/// Of a number; 0: it is none.
fn bits(number: &str) -> usize {
    let bytes = URL_SAFE_NO_PAD.decode(number).unwrap_or_default();
    let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    bytes[first..].first().map_or(0, |byte| (bytes.len() - first) * 8 - byte.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn rsa(modulus: &[u8]) -> Value {
        json!({"kty": "RSA", "kid": "r", "e": "AQAB", "n": URL_SAFE_NO_PAD.encode(modulus)})
    }

    fn taken(keys: &[Value]) -> usize {
        Keys::from_jwks(&json!({"keys": keys}).to_string()).map_or(0, |keys| keys.0.len())
    }

    #[test]
    fn an_rsa_key_has_2048_bits_at_least() {
        assert_eq!(taken(&[rsa(&[0xff; 128])]), 0);
        assert_eq!(taken(&[rsa(&[&[0x7f], [0xff; 255].as_slice()].concat())]), 0, "2047 bits");
        assert_eq!(taken(&[rsa(&[&[0; 128], [0xff; 128].as_slice()].concat())]), 0, "zeros are no bits");
        assert_eq!(taken(&[rsa(&[])]), 0);
        assert_eq!(taken(&[rsa(&[0x80; 256])]), 1);
        assert_eq!(taken(&[rsa(&[0xff; 128]), rsa(&[0xff; 256])]), 1, "the weak one is passed over");
    }

    #[test]
    fn keys_that_are_the_same_are_told_from_others() {
        let keys = |keys: &[Value]| Keys::from_jwks(&json!({"keys": keys}).to_string()).unwrap();
        let one = keys(&[rsa(&[0xff; 256])]);
        assert!(one.are(&keys(&[rsa(&[0xff; 256])])));
        assert!(!one.are(&keys(&[rsa(&[0xfd; 256])])));
        assert!(!one.are(&Keys::default()));
    }
}
