//! Who calls, as far as it counts here: the subject of a token, or an address where none is asked for; and what each may have at once and
//! a second. Never a header: whoever calls writes those. Who is refused before it is known who they are (auth.rs) counts as their address,
//! by a rate of its own, so that a wrong token costs nobody behind the same address what they may ask without one.
//!
//! What is known of callers is bounded; who has not called for longest is forgotten, and with them what they had used up, which by then has come again.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::hash::{Hash, Hasher};
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::clock::Clock as _;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use quick_cache::sync::Cache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::method::Rpc;
use super::room::Room;
use super::seats::places;
use super::visit::Visit;
use crate::auth::{Caller, Role};
use crate::config::{Admission, Share};

/// Callers known at once.
const MOST: usize = 20_000;
/// Who has to wait has to wait.
const SOON: Duration = Duration::from_millis(1);
/// One caller may have this part of their kind's room, unless they may have all of it.
const PART: usize = 4;
/// How often an address may ask whether we are well, at least: probes of many replicas may come from one, and who asks on purpose needs
/// thousands.
const PROBES: u32 = 50;
const PROBES_AT_ONCE: u32 = 100;

/// The kinds of callers, each with a share of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Without a token.
    Anonymous,
    /// Whoever asks whether we are well, also without one: they take nothing from the others.
    Watchman,
    Platform,
    Staff,
    Service,
}

/// One caller, as one kind.
#[derive(Clone)]
pub(super) struct Who {
    pub(super) kind: Kind,
    bearer: Option<Arc<Caller>>,
    address: IpAddr,
}

impl Who {
    /// Set by `auth`, where the rpc asks for a token.
    pub(super) fn of(rpc: Rpc, extensions: &http::Extensions) -> Self {
        let address = address(Visit::of(extensions));
        let bearer = extensions.get::<Arc<Caller>>().cloned();
        let kind = match &bearer {
            None if rpc.health => Kind::Watchman,
            None => Kind::Anonymous,
            Some(caller) if caller.service().is_some() => Kind::Service,
            Some(caller) if caller.has(Role::Platform) => Kind::Platform,
            Some(_) => Kind::Staff,
        };
        Self { kind, bearer, address }
    }

    /// Whoever comes from there, without a token that counts.
    fn at(address: IpAddr) -> Self {
        Self { kind: Kind::Anonymous, bearer: None, address }
    }

    fn key(&self) -> Result<(&str, &str), IpAddr> {
        self.bearer.as_ref().map(|it| (it.issuer.as_str(), it.subject.as_str())).ok_or(self.address)
    }
}

impl PartialEq for Who {
    fn eq(&self, other: &Self) -> bool {
        (self.kind, self.key()) == (other.kind, other.key())
    }
}

impl Eq for Who {}

impl Hash for Who {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.kind, self.key()).hash(state);
    }
}

pub(super) struct Guests {
    known: Cache<Who, Arc<Guest>>,
    rules: Admission,
    watchmen: Share,
}

impl Guests {
    pub(super) fn new(rules: &Admission) -> Self {
        Self { known: Cache::new(MOST), watchmen: watchmen(&rules.anonymous), rules: rules.clone() }
    }

    pub(super) fn of(&self, who: &Who) -> Arc<Guest> {
        let made = || Ok::<_, Infallible>(Arc::new(self.guest(self.share(who.kind))));
        match self.known.get_or_insert_with(who, made) {
            Ok(guest) => guest,
            Err(never) => match never {},
        }
    }

    /// One more call from there that is refused; or how long until there may be one.
    pub(super) fn refused(&self, visit: Option<&Visit>) -> Result<(), Duration> {
        within(&self.of(&Who::at(address(visit))).refused)
    }

    fn guest(&self, share: &Share) -> Guest {
        let part = if share.caller_calls == 0 { 1 } else { PART };
        Guest::new(share, self.rules.room(share) / part)
    }

    fn share(&self, kind: Kind) -> &Share {
        match kind {
            Kind::Anonymous => &self.rules.anonymous,
            Kind::Watchman => &self.watchmen,
            Kind::Platform => &self.rules.platforms,
            Kind::Staff => &self.rules.staff,
            Kind::Service => &self.rules.services,
        }
    }
}

/// None: any.
type Rate = Option<DefaultDirectRateLimiter>;

/// What one caller has at the moment.
pub(super) struct Guest {
    rate: Rate,
    refused: Rate,
    calls: Arc<Semaphore>,
    room: Room,
    most_streams: usize,
    streams: Mutex<BTreeMap<&'static str, usize>>,
}

impl Guest {
    fn new(share: &Share, room: usize) -> Self {
        Self {
            rate: rate(share),
            refused: rate(share),
            calls: places(share.caller_calls),
            room: Room::new(room),
            most_streams: if share.caller_streams == 0 { usize::MAX } else { share.caller_streams },
            streams: Mutex::default(),
        }
    }

    /// One more call; or how long until there may be one.
    pub(super) fn may_call(&self) -> Result<(), Duration> {
        within(&self.rate)
    }

    pub(super) fn call(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.calls).try_acquire_owned().ok()
    }

    /// For their messages that are not whole yet.
    pub(super) const fn room(&self) -> &Room {
        &self.room
    }

    /// One more stream of an rpc, which may have a bound of its own.
    pub(super) fn stream(self: Arc<Self>, rpc: Rpc) -> Option<Stream> {
        let mut open = self.streams();
        let (of_it, all) = (open.get(rpc.name).copied().unwrap_or_default(), open.values().sum::<usize>());
        if all >= self.most_streams || (rpc.caps.streams > 0 && of_it >= rpc.caps.streams) {
            return None;
        }
        open.insert(rpc.name, of_it + 1);
        drop(open);
        Some(Stream { guest: self, rpc: rpc.name })
    }

    fn streams(&self) -> MutexGuard<'_, BTreeMap<&'static str, usize>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// They ask more often than others who show no token, and take nothing from them.
fn watchmen(anonymous: &Share) -> Share {
    let rate = if anonymous.rate == 0 { 0 } else { anonymous.rate.max(PROBES) };
    Share { rate, burst: anonymous.burst.max(PROBES_AT_ONCE), ..anonymous.clone() }
}

/// Where it did not come over a connection, it is nobody's.
fn address(visit: Option<&Visit>) -> IpAddr {
    visit.map_or(Ipv4Addr::UNSPECIFIED.into(), Visit::address)
}

fn rate(share: &Share) -> Rate {
    quota(share).map(RateLimiter::direct)
}

/// None: any.
fn quota(share: &Share) -> Option<Quota> {
    let (rate, burst) = NonZeroU32::new(share.rate).zip(NonZeroU32::new(share.burst))?;
    Some(Quota::per_second(rate).allow_burst(burst))
}

/// One more; or how long until there may be one.
fn within(rate: &Rate) -> Result<(), Duration> {
    let Some(rate) = rate else { return Ok(()) };
    rate.check().map_err(|until| until.wait_time_from(rate.clock().now()).max(SOON))
}

/// A stream that is open. It is not when this is dropped.
pub(super) struct Stream {
    guest: Arc<Guest>,
    rpc: &'static str,
}

impl Drop for Stream {
    fn drop(&mut self) {
        if let Some(open) = self.guest.streams().get_mut(self.rpc) {
            *open -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;
    use crate::config::{Config, NoSettings, load};

    /// Which call is the first that is told to come again, where there are so many a second; none in a minute.
    fn refused_at(share: &Share, a_second: u32) -> Option<u32> {
        let clock = FakeRelativeClock::default();
        let limiter = RateLimiter::direct_with_clock(quota(share)?, clock.clone());
        (1..=60 * a_second).find(|_| {
            let refused = limiter.check().is_err();
            clock.advance(Duration::from_secs(1) / a_second);
            refused
        })
    }

    #[test]
    fn attack_56_by_default_a_hundred_calls_a_second_are_too_many_for_one_of_the_staff() {
        let config: Config<NoSettings> = load("probe", "", None, []).unwrap();
        let rules = config.limits.admission;
        // Their burst, and what comes again while it lasts.
        assert!(refused_at(&rules.staff, 100).is_some_and(|call| (398..=402).contains(&call)));
        assert!(refused_at(&rules.staff, 10_000).is_some_and(|call| (200..=203).contains(&call)));
        assert_eq!(refused_at(&rules.staff, 50), None);
        // A platform sends for a whole city.
        assert_eq!(refused_at(&rules.platforms, 500), None);
        assert!(refused_at(&rules.platforms, 1000).is_some_and(|call| (1998..=2002).contains(&call)));
    }
}
