//! Addresses to listen on: what the settings say, else the well-known ports where they are free, else
//! any free one below 32768 (above it the kernel hands ports to outgoing connections).

use std::net::SocketAddr;

use anyhow::Context;
use huying_embedded::free_port;
use tokio::net::TcpListener;

use crate::services::NAMES;

const TRIES: usize = 100;
/// The first service's ports; the others follow.
const FIRST_GRPC: u16 = 50_051;
const FIRST_ADMIN: u16 = 9_091;

/// Binds the gRPC listener of a service.
pub(super) async fn bind(name: &str, asked: SocketAddr, fixed: bool) -> anyhow::Result<TcpListener> {
    listener(name, asked, fixed.then(|| known(name, FIRST_GRPC))).await
}

/// Binds the second port of a service.
pub(super) async fn admin(name: &str, asked: SocketAddr, fixed: bool) -> anyhow::Result<TcpListener> {
    listener(name, asked, fixed.then(|| known(name, FIRST_ADMIN))).await
}

async fn listener(name: &str, asked: SocketAddr, known: Option<u16>) -> anyhow::Result<TcpListener> {
    if asked.port() != 0 {
        return TcpListener::bind(asked).await.with_context(|| format!("{name} cannot listen on {asked}"));
    }
    let mut last = None;
    for port in known.into_iter().chain((0..TRIES).map(|_| free_port())) {
        match TcpListener::bind((asked.ip(), port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some(error),
        }
    }
    let error = last.unwrap_or_else(|| std::io::Error::other("no port was tried"));
    Err(error).with_context(|| format!("{name} finds no free port on {}", asked.ip()))
}

fn known(name: &str, first: u16) -> u16 {
    let place = NAMES.iter().position(|known| *known == name).unwrap_or(0);
    first + u16::try_from(place).unwrap_or(0)
}
