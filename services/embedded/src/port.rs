//! Free ports on loopback, below 32768: above it the kernel hands ports to outgoing connections,
//! and one of those could hold a server's port at the moment it restarts.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Mutex, PoisonError};

const LOWEST: u16 = 20_000;
const HIGHEST: u16 = 32_767;

/// Those that were given to somebody in this process. What is given is not listened on at once, nor while its server restarts.
static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// A port that was free a moment ago, and is given to nobody else in this process. Whoever takes it tries another when it is lost meanwhile.
pub fn free_port() -> u16 {
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut candidate = LOWEST;
    for _ in 0..200 {
        candidate = any();
        if !given.contains(&candidate) && is_free(candidate) {
            break;
        }
    }
    given.insert(candidate);
    candidate
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Spread at random, so that test processes beside each other seldom meet.
fn any() -> u16 {
    let spread = u64::from(HIGHEST - LOWEST) + 1;
    let offset = RandomState::new().build_hasher().finish() % spread;
    LOWEST + u16::try_from(offset).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_stay_below_the_ephemeral_range() {
        for _ in 0..1000 {
            assert!((LOWEST..=HIGHEST).contains(&any()));
        }
        assert!(is_free(free_port()));
    }

    #[test]
    fn no_port_is_given_twice() {
        let given: BTreeSet<u16> = (0..1000).map(|_| free_port()).collect();
        assert_eq!(given.len(), 1000);
    }
}
