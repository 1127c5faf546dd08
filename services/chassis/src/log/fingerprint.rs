//! By what those who follow tell whether somebody is who acted on an aggregate, without being told who that was.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// How much of the digest is kept, in bytes.
const KEPT: usize = 16;

/// The fingerprint of a person on one aggregate: 32 hexadecimal digits. They have another one on any other, so it tells nothing of what else
/// they did.
pub fn fingerprint(aggregate: Uuid, subject: &str) -> String {
    let digest = Sha256::digest(format!("{aggregate}/{subject}"));
    hex::encode(&digest[..KEPT])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_of_one_person_on_one_aggregate() {
        let of = |aggregate, subject| fingerprint(Uuid::from_u128(aggregate), subject);
        assert_eq!(of(1, "officer-1"), of(1, "officer-1"));
        assert_eq!(of(1, "officer-1").len(), 32);
        assert_ne!(of(1, "officer-1"), of(2, "officer-1"));
        assert_ne!(of(1, "officer-1"), of(1, "officer-2"));
    }
}
