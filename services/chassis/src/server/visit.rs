//! One connection's visit: what all calls on it share. Where it comes from, what certificate it has shown, how many streams it has open, and
//! whether it has to go: for calls given up by the hundred (rapid reset) and refused ones, or for an answer that nobody reads.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tonic::Code;

use super::address;
use super::seats::places;
use crate::config::Admission;
use crate::shutdown::Shutdown;
use crate::tls::Shown;

/// Calls given up before their answer, refused tokens, and calls after too many refusals: so many at once, and so many a second. Whoever does it on purpose needs
/// thousands.
const FAULTS: NonZeroU32 = NonZeroU32::new(512).unwrap();
const FAULTS_A_SECOND: NonZeroU32 = NonZeroU32::new(32).unwrap();

/// Cheap to clone; in the extensions of each request.
#[derive(Clone)]
pub(super) struct Visit(Arc<Inner>);

struct Inner {
    address: IpAddr,
    shown: Shown,
    cut: Shutdown,
    faults: DefaultDirectRateLimiter,
    streams: Arc<Semaphore>,
    /// Answers of which a piece waits for its reader, and since when.
    unread: Mutex<BTreeMap<u64, Instant>>,
    answers: AtomicU64,
}

impl Visit {
    pub(super) fn new((ip, shown): (IpAddr, Shown), rules: &Admission, cut: Shutdown) -> Self {
        Self(Arc::new(Inner {
            address: address::of(ip),
            shown,
            cut,
            faults: RateLimiter::direct(Quota::per_second(FAULTS_A_SECOND).allow_burst(FAULTS)),
            streams: places(rules.connection_streams),
            unread: Mutex::default(),
            answers: AtomicU64::default(),
        }))
    }

    /// The one that a request belongs to. None: it did not come over a connection.
    pub(super) fn of(extensions: &http::Extensions) -> Option<&Self> {
        extensions.get::<Self>()
    }

    pub(super) fn address(&self) -> IpAddr {
        self.0.address
    }

    /// What it has shown of itself.
    pub(super) fn shown(&self) -> &Shown {
        &self.0.shown
    }

    pub(super) fn cut(&self) -> &Shutdown {
        &self.0.cut
    }

    /// One more stream open on it.
    pub(super) fn stream(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.streams).try_acquire_owned().ok()
    }

    /// Whether a piece of an answer has waited for its reader so long.
    pub(super) fn is_unread_for(&self, time: Duration) -> bool {
        self.unread().values().any(|since| since.elapsed() >= time)
    }

    /// For an answer that begins: it waits at once, since a reader with no room at all asks for nothing.
    pub(super) fn answer(&self) -> Answer {
        let number = self.0.answers.fetch_add(1, Ordering::Relaxed);
        let mut answer = Answer { visit: self.clone(), number, waits: false };
        answer.given();
        answer
    }

    /// One more thing that nobody does so often unless on purpose.
    pub(super) fn fault(&self) {
        if self.0.faults.check().is_err() {
            tracing::debug!("a connection is cut: too many calls given up, or refused");
            self.0.cut.begin();
        }
    }

    fn unread(&self) -> MutexGuard<'_, BTreeMap<u64, Instant>> {
        self.0.unread.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One call: given up, unless it is answered.
pub(super) struct Call {
    visit: Option<Visit>,
    fault: bool,
}

impl Call {
    pub(super) fn begin(visit: Option<Visit>) -> Self {
        Self { visit, fault: true }
    }

    /// What it was answered with at once; none: with a message. Cancelled: its own message was broken off, which nobody hears.
    pub(super) fn answered(mut self, code: Option<Code>) {
        self.fault = matches!(code, Some(Code::Unauthenticated | Code::Cancelled));
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if let Some(visit) = self.visit.take().filter(|_| self.fault) {
            visit.fault();
        }
    }
}

/// An answer's pieces: each waits from when it is given until the next is asked for, which is when the connection has room again.
pub(super) struct Answer {
    visit: Visit,
    number: u64,
    waits: bool,
}

impl Answer {
    pub(super) fn given(&mut self) {
        self.waits = true;
        self.visit.unread().insert(self.number, Instant::now());
    }

    pub(super) fn asked(&mut self) {
        if std::mem::take(&mut self.waits) {
            self.visit.unread().remove(&self.number);
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.asked();
    }
}
