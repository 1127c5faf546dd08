//! Stopping, as a value that is handed around.
//!
//! One `Shutdown` says "drain now" to everyone who holds a clone; [`Shutdown::child`] makes one that
//! also begins when its parent does, so a part can be stopped alone. The wiring stops the later
//! phases (committers, relay, telemetry) with `Shutdown`s of their own, in their order.
//! There is no global: two services in one process, or two tests, never stop each other.

use std::time::Duration;

use tokio_util::sync::{CancellationToken, WaitForCancellationFuture, WaitForCancellationFutureOwned};

use crate::exit::Exit;

/// Cheap to clone; all clones begin together.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    token: CancellationToken,
}

impl Shutdown {
    pub fn new() -> Self {
        Self::default()
    }

    /// Start draining. Saying it twice is the same as once.
    pub fn begin(&self) {
        self.token.cancel();
    }

    pub fn has_begun(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Resolves when draining starts.
    pub fn begun(&self) -> WaitForCancellationFuture<'_> {
        self.token.cancelled()
    }

    /// The same, for a future that outlives the borrow.
    pub fn begun_owned(&self) -> WaitForCancellationFutureOwned {
        self.token.clone().cancelled_owned()
    }

    /// Begins when this one begins, or alone.
    pub fn child(&self) -> Self {
        Self { token: self.token.child_token() }
    }

    /// Runs `work` until it ends or draining starts; `None` when it was cut.
    pub async fn unless<F: Future>(&self, work: F) -> Option<F::Output> {
        self.token.run_until_cancelled(work).await
    }

    /// Waits; `false` when draining started before the time was over.
    pub async fn pause(&self, time: Duration) -> bool {
        self.unless(tokio::time::sleep(time)).await.is_some()
    }

    /// SIGTERM or SIGINT begins; a second one ends the process at once, for the operator who has
    /// waited long enough. Runs until the process ends: spawn it.
    pub async fn on_signals(self) -> std::io::Result<()> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if self.has_begun() {
                tracing::warn!("asked twice: leaving without draining");
                std::process::exit(i32::from(Exit::Unavailable.code()));
            }
            tracing::info!("asked to stop: draining");
            self.begin();
        }
    }
}
