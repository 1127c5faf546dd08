//! 请假: an officer of a roster is away. Actors: the officer, or a colleague, says so, and says when they are back.
//!
//! Guaranteed: while it lasts no case is given to the officer by itself. Of why they are away no more is kept than its kind.

pub mod change;
pub mod step;

use chrono::serde::{ts_microseconds, ts_microseconds_option};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::{
    error::Error,
    known::{Answer, Known},
    rule::{Rule, Ruled},
    unit::By,
};
pub use change::AbsenceAbout;
pub use step::AbsenceChange;

/// Why, and no more of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbsenceKind {
    /// 休假.
    Leave,
    /// 病假.
    Sick,
    /// 培训.
    Training,
    Other,
}

/// Where an absence is. That it is over by itself follows from the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum AbsenceState {
    /// 已登记.
    Recorded,
    /// 已销假.
    Ended,
}

impl AbsenceState {
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// An absence as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    pub district: String,
    pub unit: String,
    /// The subject of the officer's token.
    pub subject: String,
    pub kind: AbsenceKind,
    pub state: AbsenceState,
    #[serde(rename = "from_at", with = "ts_microseconds")]
    pub from: DateTime<Utc>,
    /// Not included.
    #[serde(rename = "until_at", with = "ts_microseconds")]
    pub until: DateTime<Utc>,
    #[serde(with = "ts_microseconds")]
    pub recorded_at: DateTime<Utc>,
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
}

impl Ruled for Absence {
    const STATES: &'static [AbsenceState] = AbsenceState::VARIANTS;

    fn rules() -> &'static [Rule<Self>] {
        step::RULES
    }

    fn state(&self) -> AbsenceState {
        self.state
    }

    fn state_name(&self) -> &'static str {
        self.state.name()
    }

    fn is_reached(&self, by: &By) -> bool {
        by.is_colleague(&self.district, &self.unit)
    }
}

/// Not once it has ended by itself.
fn lasts(absence: &Absence, known: &dyn Known) -> Answer<()> {
    if absence.until > known.now() {
        Ok(())
    } else {
        Err(Error::AbsenceOver { until_at: absence.until }.into())
    }
}
