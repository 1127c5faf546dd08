//! Why something sealed does not open.

use std::{sync::OnceLock, time::Duration};

use opentelemetry::metrics::Counter;
use tonic::Code;

use crate::{status::Problem, telemetry};

/// Why it does not.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// It was forgotten, or lies at another aggregate than the one it was sealed for.
    #[error("there is no key for it")]
    Missing,
    /// It was changed, or moved to another place.
    #[error("it is not what was sealed there")]
    Broken,
    /// The file of keys lacks the one that its data key is wrapped by.
    #[error("the file of keys has no key {0}")]
    NoSuchKey(String),
    #[error(transparent)]
    Store(#[from] sqlx::Error),
}

/// Counts what is refused, for an alarm: it means that somebody has changed the database, or restored a part of it. Told with 0 at the start: a
/// counter that begins with its first event shows no increase.
pub(super) fn refused(number: u64) {
    static COUNTER: OnceLock<Counter<u64>> = OnceLock::new();
    let counter = COUNTER.get_or_init(|| {
        telemetry::meter()
            .u64_counter("huying.seal.refused")
            .with_description("Sealed values that did not open where they lay")
            .build()
    });
    counter.add(number, &[]);
}

impl SealError {
    /// Whether what was sealed is lost, rather than out of reach for a while.
    pub fn is_loss(&self) -> bool {
        matches!(self, Self::Missing | Self::Broken)
    }

    /// Counts it where it is a loss, and says so in the log: by kind and id alone.
    pub fn told(self, place: super::Place) -> Self {
        if self.is_loss() {
            refused(1);
            tracing::error!(kind = place.kind, id = %place.id, field = place.field, error = %self, "what is sealed does not open");
        }
        self
    }
}

impl From<SealError> for Problem {
    fn from(error: SealError) -> Self {
        let words = format!("what is sealed cannot be opened: {error}");
        match error {
            SealError::Missing | SealError::Broken => Self::new(Code::DataLoss, "SEAL_BROKEN", words),
            SealError::NoSuchKey(_) => {
                Self::new(Code::Unavailable, "SEAL_KEY_MISSING", words).retry_after(Duration::from_secs(5))
            }
            SealError::Store(error) => error.into(),
        }
    }
}
