//! An issuer whose key is RSA, as many are: what it signs is taken, and its public half is no shared secret.

use std::fs;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use huying_chassis::auth::Authenticator;
use huying_chassis::clock::system_now;
use huying_chassis::config::AuthConfig;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rsa::pkcs1::{EncodeRsaPrivateKey as _, EncodeRsaPublicKey as _};
use rsa::pkcs8::{EncodePublicKey as _, LineEnding};
use rsa::rand_core::OsRng;
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, RsaPrivateKey};
use serde_json::json;

use crate::auth::body;

const ID: &str = "city-2026";

fn token(algorithm: Algorithm, key: &EncodingKey) -> String {
    let header = Header { kid: Some(ID.to_owned()), ..Header::new(algorithm) };
    encode(&header, &body(system_now()), key).unwrap()
}

#[test]
fn attack_03_an_rsa_public_key_is_no_shared_secret() {
    let private = RsaPrivateKey::new(&mut OsRng, 2048).unwrap();
    let public = private.to_public_key();
    let number = |number: &BigUint| BASE64_URL_SAFE_NO_PAD.encode(number.to_bytes_be());
    let (n, e) = (number(public.n()), number(public.e()));
    let jwks = json!({"keys": [{ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": ID, "n": n, "e": e }]});
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jwks.json");
    fs::write(&file, jwks.to_string()).unwrap();
    let authenticator =
        Authenticator::new(&AuthConfig { jwks_file: Some(file), ..AuthConfig::default() }).unwrap();

    let signing = EncodingKey::from_rsa_der(private.to_pkcs1_der().unwrap().as_bytes());
    let good = token(Algorithm::RS256, &signing);
    assert_eq!(authenticator.verify(&good).unwrap().subject, "officer-1");

    // Every form in which the public half is at hand, with the line end that a file has and without it.
    let [pem, rsa_pem] =
        [public.to_public_key_pem(LineEnding::LF).unwrap(), public.to_pkcs1_pem(LineEnding::LF).unwrap()];
    let modulus = public.n().to_bytes_be();
    let (der, rsa_der) = (public.to_public_key_der().unwrap(), public.to_pkcs1_der().unwrap());
    let secrets = [
        pem.as_bytes(),
        pem.trim_end().as_bytes(),
        rsa_pem.as_bytes(),
        rsa_pem.trim_end().as_bytes(),
        der.as_bytes(),
        rsa_der.as_bytes(),
        modulus.as_slice(),
        n.as_bytes(),
    ];
    for secret in secrets {
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let forged = token(algorithm, &EncodingKey::from_secret(secret));
            let refused = authenticator.verify(&forged).expect_err("it was taken");
            assert_eq!(refused.reason(), "TOKEN_INVALID", "{algorithm:?}");
        }
    }
    // The key has one algorithm of its family, too.
    for algorithm in [Algorithm::RS384, Algorithm::RS512, Algorithm::PS256] {
        assert!(authenticator.verify(&token(algorithm, &signing)).is_err(), "{algorithm:?}");
    }
}
