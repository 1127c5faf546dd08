//! What was fired and is due still: its step was refused or failed, or whom it must ask is away. It is left alone for a while, twice as
//! long each time, and counts as another once it is due at another instant.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// How long at first, and at most.
const FIRST: TimeDelta = TimeDelta::seconds(1);
const LONGEST: TimeDelta = TimeDelta::minutes(5);
/// How many are remembered. With more, some are forgotten: they are tried again sooner.
const MOST: usize = 16_384;

#[derive(Debug)]
struct Rest {
    due_at: DateTime<Utc>,
    length: TimeDelta,
    until: DateTime<Utc>,
}

/// Those that are left alone, and those whose while has ended a moment ago.
#[derive(Debug, Default)]
pub(super) struct Left(HashMap<Uuid, Rest>);

impl Left {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.len() >= MOST
    }

    pub(super) fn rests(&self, id: Uuid, due_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        self.0.get(&id).is_some_and(|rest| rest.due_at == due_at && now < rest.until)
    }

    pub(super) fn leave(&mut self, id: Uuid, due_at: DateTime<Utc>, now: DateTime<Utc>) {
        let before = self.0.remove(&id).filter(|rest| rest.due_at == due_at);
        let length = before.map_or(FIRST, |rest| (rest.length * 2).min(LONGEST));
        // Which one is chance, so that what is tried again sooner is not always the same.
        if self.is_full()
            && let Some(any) = self.0.keys().next().copied()
        {
            self.forget(any);
        }
        self.0.insert(id, Rest { due_at, length, until: now + length });
    }

    pub(super) fn forget(&mut self, id: Uuid) {
        self.0.remove(&id);
    }

    /// Drops what was not tried again when its while had ended: it is not due any more.
    pub(super) fn tidy(&mut self, now: DateTime<Utc>) {
        self.0.retain(|_, rest| now < rest.until + LONGEST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn the_while_doubles_up_to_five_minutes_and_begins_anew_at_another_instant() {
        let (mut left, id, mut now) = (Left::default(), Uuid::nil(), at(0));
        for length in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            left.leave(id, at(0), now);
            assert!(left.rests(id, at(0), now + TimeDelta::seconds(length - 1)));
            now += TimeDelta::seconds(length);
            assert!(!left.rests(id, at(0), now), "after {length} s");
        }
        assert!(!left.rests(id, at(1), now - TimeDelta::seconds(1)), "due at another instant");
        left.leave(id, at(1), now);
        assert!(!left.rests(id, at(1), now + FIRST));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut left = Left::default();
        for n in 0..=MOST as u128 {
            left.leave(Uuid::from_u128(n), at(0), at(0));
        }
        assert_eq!(left.len(), MOST);
        assert!(left.rests(Uuid::from_u128(MOST as u128), at(0), at(0)), "the last one is left alone");
        left.tidy(at(301));
        assert_eq!(left.len(), 0, "not tried again: not due any more");
    }
}
