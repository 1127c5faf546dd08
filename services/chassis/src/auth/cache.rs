//! Tokens whose signature was good, remembered until they expire: checking a signature costs more
//! than the rest of a call. Keyed by the token's SHA-256, bounded, emptied when the keys change.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

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

#[derive(Default)]
pub(super) struct Cache(RwLock<HashMap<Fingerprint, Known>>);

pub(super) fn fingerprint(token: &str) -> Fingerprint {
    Sha256::digest(token.as_bytes()).into()
}

impl Cache {
    /// A token past its time is not known any more; whoever verifies it again says why.
    pub(super) fn get(&self, token: &Fingerprint, now: u64) -> Option<Arc<Caller>> {
        let known = self.0.read().ok()?;
        known.get(token).filter(|known| now < known.expires).map(|known| Arc::clone(&known.caller))
    }

    pub(super) fn put(&self, token: Fingerprint, caller: Arc<Caller>, expires: u64, now: u64) {
        let Ok(mut known) = self.0.write() else { return };
        if known.len() >= MOST {
            known.retain(|_, known| now < known.expires);
        }
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(token, Known { caller, expires });
    }

    pub(super) fn clear(&self) {
        if let Ok(mut known) = self.0.write() {
            known.clear();
        }
    }
}
