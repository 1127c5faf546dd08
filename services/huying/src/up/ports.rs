//! Addresses to listen on: what the settings say, port 0 being any free one below 32768 (above it the kernel hands ports to outgoing
//! connections); where they say nothing, the well-known ports. One that is taken is said, with how to choose another: whoever calls a
//! service looks for it where it was asked to be.

use std::io::ErrorKind;
use std::net::SocketAddr;

use anyhow::Context;
use huying_chassis::config::env_prefix;
use huying_embedded::free_port;
use tokio::net::TcpListener;

use crate::failure::wrong;
use crate::services::NAMES;

/// The settings' keys.
pub(super) const GRPC: &str = "listen";
pub(super) const ADMIN: &str = "admin_listen";

const TRIES: usize = 100;
/// The first service's ports; the others follow.
const FIRST_GRPC: u16 = 50_051;
const FIRST_ADMIN: u16 = 9_091;

/// Binds the gRPC listener of a service. `fixed`: at its well-known port, unless the address has one.
pub(super) async fn bind(name: &str, asked: SocketAddr, fixed: bool) -> anyhow::Result<TcpListener> {
    listener(name, GRPC, asked, fixed.then(|| known(name, FIRST_GRPC))).await
}

/// Binds the second port of a service.
pub(super) async fn admin(name: &str, asked: SocketAddr, fixed: bool) -> anyhow::Result<TcpListener> {
    listener(name, ADMIN, asked, fixed.then(|| known(name, FIRST_ADMIN))).await
}

async fn listener(
    name: &str,
    key: &str,
    asked: SocketAddr,
    known: Option<u16>,
) -> anyhow::Result<TcpListener> {
    let port = if asked.port() == 0 { known } else { Some(asked.port()) };
    if let Some(port) = port {
        let address = SocketAddr::new(asked.ip(), port);
        return TcpListener::bind(address).await.map_err(|error| cannot_listen(name, key, address, &error));
    }
    let mut last = None;
    for port in (0..TRIES).map(|_| free_port()) {
        match TcpListener::bind((asked.ip(), port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some(error),
        }
    }
    let error = last.unwrap_or_else(|| std::io::Error::other("no port was tried"));
    Err(error).with_context(|| format!("{name} finds no free port on {}", asked.ip()))
}

fn cannot_listen(name: &str, key: &str, address: SocketAddr, error: &std::io::Error) -> anyhow::Error {
    let variable = format!("{}{}", env_prefix(name), key.to_uppercase());
    let taken = error.kind() == ErrorKind::AddrInUse;
    let why = if taken { "the port is taken".to_owned() } else { error.to_string() };
    let what = format!("{name} cannot listen on {address}: {why}");
    let ip = address.ip();
    let fix = format!(
        "end what listens there (another `huying up`?), choose another with {variable}={}, or let any free port be \
         taken: {variable}={} for this one, --any-ports for all",
        SocketAddr::new(ip, address.port().wrapping_add(100)),
        SocketAddr::new(ip, 0),
    );
    wrong(what, fix)
}

fn known(name: &str, first: u16) -> u16 {
    let place = NAMES.iter().position(|known| *known == name).unwrap_or(0);
    first + u16::try_from(place).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Ending, report};

    #[tokio::test]
    async fn a_taken_port_is_said_with_the_setting_that_chooses_another() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = taken.local_addr().unwrap();
        for (refused, variable) in [
            (bind("casework", address, true).await, "HUYING_CASEWORK__LISTEN=127.0.0.1:0"),
            (admin("casework", address, false).await, "HUYING_CASEWORK__ADMIN_LISTEN=127.0.0.1:0"),
        ] {
            let refused = refused.unwrap_err();
            let said = report(&refused);
            assert!(said.contains(&format!("cannot listen on {address}: the port is taken")), "{said}");
            assert_eq!(Ending::of(&refused), Ending::Wrong);
            assert!(said.contains(variable), "{said}");
        }
    }

    #[tokio::test]
    async fn any_free_port_is_asked_for_with_zero() {
        let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let port = bind("casework", any, false).await.unwrap().local_addr().unwrap().port();
        assert!((20_000..32_768).contains(&port), "{port}");
        assert_eq!(known("casework", FIRST_GRPC), 50_053);
    }
}
