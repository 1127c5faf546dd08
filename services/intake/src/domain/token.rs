//! The secrets of receipts: what is kept of them is a hash.

use sha2::{Digest as _, Sha256};

/// How a kept hash begins; a token never does, since it has no colon.
const HASHED: &str = "sha256:";

/// As a token is kept.
pub fn hashed(token: &str) -> String {
    format!("{HASHED}{}", hex::encode(Sha256::digest(token)))
}

/// Whether a token is kept as it is: builds before this one did.
pub fn is_clear(kept: &str) -> bool {
    !kept.starts_with(HASHED)
}

/// Whether this is the token that is kept. How long it takes does not tell where the two differ.
pub fn is(kept: &str, token: &str) -> bool {
    if is_clear(kept) { same(kept, token) } else { same(kept, &hashed(token)) }
}

/// Compares in a time that does not tell where the two differ.
pub fn same(ours: &str, theirs: &str) -> bool {
    let bytes = ours.bytes().zip(theirs.bytes());
    ours.len() == theirs.len() && bytes.fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_hash_and_its_hash_is_no_token() {
        let kept = hashed("c2VjcmV0");
        assert!(is(&kept, "c2VjcmV0") && !is(&kept, "c2VjcmV1") && !is(&kept, &kept) && !is(&kept, ""));
        assert!(is_clear("c2VjcmV0") && is("c2VjcmV0", "c2VjcmV0") && !is("c2VjcmV0", "c2VjcmV1"));
    }
}
