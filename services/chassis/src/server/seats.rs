//! How many connections there may be: in all, and from one address. Who comes when all seats are taken is sent away at once.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

use super::address;

#[derive(Clone)]
pub(super) struct Seats(Arc<Inner>);

struct Inner {
    all: usize,
    each: usize,
    taken: Mutex<Taken>,
}

/// No address is kept that has none.
#[derive(Default)]
struct Taken {
    all: usize,
    by: BTreeMap<IpAddr, usize>,
}

/// One connection's. Given back when it is dropped.
pub(super) struct Seat {
    seats: Seats,
    address: IpAddr,
}

impl Seats {
    /// So many in all, and for each address.
    pub(super) fn new(all: usize, each: usize) -> Self {
        Self(Arc::new(Inner { all, each, taken: Mutex::default() }))
    }

    pub(super) fn all(&self) -> usize {
        self.0.all
    }

    pub(super) fn take(&self, ip: IpAddr) -> Option<Seat> {
        let address = address::of(ip);
        let mut taken = self.taken();
        let of_it = taken.by.get(&address).copied().unwrap_or_default();
        if taken.all >= self.0.all || of_it >= self.0.each {
            return None;
        }
        taken.all += 1;
        taken.by.insert(address, of_it + 1);
        Some(Seat { seats: self.clone(), address })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        taken.all -= 1;
        match taken.by.get(&self.address).copied().unwrap_or_default() {
            0 | 1 => taken.by.remove(&self.address),
            of_it => taken.by.insert(self.address, of_it - 1),
        };
    }
}

/// So many places; 0: any number.
pub(super) fn places(most: usize) -> Arc<Semaphore> {
    let most = if most == 0 { Semaphore::MAX_PERMITS } else { most.min(Semaphore::MAX_PERMITS) };
    Arc::new(Semaphore::new(most))
}
