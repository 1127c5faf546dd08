//! Connections that are whole before anybody has to do with them: where TLS is spoken, those whose handshake is over. [`whole`] is one of
//! them, for the listener of calls (server/accept.rs); [`Door`] is a listener of HTTP, whose handshakes go on beside each other, so that
//! one who says nothing holds up nobody.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use futures::{StreamExt as _, future::ready, stream::BoxStream};
use huying_http::Io;
use tokio::net::{TcpListener, TcpStream};
use tokio_stream::{Stream, wrappers::TcpListenerStream};

use super::{accept::Secure, shown::Shown};

/// Handshakes at once; whoever comes then waits to be accepted.
const HANDSHAKES: usize = 512;
/// After an error, before the next try.
const PAUSE: Duration = Duration::from_secs(1);

/// A connection, and where it comes from.
type Accepted = (Box<dyn Io>, SocketAddr);

/// Connections as they come.
fn accepted(
    listener: TcpListener,
    secure: Option<Arc<Secure>>,
) -> impl Stream<Item = io::Result<Accepted>> + Send {
    let streams = TcpListenerStream::new(listener).map(move |stream| one(stream, secure.clone()));
    streams.buffer_unordered(HANDSHAKES).filter_map(|accepted| ready(accepted.transpose()))
}

/// None: it is no connection of ours.
async fn one(stream: io::Result<TcpStream>, secure: Option<Arc<Secure>>) -> io::Result<Option<Accepted>> {
    let stream = stream?;
    // Small answers must not wait for more to send with them. Where it fails, the connection is gone already.
    let Ok(address) = stream.set_nodelay(true).and_then(|()| stream.peer_addr()) else { return Ok(None) };
    Ok(whole(stream, secure).await.map(|(stream, _)| (stream, address)))
}

/// A connection that was accepted, once its handshake is over. None: it failed. That is the other end's affair, and told to nobody but
/// whoever looks for it.
pub(crate) async fn whole(stream: TcpStream, secure: Option<Arc<Secure>>) -> Option<(Box<dyn Io>, Shown)> {
    let Some(secure) = secure else {
        let plain: Box<dyn Io> = Box::new(stream);
        return Some((plain, Shown::Unasked));
    };
    let from = stream.peer_addr().ok();
    // On a task of its own: what it reckons must not hold up the others.
    let handshake = tokio::spawn(async move {
        let stream = secure.accept(stream).await?;
        let shown = secure.shown(&stream);
        Ok::<_, io::Error>((stream, shown))
    });
    match handshake.await.map_err(io::Error::other).flatten() {
        Ok((stream, shown)) => {
            let secured: Box<dyn Io> = Box::new(stream);
            Some((secured, shown))
        }
        Err(error) => {
            tracing::debug!(%error, ?from, "a TLS handshake failed");
            None
        }
    }
}

/// A listener for a server of HTTP.
pub struct Door {
    connections: BoxStream<'static, io::Result<Accepted>>,
    address: SocketAddr,
}

impl Door {
    /// # Errors
    /// A listener without an address.
    pub fn new(listener: TcpListener, secure: Option<Arc<Secure>>) -> io::Result<Self> {
        Ok(Self { address: listener.local_addr()?, connections: accepted(listener, secure).boxed() })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl axum::serve::Listener for Door {
    type Io = Box<dyn Io>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            match self.connections.next().await {
                Some(Ok(accepted)) => return accepted,
                // No file descriptor is left, or the like: it passes.
                Some(Err(error)) => {
                    tracing::warn!(%error, "a connection cannot be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
                None => std::future::pending().await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(self.address)
    }
}
