//! Tokens whose signature was good, remembered until they expire: checking a signature costs more
//! than the rest of a call. Keyed by the token's SHA-256 and bounded: what was asked for least makes room.

use std::sync::Arc;

use quick_cache::sync;
use sha2::{Digest, Sha256};

use super::Caller;

const MOST: usize = 10_000;

pub(super) type Fingerprint = [u8; 32];

#[derive(Clone)]
struct Known {
    caller: Arc<Caller>,
    /// Seconds since the epoch.
    expires: u64,
}

pub(super) struct Cache(sync::Cache<Fingerprint, Known>);

pub(super) fn fingerprint(token: &str) -> Fingerprint {
    Sha256::digest(token.as_bytes()).into()
}

impl Cache {
    pub(super) fn new() -> Self {
        Self(sync::Cache::new(MOST))
    }

    /// Whose it is, and when it ends. A token past its time is not known any more; whoever verifies it again says why.
    pub(super) fn get(&self, token: &Fingerprint, now: u64) -> Option<(Arc<Caller>, u64)> {
        let known = self.0.get(token).filter(|known| now < known.expires)?;
        Some((known.caller, known.expires))
    }

    pub(super) fn put(&self, token: Fingerprint, caller: Arc<Caller>, expires: u64) {
        self.0.insert(token, Known { caller, expires });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::auth::Reach;

    fn caller() -> Arc<Caller> {
        Arc::new(Caller {
            issuer: "huying".to_owned(),
            subject: "anyone".to_owned(),
            name: None,
            roles: BTreeSet::new(),
            reach: Reach::default(),
            doors: BTreeSet::new(),
            token_id: None,
        })
    }

    #[test]
    fn a_token_is_known_until_it_expires() {
        let (cache, token) = (Cache::new(), fingerprint("one"));
        cache.put(token, caller(), 100);
        assert!(cache.get(&token, 99).is_some());
        assert!(cache.get(&token, 100).is_none());
        assert!(cache.get(&fingerprint("another"), 0).is_none());
    }

    #[test]
    fn a_flood_of_tokens_takes_no_more_room_and_leaves_what_is_in_use() {
        let (cache, used) = (Cache::new(), fingerprint("in use"));
        cache.put(used, caller(), 100);
        for number in 0..3 * MOST {
            assert!(cache.get(&used, 0).is_some(), "forgotten after {number} others");
            cache.put(fingerprint(&number.to_string()), caller(), 100);
        }
        assert!(cache.0.len() <= MOST);
    }
}
