//! Taking connections: as many as there are seats for, and never in a busy loop. An error here is the machine's (no file descriptor is
//! left, most often), so it is waited for; tonic would ask again at once, a hundred thousand times a second.

use std::io;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::Stream;
use futures::future::poll_fn;
use tokio::net::TcpListener;

use super::connection::{Connection, Opened};
use super::seats::Seats;
use crate::config::Admission;
use crate::shutdown::Shutdown;

/// After an error.
const PAUSE: Duration = Duration::from_millis(100);

/// Accepted connections, each cut when `cut` begins.
pub(super) fn incoming(
    listener: TcpListener,
    rules: &Admission,
    cut: Shutdown,
) -> impl Stream<Item = io::Result<Connection>> + use<> {
    let door = (listener, Seats::new(rules), Opened::new(rules, cut));
    futures::stream::unfold(door, |(listener, seats, opened)| async move {
        let connection = loop {
            let (stream, peer) = patiently(|context| listener.poll_accept(context)).await;
            let Some(seat) = seats.take(peer.ip()) else {
                tracing::debug!("no seat is left for a connection");
                continue;
            };
            // Small answers must not wait for more to send with them. Where it fails, the connection is gone already.
            if stream.set_nodelay(true).is_ok() {
                break opened.connection(stream, peer, seat);
            }
        };
        Some((Ok(connection), (listener, seats, opened)))
    })
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
