//! A department's part in a case: a task with a pair of clocks of its own. Actors: the called unit answers (accept, complete, decline),
//! somebody above the caller decides about a decline (insist, release), a closing case ends what is open, the timer turns lamps.
//!
//! Guaranteed: it only ever moves towards its end, but for a decline that is overruled once and then binds.

pub mod change;
pub mod state;
pub mod step;

use chrono::serde::{ts_microseconds, ts_microseconds_option};
use chrono::{DateTime, Utc};
use huying_terms::Location;
use serde::{Deserialize, Serialize};
use strum::VariantArray as _;
use uuid::Uuid;

use super::{
    clocks::Clocks,
    error::Error,
    lamp::Clocked,
    rule::{Rule, Ruled},
    unit::{By, Holder},
};
pub use change::DispatchAbout;
pub use state::DispatchState;
pub use step::{DispatchChange, Sent, Task};

/// A dispatch as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dispatch {
    /// The case.
    pub case: Uuid,
    pub number: String,
    pub district: String,
    /// The called unit.
    pub unit: String,
    /// Who called, as the holder stood then.
    pub caller: Holder,
    pub lead: bool,
    pub task: String,
    pub category: String,
    pub area: String,
    pub location: Location,
    pub state: DispatchState,
    pub clocks: Clocks,
    /// What the department said last.
    pub note: String,
    /// A decline was overruled: it cannot be declined again.
    pub binding: bool,
    #[serde(with = "ts_microseconds")]
    pub sent_at: DateTime<Utc>,
    #[serde(default, with = "ts_microseconds_option")]
    pub due_at: Option<DateTime<Utc>>,
    pub overdue: bool,
}

impl Ruled for Dispatch {
    const STATES: &'static [DispatchState] = DispatchState::VARIANTS;

    fn rules() -> &'static [Rule<Self>] {
        step::RULES
    }

    fn state(&self) -> DispatchState {
        self.state
    }

    fn state_name(&self) -> &'static str {
        self.state.name()
    }

    /// By the called unit, the caller, and those whose area it lies in.
    fn is_reached(&self, by: &By) -> bool {
        let concerned = [&self.unit, &self.caller.unit];
        concerned.into_iter().any(|unit| by.is(&self.district, unit)) || by.sees(&self.district, &self.area)
    }
}

impl Clocked for Dispatch {
    fn clocks(&self) -> &Clocks {
        &self.clocks
    }

    fn clocks_mut(&mut self) -> &mut Clocks {
        &mut self.clocks
    }
}

impl Dispatch {
    pub fn is_done(&self) -> bool {
        self.state == DispatchState::Done
    }

    /// What the department says; nothing leaves what it said before.
    fn say(&mut self, note: &str) {
        if !note.is_empty() {
            self.note = note.to_owned();
        }
    }
}

/// Only the called unit.
fn called(dispatch: &Dispatch, by: &By) -> Result<(), Error> {
    if by.is(&dispatch.district, &dispatch.unit) {
        Ok(())
    } else {
        Err(Error::NotCalled { unit: dispatch.unit.clone() })
    }
}

/// Somebody whose area lies strictly above the caller's, or who stands for the whole district; never the called unit itself. An area
/// outside of the case's says nothing.
fn above(dispatch: &Dispatch, by: &By) -> Result<(), Error> {
    let above = by.reach.governs(&dispatch.district)
        || (by.sees(&dispatch.district, &dispatch.caller.area) && !by.reach.is_area(&dispatch.caller.area));
    if above && !by.is(&dispatch.district, &dispatch.unit) { Ok(()) } else { Err(Error::NotAbove) }
}
