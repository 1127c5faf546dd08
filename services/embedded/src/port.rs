//! Free ports on loopback, below 32768: above it the kernel hands ports to outgoing connections,
//! and one of those could hold a server's port at the moment it restarts.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::{Ipv4Addr, TcpListener};

const LOWEST: u16 = 20_000;
const HIGHEST: u16 = 32_767;

/// A port that was free a moment ago. Whoever takes it tries another when it is lost meanwhile.
pub(crate) fn free() -> u16 {
    let mut candidate = LOWEST;
    for _ in 0..200 {
        candidate = any();
        if is_free(candidate) {
            break;
        }
    }
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
        assert!(is_free(free()));
    }
}
