//! 开放空间、睦邻议事会: residents, their committee, property manager, firms and units deliberate over one or several cases at a place. Actors:
//! an office convenes it, and afterwards records what each case got out of it, or calls it off.
//!
//! Guaranteed: what was recorded stays; each of its cases has its outcome; residents are counted and never named.

pub mod change;
pub mod party;
pub mod state;
pub mod step;

use chrono::serde::{ts_microseconds, ts_microseconds_option};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::VariantArray as _;
use uuid::Uuid;

use super::{
    error::Error,
    rule::{Rule, Ruled},
    unit::By,
};
pub use change::MeetingAbout;
pub use party::{Party, PartyKind};
pub use state::MeetingState;
pub use step::MeetingChange;

/// Most cases of a meeting, and most meetings that a case has when one is convened.
pub const MOST_CASES: usize = 20;
pub const MOST_OF_A_CASE: usize = 20;

/// An open meeting as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    pub district: String,
    /// The area whose matter it is: where it is counted.
    pub area: String,
    /// Where people come together, in words.
    pub place: String,
    pub title: String,
    pub agenda: Vec<String>,
    /// The unit of whoever convened it; none: somebody of no unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub convener: Option<String>,
    pub state: MeetingState,
    /// The cases that it is about, each with what it got out of it.
    pub items: Vec<Item>,
    /// Who is invited; once it was held: who came.
    pub parties: Vec<Party>,
    /// What was said and settled on; why it was called off.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub minutes: String,
    /// How many of its cases were settled.
    pub settled: u32,
    #[serde(with = "ts_microseconds")]
    pub starts_at: DateTime<Utc>,
    #[serde(with = "ts_microseconds")]
    pub convened_at: DateTime<Utc>,
    #[serde(default, with = "ts_microseconds_option")]
    pub recorded_at: Option<DateTime<Utc>>,
}

/// A case that is deliberated on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub case: Uuid,
    pub number: String,
    /// None: it is not recorded yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// What a case got out of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub text: String,
    pub settled: bool,
}

impl Ruled for Meeting {
    const STATES: &'static [MeetingState] = MeetingState::VARIANTS;

    fn rules() -> &'static [Rule<Self>] {
        step::RULES
    }

    fn state(&self) -> MeetingState {
        self.state
    }

    fn state_name(&self) -> &'static str {
        self.state.name()
    }

    /// By offices whose area holds its area.
    fn is_reached(&self, by: &By) -> bool {
        by.sees(&self.district, &self.area)
    }
}

/// An office whose area holds it.
fn office(meeting: &Meeting, by: &By) -> Result<(), Error> {
    if by.sees(&meeting.district, &meeting.area) { Ok(()) } else { Err(Error::OutsideArea) }
}
