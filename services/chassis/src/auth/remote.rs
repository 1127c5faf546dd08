//! The issuer's keys behind an address: the JWKS itself, or the issuer's description of itself (OpenID Connect Discovery), which says
//! where its JWKS is.
//!
//! Bounded on all sides: read every few minutes, and for a token that names a key nobody knows at most every 30 seconds, whoever sends
//! how many of them; each answer in size and time; no redirect followed; `https`, or `http` on loopback. An address is only ever one of the
//! settings' or of the issuer's description, never one out of a token.

use std::{
    path::PathBuf,
    sync::{Mutex as Lock, PoisonError},
    time::{Duration, Instant},
};

use huying_http::{Way, get, tls};
use rustls::ClientConfig;
use serde::Deserialize;
use tokio::sync::{Mutex, Semaphore};
use url::Url;

use super::keys::Keys;
use super::watched::LOOK;
use crate::config::{AuthConfig, trusted};
use crate::tls::files::Files;

const LARGEST: usize = 256 * 1024;
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// Callers that wait for newer keys at a time; more are refused at once, so that they cannot hold all places of a server.
const WAITING: usize = 32;

/// How often it is asked.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// A file, that of the issuer's authority among them, and the token of a stream, is looked at.
    pub look: Duration,
    /// Keys behind an address are read again.
    pub refresh: Duration,
    /// The same after they could not be read.
    pub retry: Duration,
    /// At least between two readings because of a key that is not known.
    pub unknown: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            look: LOOK,
            refresh: Duration::from_secs(300),
            retry: Duration::from_secs(30),
            unknown: Duration::from_secs(30),
        }
    }
}

pub(super) struct Remote {
    place: Place,
    /// As the file of the issuer's authority says, where one is named.
    secure: Files<ClientConfig>,
    plain: Way,
    pace: Pace,
    /// When it was asked because of an unknown key. Held while asking: those who wait take what the first has found.
    asked: Mutex<Option<Instant>>,
    waiting: Semaphore,
    /// Since when it cannot be read: from the beginning until it has been.
    unread: Lock<Option<Instant>>,
}

enum Place {
    Keys(Url),
    Description { at: Url, issuer: String },
}

#[derive(Deserialize)]
struct Description {
    issuer: String,
    jwks_uri: String,
}

impl Remote {
    /// None where no address is set.
    pub(super) fn new(config: &AuthConfig, pace: Pace) -> Result<Option<Self>, String> {
        let place = if let Some(address) = &config.jwks_url {
            Place::Keys(trusted(address).map_err(|what| format!("auth.jwks_url {what}"))?)
        } else if config.discover {
            let at = trusted(&config.description()).map_err(|what| format!("auth.issuer {what}"))?;
            Place::Description { at, issuer: config.issuer.clone() }
        } else {
            return Ok(None);
        };
        let authority: Vec<_> = config.issuer_ca_file.iter().map(PathBuf::as_path).collect();
        let secure = Files::open(&authority, pace.look, trusting);
        Ok(Some(Self {
            place,
            secure: secure.map_err(|error| format!("auth.issuer_ca_file {error}"))?,
            plain: Way::plain(),
            pace,
            asked: Mutex::default(),
            waiting: Semaphore::new(WAITING),
            unread: Lock::new(Some(Instant::now())),
        }))
    }

    /// Its keys now. While there are none, those before stay.
    pub(super) async fn read(&self) -> Option<Keys> {
        let read = self.keys().await;
        let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        match read {
            Ok(keys) => {
                *unread = None;
                Some(keys)
            }
            Err(error) => {
                tracing::warn!(error, "the issuer's keys cannot be read: those known before stay");
                unread.get_or_insert_with(Instant::now);
                None
            }
        }
    }

    /// Keys for a token whose key is not among those it was held against. `newer` gives what somebody else has read since, if they have.
    pub(super) async fn read_for_unknown(&self, newer: impl Fn() -> bool) -> Unknown {
        let Ok(_place) = self.waiting.try_acquire() else { return Unknown::Stays };
        let mut asked = self.asked.lock().await;
        if newer() {
            return Unknown::Newer;
        }
        if asked.is_some_and(|at| at.elapsed() < self.pace.unknown) {
            return Unknown::Stays;
        }
        // Said before: whoever goes away while it is asked has used it up all the same.
        *asked = Some(Instant::now());
        self.read().await.map_or(Unknown::Stays, Unknown::Read)
    }

    /// Until it is read again.
    pub(super) fn pause(&self) -> Duration {
        if self.stale().is_zero() { self.pace.refresh } else { self.pace.retry }
    }

    /// How long it has not been readable.
    pub(super) fn stale(&self) -> Duration {
        let unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        unread.map_or(Duration::ZERO, |since| since.elapsed())
    }

    async fn keys(&self) -> Result<Keys, String> {
        match &self.place {
            Place::Keys(at) => Keys::from_jwks(&self.text(at).await?),
            Place::Description { at, issuer } => {
                let description: Description = serde_json::from_str(&self.text(at).await?)
                    .map_err(|error| format!("{at} is no description of an issuer: {error}"))?;
                if description.issuer != *issuer {
                    return Err(format!("{at} describes another issuer than auth.issuer"));
                }
                let keys =
                    trusted(&description.jwks_uri).map_err(|what| format!("the jwks_uri of {at} {what}"))?;
                if at.scheme() == "https" && keys.scheme() != "https" {
                    return Err(format!("the jwks_uri of {at} must be an https address"));
                }
                Keys::from_jwks(&self.text(&keys).await?)
            }
        }
    }

    async fn text(&self, at: &Url) -> Result<String, String> {
        let way = if at.scheme() == "https" { Way::over(self.secure.now()) } else { self.plain.clone() };
        let bytes = get(&way, at, LARGEST, ANSWER_WITHIN).await.map_err(|error| format!("{at}: {error}"))?;
        String::from_utf8(bytes.to_vec()).map_err(|_| format!("{at} is no text"))
    }
}

/// Trusts an authority, or those that browsers trust.
fn trusting(texts: &[String]) -> Result<ClientConfig, String> {
    let roots = match texts.first() {
        Some(pem) => tls::authorities(pem.as_bytes())?,
        None => tls::public_authorities(),
    };
    tls::client(roots, None)
}

/// What became of a token whose key is not known.
pub(super) enum Unknown {
    /// Nothing.
    Stays,
    /// Others have put newer keys in force meanwhile.
    Newer,
    Read(Keys),
}
