//! The token a service shows to its peers: from a file someone else renews, or minted here by the
//! local issuer and renewed when half its life is over.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderValue;

use super::watched::{Held, LOOK};
use super::{Claims, Issuer, Lives};
use crate::clock::system_now;
use crate::config::{AuthConfig, ConfigError};

/// Cheap to clone.
#[derive(Clone)]
pub struct TokenSource(Arc<Kind>);

enum Kind {
    /// For processes that call nobody.
    None,
    File(Held<HeaderValue>),
    Minted {
        issuer: Box<Issuer>,
        claims: Claims,
        life: Duration,
        state: Mutex<Option<(DateTime<Utc>, HeaderValue)>>,
    },
}

impl TokenSource {
    /// The token of `service`: `token_file`, else minted with `key_file`, else none.
    pub fn new(service: &str, config: &AuthConfig) -> Result<Self, ConfigError> {
        let kind = if let Some(path) = &config.token_file {
            Kind::File(Held::open(path, LOOK, read).map_err(|error| {
                ConfigError::wrong(format!("auth.token_file {}: {error}", path.display()))
            })?)
        } else if let Some(path) = &config.key_file {
            let issuer = Issuer::open_or_create(path, &config.issuer, &config.audience)
                .map_err(|error| ConfigError::wrong(format!("auth.key_file: {error:#}")))?;
            minted(issuer, Claims::service(service), Lives::new(config))
        } else {
            Kind::None
        };
        Ok(Self(Arc::new(kind)))
    }

    /// Sends none.
    pub fn none() -> Self {
        Self(Arc::new(Kind::None))
    }

    /// Minted for anyone, with the longest life that their roles usually have: an operator's command, a test.
    pub fn minted(issuer: Issuer, claims: Claims) -> Self {
        Self(Arc::new(minted(issuer, claims, Lives::default())))
    }

    /// `Bearer …`, marked sensitive so that it is never logged or indexed.
    pub fn header(&self) -> Option<HeaderValue> {
        match &*self.0 {
            Kind::None => None,
            Kind::File(header) => Some(HeaderValue::clone(&header.now())),
            Kind::Minted { issuer, claims, life, state } => {
                let (now, mut state) = (system_now(), state.lock().ok()?);
                if let Some((minted, header)) = state.as_ref()
                    && is_fresh(*minted, now, *life)
                {
                    return Some(header.clone());
                }
                let header = issuer.mint(claims, *life).ok().and_then(|token| bearer(&token))?;
                *state = Some((now, header.clone()));
                Some(header)
            }
        }
    }
}

fn minted(issuer: Issuer, claims: Claims, lives: Lives) -> Kind {
    let life = lives.of(&claims.roles).min(lives.of_local(&claims.roles));
    Kind::Minted { issuer: Box::new(issuer), claims, life, state: Mutex::new(None) }
}

/// By the clock that its readers count by, which goes on while the machine sleeps. One that was set back makes a new token.
fn is_fresh(minted: DateTime<Utc>, now: DateTime<Utc>, life: Duration) -> bool {
    (now - minted).to_std().is_ok_and(|age| age < life / 2)
}

fn read(text: &str) -> Result<HeaderValue, String> {
    bearer(text.trim()).ok_or_else(|| "no token can be read from it".to_owned())
}

fn bearer(token: &str) -> Option<HeaderValue> {
    if token.is_empty() {
        return None;
    }
    let mut header = HeaderValue::try_from(format!("Bearer {token}")).ok()?;
    header.set_sensitive(true);
    Some(header)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_token_is_fresh_for_half_its_life_by_the_clock() {
        let (minted, life) = (DateTime::UNIX_EPOCH, Duration::from_secs(3600));
        for (seconds, fresh) in [(0, true), (1799, true), (1800, false), (86_400, false), (-1, false)] {
            assert_eq!(is_fresh(minted, minted + TimeDelta::seconds(seconds), life), fresh, "{seconds}");
        }
    }
}
