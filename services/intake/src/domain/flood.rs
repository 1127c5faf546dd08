//! How much one sender, and how much all of them, may send by a door: so that one who floods it does not keep others out, and one flooded door
//! not those who come by others.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What one sender may send, in a minute and in an hour of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    pub minute: u32,
    pub hour: u32,
}

impl Rate {
    /// Of a platform, of somebody who works here, and of a whole door, where the profile does not say: more than one process takes, so that no
    /// call is lost.
    pub const OF_DOOR: Self = Self { minute: 1_000_000, hour: 30_000_000 };
    /// Of a card, and of a phone that sends by cards, where the profile does not say. Our own setting: a household has no more to say.
    pub const OF_CARD: Self = Self { minute: 6, hour: 60 };
}

/// How often something happened in a span of the clock.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    begins: i64,
    count: u32,
}

impl Window {
    /// The count in the span of so many seconds that lies around now; and how long it lasts still.
    fn at(self, now: i64, seconds: i64) -> (Self, u64) {
        let begins = now - now.rem_euclid(seconds);
        let left = (begins + seconds - now).unsigned_abs();
        (if self.begins == begins { self } else { Self { begins, count: 0 } }, left)
    }
}

/// What a sender has sent just now.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sent {
    minute: Window,
    hour: Window,
}

impl Sent {
    /// Counts one more.
    ///
    /// # Errors
    /// It is too much: when to come again. Nothing is counted then.
    pub fn one_more(&mut self, rate: Rate, now: DateTime<Utc>) -> Result<(), Duration> {
        let (minute, minute_left) = self.minute.at(now.timestamp(), 60);
        let (hour, hour_left) = self.hour.at(now.timestamp(), 3600);
        if hour.count >= rate.hour {
            return Err(Duration::from_secs(hour_left));
        }
        if minute.count >= rate.minute {
            return Err(Duration::from_secs(minute_left));
        }
        self.minute = Window { count: minute.count + 1, ..minute };
        self.hour = Window { count: hour.count + 1, ..hour };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_796_000_400 + seconds, 0).unwrap()
    }

    #[test]
    fn a_minute_and_an_hour_have_each_their_bound() {
        let (mut sent, rate) = (Sent::default(), Rate { minute: 2, hour: 3 });
        let start = 1_796_000_400 % 3600;
        assert_eq!(start % 60, 0, "the test begins with a minute");
        assert_eq!(sent.one_more(rate, at(0)), Ok(()));
        assert_eq!(sent.one_more(rate, at(10)), Ok(()));
        assert_eq!(sent.one_more(rate, at(20)), Err(Duration::from_secs(40)));
        assert_eq!(sent.one_more(rate, at(60)), Ok(()), "another minute");
        let hour_left = u64::try_from(3600 - start - 61).unwrap();
        assert_eq!(sent.one_more(rate, at(61)), Err(Duration::from_secs(hour_left)));
        assert_eq!(sent.one_more(rate, at(3600 - start)), Ok(()), "another hour");
    }
}
