//! The token a service shows to its peers: from a file someone else renews, or minted here by the
//! local issuer and renewed when half its life is over.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use http::HeaderValue;

use super::{Claims, Issuer, Lives};
use crate::config::{AuthConfig, ConfigError};

const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Cheap to clone.
#[derive(Clone)]
pub struct TokenSource(Arc<Kind>);

enum Kind {
    /// For processes that call nobody.
    None,
    File {
        path: PathBuf,
        state: Mutex<FileState>,
    },
    Minted {
        issuer: Box<Issuer>,
        claims: Claims,
        life: Duration,
        state: Mutex<Option<(Instant, HeaderValue)>>,
    },
}

struct FileState {
    looked: Instant,
    stamp: Option<SystemTime>,
    header: HeaderValue,
}

impl TokenSource {
    /// The token of `service`: `token_file`, else minted with `key_file`, else none.
    pub fn new(service: &str, config: &AuthConfig) -> Result<Self, ConfigError> {
        let kind = if let Some(path) = &config.token_file {
            let refuse =
                |what: &str| ConfigError::wrong(format!("auth.token_file {}: {what}", path.display()));
            let header = read(path).ok_or_else(|| refuse("no token can be read from it"))?;
            let state = FileState { looked: Instant::now(), stamp: stamp(path), header };
            Kind::File { path: path.clone(), state: Mutex::new(state) }
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
            Kind::File { path, state } => {
                let mut state = state.lock().ok()?;
                if state.looked.elapsed() >= LOOK_EVERY {
                    state.looked = Instant::now();
                    let found = stamp(path);
                    if found != state.stamp {
                        state.stamp = found;
                        // A file that is being replaced is read again at the next look.
                        if let Some(header) = read(path) {
                            state.header = header;
                        }
                    }
                }
                Some(state.header.clone())
            }
            Kind::Minted { issuer, claims, life, state } => {
                let mut state = state.lock().ok()?;
                if let Some((minted, header)) = state.as_ref()
                    && minted.elapsed() < *life / 2
                {
                    return Some(header.clone());
                }
                let header = issuer.mint(claims, *life).ok().and_then(|token| bearer(&token))?;
                *state = Some((Instant::now(), header.clone()));
                Some(header)
            }
        }
    }
}

fn minted(issuer: Issuer, claims: Claims, lives: Lives) -> Kind {
    let life = lives.of(&claims.roles).min(lives.of_local(&claims.roles));
    Kind::Minted { issuer: Box::new(issuer), claims, life, state: Mutex::new(None) }
}

fn stamp(path: &PathBuf) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

fn read(path: &PathBuf) -> Option<HeaderValue> {
    fs::read_to_string(path).ok().and_then(|text| bearer(text.trim()))
}

fn bearer(token: &str) -> Option<HeaderValue> {
    if token.is_empty() {
        return None;
    }
    let mut header = HeaderValue::try_from(format!("Bearer {token}")).ok()?;
    header.set_sensitive(true);
    Some(header)
}
