//! Where NATS is, as written in `nats_url`: one server or several, separated by commas, with a user and password or a token in front of
//! the host. The client takes neither from an address by itself, so they are taken out here and given to it apart.
//!
//! Guaranteed: no error and no printed form shows what stands before the `@`.

use std::fmt;

use async_nats::{ConnectOptions, ServerAddr};
use huying_http::is_host_here;
use percent_encoding::percent_decode_str;

use crate::secret::Secret;

/// The servers of one NATS, and how to log in there.
#[derive(Clone, Debug)]
pub struct NatsAddress {
    servers: Vec<ServerAddr>,
    login: Option<Login>,
}

/// What stands before the `@`: `user:password` or a token alone.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Login {
    name: Secret<String>,
    password: Option<Secret<String>>,
}

/// What is wrong with an address. Says which of several, not what it was: it may hold a password.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    #[error("nats_url must be set: nats://host:port, several separated by commas")]
    Missing,
    #[error("nats_url: server {0} is no address like nats://user:password@host:port")]
    Unreadable(usize),
    #[error("nats_url: all servers must be given the same user and password")]
    Logins,
}

impl NatsAddress {
    /// Reads a list of servers. One that names no user takes that of the others.
    ///
    /// # Errors
    /// See [`BadAddress`].
    pub fn parse(urls: &str) -> Result<Self, BadAddress> {
        let mut address = Self { servers: Vec::new(), login: None };
        let urls = urls.split(',').map(str::trim).filter(|url| !url.is_empty());
        for (place, url) in urls.enumerate() {
            let (server, login) = read(url).ok_or(BadAddress::Unreadable(place + 1))?;
            if address.login.is_some() && login.is_some() && address.login != login {
                return Err(BadAddress::Logins);
            }
            address.login = address.login.or(login);
            address.servers.push(server);
        }
        if address.servers.is_empty() { Err(BadAddress::Missing) } else { Ok(address) }
    }

    /// Whether something would go over a network unencrypted, where nothing but the address asks for TLS.
    pub fn is_plain(&self) -> bool {
        self.servers.iter().any(|server| !server.tls_required() && !is_host_here(server.host()))
    }

    /// For [`ConnectOptions::connect`].
    pub fn servers(&self) -> &[ServerAddr] {
        &self.servers
    }

    /// Whether a user, or a token, stands in it.
    pub fn logs_in(&self) -> bool {
        self.login.is_some()
    }

    /// Options that log in as it says.
    pub fn options(&self) -> ConnectOptions {
        match &self.login {
            None => ConnectOptions::new(),
            Some(Login { name, password: None }) => ConnectOptions::with_token(name.expose().clone()),
            Some(Login { name, password: Some(password) }) => {
                ConnectOptions::with_user_and_password(name.expose().clone(), password.expose().clone())
            }
        }
    }
}

/// The servers alone.
impl fmt::Display for NatsAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let servers: Vec<&str> = self.servers.iter().map(ServerAddr::as_url_str).collect();
        f.write_str(&servers.join(","))
    }
}

fn read(url: &str) -> Option<(ServerAddr, Option<Login>)> {
    let server: ServerAddr = url.parse().ok()?;
    if server.host().is_empty() {
        return None;
    }
    let name = server.username().map(decoded).transpose().ok()?;
    let password = server.password().map(decoded).transpose().ok()?;
    let login = match (name, password) {
        (None, None) => None,
        (None, Some(_)) => return None,
        (Some(name), password) => Some(Login { name, password }),
    };
    let mut bare = server.into_inner();
    bare.set_username("").ok()?;
    bare.set_password(None).ok()?;
    Some((ServerAddr::from_url(bare).ok()?, login))
}

fn decoded(part: &str) -> Result<Secret<String>, std::str::Utf8Error> {
    percent_decode_str(part).decode_utf8().map(|text| Secret::new(text.into_owned()))
}
