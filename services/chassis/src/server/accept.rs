//! Taking connections, on either port: as many as there are seats for, and never in a busy loop. An error here is the machine's (no file
//! descriptor is left, most often), so it is waited for; tonic would ask again at once, a hundred thousand times a second. A seat is taken
//! before the handshake of TLS, which goes on beside those of others: one who says nothing holds up nobody.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::{poll_fn, ready};
use futures::{Stream, StreamExt as _};
use huying_http::Io;
use tokio::net::{TcpListener, TcpStream};

use super::connection::{Connection, Opened};
use super::seats::{Seat, Seats};
use crate::config::Admission;
use crate::shutdown::Shutdown;
use crate::tls::{Secure, Shown, whole};

/// After an error.
const PAUSE: Duration = Duration::from_millis(100);

/// A connection whose handshake, where there is one, is over.
pub(super) struct Arrived {
    pub(super) stream: Box<dyn Io>,
    pub(super) shown: Shown,
    pub(super) peer: SocketAddr,
    pub(super) seat: Seat,
}

/// Those for calls, each cut when `cut` begins.
pub(super) fn incoming(
    listener: TcpListener,
    secure: Option<Arc<Secure>>,
    rules: &Admission,
    cut: Shutdown,
) -> impl Stream<Item = io::Result<Connection>> + use<> {
    let opened = Opened::new(rules, cut);
    let seats = Seats::new(rules.connections, rules.address_connections);
    arrived(listener, secure, seats).map(move |arrived| Ok(opened.connection(arrived)))
}

/// Connections as they come.
pub(super) fn arrived(
    listener: TcpListener,
    secure: Option<Arc<Secure>>,
    seats: Seats,
) -> impl Stream<Item = Arrived> + use<> {
    let most = seats.all();
    seated(listener, seats)
        .map(move |seated| begun(seated, secure.clone()))
        // Seats bound them already: one more, so that who has none is sent away at once.
        .buffer_unordered(most.saturating_add(1))
        .filter_map(ready)
}

type Seated = (TcpStream, SocketAddr, Seat);

fn seated(listener: TcpListener, seats: Seats) -> impl Stream<Item = Seated> {
    futures::stream::unfold((listener, seats), |(listener, seats)| async move {
        loop {
            let (stream, peer) = patiently(|context| listener.poll_accept(context)).await;
            let Some(seat) = seats.take(peer.ip()) else {
                tracing::debug!("no seat is left for a connection");
                continue;
            };
            // Small answers must not wait for more to send with them. Where it fails, the connection is gone already.
            if stream.set_nodelay(true).is_ok() {
                return Some(((stream, peer, seat), (listener, seats)));
            }
        }
    })
}

/// None: its handshake failed, and its seat is free again.
async fn begun((stream, peer, seat): Seated, secure: Option<Arc<Secure>>) -> Option<Arrived> {
    let (stream, shown) = whole(stream, secure).await?;
    Some(Arrived { stream, shown, peer, seat })
}

async fn patiently<T>(mut accept: impl FnMut(&mut Context<'_>) -> Poll<io::Result<T>>) -> T {
    loop {
        match poll_fn(&mut accept).await {
            Ok(accepted) => return accepted,
            Err(error) => {
                tracing::warn!(%error, "no connection can be taken");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_error_is_no_busy_loop() {
        let (begun, mut left) = (tokio::time::Instant::now(), 3);
        let accepted = patiently(|_| match left {
            0 => Poll::Ready(Ok("somebody")),
            _ => {
                left -= 1;
                Poll::Ready(Err(io::Error::other("too many open files")))
            }
        });
        assert_eq!(accepted.await, "somebody");
        assert!(begun.elapsed() >= 3 * PAUSE);
    }
}
