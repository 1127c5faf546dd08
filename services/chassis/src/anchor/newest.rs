//! The newest anchor in a place, looked for from its end back. Whoever can write there can write anything, so a line counts only when this
//! service has signed it; what else stands at the end is passed over, so far and no further.

use super::{Anchor, Unfit, Until};

/// Lines looked at, from the end back.
pub(super) const BACK: usize = 100;

/// What was found from an end back.
#[derive(Debug, Default)]
pub(super) struct Newest {
    /// Of the lines that are believed, the one with the highest number: an older one can be written again by anybody.
    pub(super) anchor: Option<Anchor>,
    /// Lines that were passed over.
    pub(super) strange: usize,
}

impl Newest {
    /// None: no line is believed.
    pub(super) fn number(&self) -> Option<i64> {
        self.anchor.as_ref().map(|anchor| anchor.number)
    }

    /// How far the place has come.
    pub(super) fn until(&self) -> Until {
        self.anchor.as_ref().map(Until::from).unwrap_or_default()
    }

    /// Takes the next line. True: one with `least` or more was found, and no other needs to be looked at.
    pub(super) fn take(&mut self, line: Result<Anchor, Unfit>, least: i64) -> bool {
        match line {
            Ok(anchor) if self.number().is_none_or(|newest| newest < anchor.number) => {
                self.anchor = Some(anchor);
            }
            Ok(_) => {}
            Err(_) => self.strange += 1,
        }
        self.number().is_some_and(|newest| newest >= least)
    }

    /// Says what was passed over.
    pub(super) fn warn(&self, service: &str, place: &str) {
        if self.strange > 0 {
            let strange = self.strange;
            tracing::warn!(
                service,
                place,
                strange,
                "lines at the end of the anchors are not what this service has signed with its key, and are passed over: who else can write there?"
            );
        }
    }
}
