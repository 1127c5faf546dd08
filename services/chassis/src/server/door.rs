//! The second port's listener. It has seats of its own, so that whoever reaches it takes no file descriptors from calls, and whoever fills
//! the first port does not hide from operators how things stand. A connection is for one question: asked, answered and read in time, or it
//! is cut.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use futures::StreamExt as _;
use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{net::TcpListener, time::timeout};

use super::{
    accept::{Arrived, arrived},
    seats::Seats,
};
use crate::tls::Secure;

/// Connections at once, in all and from one address. Probes and scrapes are few.
const SEATS: usize = 64;
const ADDRESS_SEATS: usize = 32;
/// From when it is taken until its answer is read.
const WITHIN: Duration = Duration::from_secs(15);
/// Of a question's head, in bytes.
const LARGEST_HEAD: usize = 16 * 1024;

/// Bound, and not yet answering.
pub struct Door {
    listener: TcpListener,
    secure: Option<Arc<Secure>>,
    address: SocketAddr,
}

impl Door {
    /// # Errors
    /// A listener without an address.
    pub fn new(listener: TcpListener, secure: Option<Arc<Secure>>) -> io::Result<Self> {
        Ok(Self { address: listener.local_addr()?, listener, secure })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until it is dropped, which cuts what is open.
    pub(super) async fn answer(self, app: Router) {
        let mut http = http1::Builder::new();
        http.keep_alive(false).max_buf_size(LARGEST_HEAD);
        let answering = |Arrived { stream, seat, .. }: Arrived| {
            let asked = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app.clone()));
            async move {
                let _seat = seat;
                if !matches!(timeout(WITHIN, asked).await, Ok(Ok(()))) {
                    tracing::debug!("a connection of the second port was cut, or broke off");
                }
            }
        };
        arrived(self.listener, self.secure, Seats::new(SEATS, ADDRESS_SEATS))
            .for_each_concurrent(None, answering)
            .await;
    }
}
