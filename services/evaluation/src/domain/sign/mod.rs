//! 苗头: what a day's figures of an area and a category show before anybody asks. The leader of the timers raises them; leaders, desks and
//! operators read them, and whoever follows evaluation hears of them.
//!
//! Guaranteed: one is raised once for its kind, area, category and day, a hot spot and a matter that is called about again and again once a
//! week; it never changes, and names no case and nobody.

pub mod find;

use chrono::{DateTime, NaiveDate, Utc, Weekday, serde::ts_microseconds};
use huying_chassis::log::{Aggregate, Stamp};
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;
use uuid::Uuid;

/// What kind of sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SignKind {
    /// 突增: far more cases were opened on a day than are usual.
    Surge,
    /// 积压: many cases are overdue, and most of what is open is.
    Ageing,
    /// 反复诉求: one phone calls about one matter again and again.
    Repeat,
}

/// Where a sign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignState {
    Raised,
}

/// What was seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    pub kind: SignKind,
    pub district: String,
    /// The district or a street in it.
    pub area: String,
    /// Of what repeats none: a request has none yet.
    pub category: String,
    /// The district's own, whole and over.
    pub day: NaiveDate,
    /// Of a surge the cases opened on the day, of a hot spot those overdue at its end, of what repeats the calls about it so far.
    pub number: i64,
    /// Of a surge, how many a day are usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual: Option<f64>,
    /// Of a hot spot, how many cases were open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<i64>,
    /// Of what repeats, the first request about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Uuid>,
}

/// A sign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sign {
    #[serde(flatten)]
    pub seen: Seen,
    pub state: SignState,
    #[serde(with = "ts_microseconds")]
    pub raised_at: DateTime<Utc>,
}

/// What can happen to a sign. Only add here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignChange {
    Raised(Box<Seen>),
}

/// What every event says of a sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignAbout {
    pub district: String,
    pub area: String,
}

impl Seen {
    /// What there is one sign of: a hot spot lasts and a matter comes again, so they are told once a week.
    pub fn key(&self) -> String {
        let since = match self.kind {
            SignKind::Surge => self.day,
            SignKind::Ageing | SignKind::Repeat => {
                self.day.week(Weekday::Mon).checked_first_day().unwrap_or(self.day)
            }
        };
        let kind: &str = self.kind.into();
        match self.request {
            Some(request) => format!("{kind}/{request}/{since}"),
            None => format!("{kind}/{}/{}/{since}", self.area, self.category),
        }
    }
}

impl Aggregate for Sign {
    const KIND: &'static str = "sign";
    type Change = SignChange;
    type State = SignState;
    type About = SignAbout;

    fn leads_to(before: Option<&Self>, change: &SignChange) -> Option<SignState> {
        match (before, change) {
            (None, SignChange::Raised(_)) => Some(SignState::Raised),
            (Some(_), SignChange::Raised(_)) => None,
        }
    }

    fn first(change: &SignChange, state: SignState, stamp: &Stamp) -> Option<Self> {
        let SignChange::Raised(seen) = change;
        Some(Self { seen: seen.as_ref().clone(), state, raised_at: stamp.at })
    }

    /// Nothing follows the first change.
    fn apply(&mut self, _: &SignChange, state: SignState, _: &Stamp) {
        self.state = state;
    }

    fn district(&self) -> &str {
        &self.seen.district
    }

    fn claims(&self) -> Vec<(&'static str, String)> {
        vec![("sign", self.seen.key())]
    }

    fn about(&self) -> SignAbout {
        SignAbout { district: self.seen.district.clone(), area: self.seen.area.clone() }
    }
}
