//! From a header to a [`Caller`], or the reason why not.
//!
//! What must hold of a token is in token.rs. Here is what is known: the keys, from a file or from the issuer's address, kept current and
//! never dropped for none; the tokens verified with them; and who is denied, asked again for each call.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

use super::cache::{Cache, fingerprint};
use super::denied::Denied;
use super::keys::Keys;
use super::remote::{Pace, Remote, Unknown};
use super::token::{LEEWAY_S, Refusal, Rules, expired, refused};
use super::watched::Watched;
use super::{Caller, Issuer};
use crate::clock::system_now;
use crate::config::{AuthConfig, ConfigError};
use crate::gauges::OwnGauge;
use crate::server::admin::Readiness;
use crate::shutdown::Shutdown;
use crate::status::Problem;

/// Checks tokens. Shared by all of a server's connections.
pub struct Authenticator {
    rules: Rules,
    /// Keys that stay whatever the issuer says: the local issuer's.
    local: Keys,
    file: Option<Watched>,
    remote: Option<Remote>,
    denied: Option<Denied>,
    trust: RwLock<Arc<Trust>>,
    pace: Pace,
}

/// The keys, and the tokens that they have verified. New keys begin with no tokens, so a key that is
/// gone lives on in none, not even in one that was being verified at that moment.
struct Trust {
    keys: Keys,
    known: Cache,
}

/// A good token: whose it is, and the second in which it ends.
struct Verified {
    caller: Arc<Caller>,
    expires: u64,
}

impl Authenticator {
    pub fn new(config: &AuthConfig) -> Result<Self, ConfigError> {
        Self::paced(config, Pace::default())
    }

    /// Looks at its files at most this often.
    pub fn looking_every(config: &AuthConfig, every: Duration) -> Result<Self, ConfigError> {
        Self::paced(config, Pace { look: every, ..Pace::default() })
    }

    /// Keys behind an address are not there yet: see [`keep`](Self::keep).
    pub fn paced(config: &AuthConfig, pace: Pace) -> Result<Self, ConfigError> {
        let local = match &config.key_file {
            Some(path) => local_keys(path, config)
                .map_err(|error| ConfigError::wrong(format!("auth.key_file: {error}")))?,
            None => Keys::default(),
        };
        let opened = |key: &str, path: &Path, error: String| {
            ConfigError::wrong(format!("auth.{key} {}: {error}", path.display()))
        };
        let (file, keys) = match &config.jwks_file {
            Some(path) => {
                let (file, keys) = Watched::open(path, pace.look, Keys::from_jwks)
                    .map_err(|error| opened("jwks_file", path, error))?;
                (Some(file), keys.and(&local))
            }
            None => (None, local.clone()),
        };
        let denied = config
            .deny_file
            .as_ref()
            .map(|path| Denied::open(path, pace.look).map_err(|error| opened("deny_file", path, error)));
        Ok(Self {
            rules: Rules::new(config),
            local,
            file,
            remote: Remote::new(config, pace).map_err(ConfigError::wrong)?,
            denied: denied.transpose()?,
            trust: RwLock::new(Arc::new(Trust::new(keys))),
            pace,
        })
    }

    /// Whoever calls with these headers: exactly one `authorization`.
    pub async fn admit(&self, headers: &HeaderMap) -> Result<Arc<Caller>, Problem> {
        let token = Self::one(headers)?;
        let before = self.remote.as_ref().map(|remote| (remote, self.trust()));
        let refusal = match self.verified(token) {
            Ok(verified) => return Ok(verified.caller),
            Err(refusal) => refusal,
        };
        if refusal.unknown_key
            && let Some((remote, before)) = &before
            && self.has_newer_keys(remote, before).await
        {
            return self.verify(token);
        }
        Err(refusal.problem)
    }

    /// `Authorization: Bearer …`.
    pub fn verify_header(&self, header: Option<&HeaderValue>) -> Result<Arc<Caller>, Problem> {
        self.verify(bearer(header)?)
    }

    pub fn verify(&self, token: &str) -> Result<Arc<Caller>, Problem> {
        self.verified(token).map(|verified| verified.caller).map_err(|refusal| refusal.problem)
    }

    /// Ends when the bearer of these headers would be let in no more: the token has ended, they are denied, or the key is gone. A stream that was opened
    /// in the leeway after the token's end lasts as long as that does.
    pub(crate) async fn until_over(&self, headers: &HeaderMap) -> Problem {
        let token = match Self::one(headers) {
            Ok(token) => token,
            Err(problem) => return problem,
        };
        let mut ends = None;
        loop {
            let verified = match self.verified(token) {
                Ok(verified) => verified,
                Err(refusal) => return refusal.problem,
            };
            let now = now();
            let end = *ends.get_or_insert(match verified.expires {
                expires if now < expires => expires,
                expires => expires + LEEWAY_S + 1,
            });
            if now >= end {
                return expired();
            }
            tokio::time::sleep(self.pace.look.min(until(end))).await;
        }
    }

    /// Keeps the keys behind an address current; where there is none, nothing is done. Until they were read for the first time, nobody is let in
    /// and the service is not ready.
    pub fn keep(self: Arc<Self>, readiness: Readiness, stop: Shutdown) -> impl Future<Output = ()> + Send {
        let tell = move |own: &Self| readiness.set("issuer", !own.trust().keys.is_empty());
        if self.remote.is_some() {
            tell(&self);
        }
        async move {
            while let Some(remote) = &self.remote {
                if stop.unless(self.refresh()).await.is_none() {
                    return;
                }
                tell(&self);
                if !stop.pause(remote.pause()).await {
                    return;
                }
            }
        }
    }

    /// Reads the keys behind an address now.
    pub async fn refresh(&self) {
        if let Some(remote) = &self.remote
            && let Some(keys) = remote.read().await
        {
            self.replace(keys);
        }
    }

    /// How long what is read has not been readable, for Prometheus.
    pub fn gauges(self: &Arc<Self>) -> Vec<OwnGauge> {
        let own = Arc::clone(self);
        vec![OwnGauge {
            name: "huying_auth_stale_seconds",
            help: "Since the issuer's keys, or the list of who is denied, cannot be read anew and what was read before stays in force",
            label: "source",
            read: Arc::new(move |_| {
                own.look();
                // Those of a local issuer never fail.
                let keys = own.file.as_ref().map(Watched::stale).or(own.remote.as_ref().map(Remote::stale));
                let keys = Some(keys.unwrap_or_default());
                let denied = own.denied.as_ref().map(Denied::stale);
                [("keys", keys), ("denied", denied)]
                    .into_iter()
                    .filter_map(|(source, stale)| Some((source.to_owned(), whole(stale?))))
                    .collect()
            }),
        }]
    }

    fn one(headers: &HeaderMap) -> Result<&str, Problem> {
        let mut all = headers.get_all(AUTHORIZATION).iter();
        let first = all.next();
        // Which of two counts is told differently by every program on the way.
        if all.next().is_some() {
            return Err(refused("TOKEN_INVALID", "there must be exactly one authorization"));
        }
        bearer(first)
    }

    fn verified(&self, token: &str) -> Result<Verified, Refusal> {
        self.look();
        let (now, print, trust) = (now(), fingerprint(token), self.trust());
        let verified = match trust.known.get(&print, now) {
            Some((caller, expires)) => Verified { caller, expires },
            None => {
                let (caller, expires) = self.rules.check(token, &trust.keys, now)?;
                let caller = Arc::new(caller);
                trust.known.put(print, Arc::clone(&caller), expires);
                Verified { caller, expires }
            }
        };
        if self.denied.as_ref().is_some_and(|denied| denied.has(&verified.caller)) {
            return Err(refused("TOKEN_REVOKED", "the token, or whoever bears it, is let in no more").into());
        }
        Ok(verified)
    }

    /// Asks for them, if it is time to.
    async fn has_newer_keys(&self, remote: &Remote, before: &Arc<Trust>) -> bool {
        let newer = || !Arc::ptr_eq(before, &self.trust());
        match remote.read_for_unknown(newer).await {
            Unknown::Stays => false,
            Unknown::Newer => true,
            Unknown::Read(keys) => {
                self.replace(keys);
                true
            }
        }
    }

    fn trust(&self) -> Arc<Trust> {
        Arc::clone(&self.trust.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn look(&self) {
        if let Some(keys) = self.file.as_ref().and_then(|file| file.look(Keys::from_jwks)) {
            self.replace(keys);
        }
    }

    /// Keys that are the same leave what they have verified.
    fn replace(&self, keys: Keys) {
        let keys = keys.and(&self.local);
        let mut trust = self.trust.write().unwrap_or_else(PoisonError::into_inner);
        if !trust.keys.are(&keys) {
            *trust = Arc::new(Trust::new(keys));
            tracing::info!("the issuer's keys have changed");
        }
    }
}

impl Trust {
    fn new(keys: Keys) -> Self {
        Self { keys, known: Cache::new() }
    }
}

fn local_keys(path: &Path, config: &AuthConfig) -> Result<Keys, String> {
    let issuer = Issuer::open_or_create(path, &config.issuer, &config.audience);
    issuer
        .map_err(|error| error.to_string())
        .and_then(|issuer| Keys::from_jwks(&issuer.jwks()))
        .map(Keys::local)
}

fn bearer(header: Option<&HeaderValue>) -> Result<&str, Problem> {
    let Some(header) = header else {
        return Err(refused("TOKEN_MISSING", "this call needs a token"));
    };
    match header.to_str().ok().and_then(|text| text.split_once(' ')) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(refused("TOKEN_INVALID", "authorization must be: Bearer <token>")),
    }
}

/// Seconds since the epoch.
fn now() -> u64 {
    u64::try_from(system_now().timestamp()).unwrap_or(0)
}

/// From now to the beginning of that second.
fn until(second: u64) -> Duration {
    let now = Duration::from_millis(u64::try_from(system_now().timestamp_millis()).unwrap_or(0));
    Duration::from_secs(second).saturating_sub(now).max(Duration::from_millis(1))
}

/// What fails for less than a second fails too.
fn whole(time: Duration) -> usize {
    if time.is_zero() { 0 } else { usize::try_from(time.as_secs().max(1)).unwrap_or(usize::MAX) }
}
