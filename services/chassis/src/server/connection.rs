//! Connections that can be cut. tonic lets every accepted connection live until its last stream has
//! ended; one open Health/Watch would hold a stop for ever. Here each connection also ends when the
//! server says so, when it does not begin to speak HTTP/2, and when it has to go (visit.rs).

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use huying_http::Io;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};
use tokio_util::sync::WaitForCancellationFutureOwned;
use tonic::transport::server::Connected;

use super::accept::Arrived;
use super::seats::Seat;
use super::visit::Visit;
use crate::config::Admission;
use crate::shutdown::Shutdown;

/// What HTTP/2 begins with: its preface, and the head of the frame of settings.
const PREFACE: usize = 24 + 9;

/// What every connection begins with.
pub(super) struct Opened {
    rules: Admission,
    cut: Shutdown,
}

impl Opened {
    pub(super) fn new(rules: &Admission, cut: Shutdown) -> Self {
        Self { rules: rules.clone(), cut }
    }

    pub(super) fn connection(&self, Arrived { stream, shown, peer, seat }: Arrived) -> Connection {
        let visit = Visit::new((peer.ip(), shown), &self.rules, self.cut.child());
        Connection {
            stream,
            cut: Box::pin(visit.cut().begun_owned()),
            visit,
            preface: PREFACE,
            patience: self.rules.keepalive(),
            look: Box::pin(sleep(self.rules.preface())),
            _seat: seat,
        }
    }
}

pub(super) struct Connection {
    stream: Box<dyn Io>,
    visit: Visit,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
    /// Bytes that are still to come of it.
    preface: usize,
    /// How long an answer may wait for its reader.
    patience: Duration,
    /// When it is looked at next.
    look: Pin<Box<Sleep>>,
    _seat: Seat,
}

impl Connection {
    /// Whether it may go on.
    fn watch(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if self.cut.as_mut().poll(context).is_ready() {
            return Err(is_cut());
        }
        while self.look.as_mut().poll(context).is_ready() {
            if self.preface > 0 {
                return Err(io::Error::new(io::ErrorKind::TimedOut, "it does not speak HTTP/2"));
            }
            if self.visit.is_unread_for(self.patience) {
                return Err(io::Error::new(io::ErrorKind::TimedOut, "nobody reads the answers"));
            }
            self.look_again();
        }
        Ok(())
    }

    /// Who cannot write does not read either; the cut has woken it all the same.
    fn may_write(&self) -> io::Result<()> {
        if self.visit.cut().has_begun() { Err(is_cut()) } else { Ok(()) }
    }

    /// Often enough that nobody gets much more patience than there is.
    fn look_again(&mut self) {
        self.look.as_mut().reset(Instant::now() + self.patience / 4);
    }

    fn has_come(&mut self, bytes: usize) {
        if self.preface > 0 {
            self.preface = self.preface.saturating_sub(bytes);
            if self.preface == 0 {
                self.look_again();
            }
        }
    }
}

fn is_cut() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "the connection is cut")
}

impl AsyncRead for Connection {
    /// A server always reads, so this is where it notices that it is to end.
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.watch(context)?;
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.has_come(buffer.filled().len() - before);
        polled
    }
}

impl AsyncWrite for Connection {
    /// And where it cannot read before it has written.
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.may_write()?;
        Pin::new(&mut self.stream).poll_write(context, data)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.may_write()?;
        Pin::new(&mut self.stream).poll_write_vectored(context, data)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl Connected for Connection {
    type ConnectInfo = Visit;

    fn connect_info(&self) -> Self::ConnectInfo {
        self.visit.clone()
    }
}
