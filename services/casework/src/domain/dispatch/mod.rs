//! A department's part in a case: a task with a pair of clocks of its own. Actors: the called unit answers (accept, complete, decline),
//! the caller takes it back while nobody has reported in, somebody above the caller decides about a decline, a silence or a
//! time to complete that is up (insist, release), a closing case ends what is open, the timer turns lamps.
//!
//! Guaranteed: it only ever moves towards its end, but where somebody above insists on it, which then binds.

pub mod assessment;
pub mod change;
pub mod state;
pub mod step;
pub mod tally;

use chrono::serde::{ts_microseconds, ts_microseconds_option};
use chrono::{DateTime, Utc};
use huying_chassis::log::Stamp;
use huying_terms::Location;
use serde::{Deserialize, Serialize};
use strum::VariantArray as _;
use uuid::Uuid;

use super::{
    beside::Beside,
    case::step::on_dispatch,
    clocks::{ClockKind, Clocks},
    error::Error,
    known::{Answer, Known},
    ladder::Occasion,
    lamp::Clocked,
    rule::{Rule, Ruled},
    unit::{By, Holder, Named, Officer},
};
pub use assessment::Assessment;
pub use change::DispatchAbout;
pub use state::DispatchState;
pub use step::{DispatchChange, Sent, Task};
pub use tally::Tally;

/// A dispatch as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dispatch {
    /// The case.
    pub case: Uuid,
    pub number: String,
    pub district: String,
    /// The called unit.
    pub unit: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit_name: String,
    /// Who called, as the holder stood then.
    pub caller: Holder,
    /// The caller's superior then, who hears of a silence and settles what is declined, silent or late; none: nobody is above, and whoever
    /// governs the district does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arbiter: Option<Named>,
    /// The group whose chair sent it; none: the holder called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// In the lead, or settled while it was.
    pub lead: bool,
    pub task: String,
    pub category: String,
    pub area: String,
    pub location: Location,
    pub state: DispatchState,
    pub clocks: Clocks,
    /// What the department said last.
    pub note: String,
    /// What was decided about it last, by others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruling: Option<Ruling>,
    /// Nobody reported in, and the time for it is over: it waits for its arbiter. Follows from state and clock.
    #[serde(default)]
    pub silent: bool,
    /// How often that was so.
    #[serde(default)]
    pub silences: u32,
    /// Somebody above insisted: it cannot be declined.
    pub binding: bool,
    #[serde(with = "ts_microseconds")]
    pub sent_at: DateTime<Utc>,
    #[serde(default, with = "ts_microseconds_option")]
    pub due_at: Option<DateTime<Utc>>,
    pub overdue: bool,
    /// Who of the department's people has it in hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<Officer>,
    #[serde(default)]
    pub tally: Tally,
}

/// What somebody else than the department decided: it is taken back, it ends, it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    pub reason: String,
    /// The unit of whoever decided; none: a withdrawal, or somebody without a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
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

    fn case(&self) -> Option<Uuid> {
        Some(self.case)
    }

    /// A silence comes with its lamp, and so does another arbiter. A silence is an occasion for the ladder of its case, and so is a time to
    /// complete that is up.
    fn entails(
        &self,
        changes: &[DispatchChange],
        known: &dyn Known,
    ) -> Answer<(Vec<DispatchChange>, Vec<Beside>)> {
        let silence = step::silence(self, changes, known);
        let late = turns_red(changes, ClockKind::Resolve);
        let occasions = [(silence.is_some(), Occasion::Silent), (late, Occasion::Late)].into_iter();
        let ladder = &known.profile().policies.ladder;
        let occasions: Vec<Occasion> = occasions
            .filter_map(|(is, occasion)| is.then_some(occasion))
            .filter(|occasion| ladder.iter().any(|rung| rung.is_for(*occasion)))
            .collect();
        let mut beside = Vec::new();
        if !occasions.is_empty() {
            let (on_case, beside_it) =
                on_dispatch(known.case(self.case)?, &occasions, &*known.on(self.case))?;
            beside.push(Beside::Case(self.case, on_case));
            beside.extend(beside_it);
        }
        Ok((silence.into_iter().chain(step::climbing(self, changes, known)?).collect(), beside))
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

    /// The time to complete it is up.
    fn is_late(&self) -> bool {
        self.clocks.get(ClockKind::Resolve).is_some_and(|clock| clock.red_fired)
    }

    /// Whether it is the one in the lead of those still open.
    pub fn leads(&self) -> bool {
        self.lead && !self.state.is_settled()
    }

    /// What the department says; nothing leaves what it said before.
    fn say(&mut self, note: &str) {
        if !note.is_empty() {
            self.note = note.to_owned();
        }
    }

    /// What is decided about it, beside what the department says.
    fn ruled(&mut self, reason: &str, stamp: &Stamp) {
        let unit = stamp.actor.unit.clone();
        self.ruling = Some(Ruling { reason: reason.to_owned(), unit, at: stamp.at });
    }
}

fn turns_red(changes: &[DispatchChange], clock: ClockKind) -> bool {
    changes.iter().any(|change| matches!(change, DispatchChange::LampTurned(it) if it.is_red(clock)))
}

/// Only the called unit.
fn called(dispatch: &Dispatch, by: &By) -> Result<(), Error> {
    if by.is(&dispatch.district, &dispatch.unit) {
        Ok(())
    } else {
        Err(Error::NotCalled { unit: dispatch.unit.clone() })
    }
}

/// The unit that called, or whoever holds the case now: who that is, only the case tells. A group's are its chair's while it is at work.
fn calling(dispatch: &Dispatch, known: &dyn Known) -> Answer<()> {
    let case = known.case(dispatch.case)?;
    let called = match &dispatch.group {
        Some(_) => commands(dispatch, known)?,
        None => known.by().is(&dispatch.district, &dispatch.caller.unit),
    };
    if called || case.is_held(known.by()) {
        Ok(())
    } else {
        Err(Error::NotCaller { caller: dispatch.caller.unit.clone(), holder: case.holder.unit.clone() }
            .into())
    }
}

/// Whether whoever asks chairs the group that it belongs to, and that is at work on the case.
fn commands(dispatch: &Dispatch, known: &dyn Known) -> Answer<bool> {
    let Some(code) = &dispatch.group else { return Ok(false) };
    let group = known.case(dispatch.case)?.group(code);
    Ok(group.is_some_and(|group| known.by().is(&dispatch.district, &group.chair.unit)))
}

/// It waits for its arbiter: the department declined, is silent, or let the time to complete go by.
fn waits(dispatch: &Dispatch, step: &'static str) -> Result<(), Error> {
    if dispatch.state == DispatchState::Declined || dispatch.silent || dispatch.is_late() {
        Ok(())
    } else {
        Err(Error::StepNotAllowed { step, state: dispatch.state.name() })
    }
}

/// Somebody whose area lies strictly above the caller's, who stands for the whole district, or who chairs the group that called; never the called unit itself. An area
/// outside of the case's says nothing.
fn above(dispatch: &Dispatch, by: &By) -> Result<(), Error> {
    let arbiter = dispatch.arbiter.as_ref().filter(|_| dispatch.group.is_some());
    let above = by.reach.governs(&dispatch.district)
        || arbiter.is_some_and(|chair| by.is(&dispatch.district, &chair.unit))
        || (by.sees(&dispatch.district, &dispatch.caller.area) && !by.reach.is_area(&dispatch.caller.area));
    if above && !by.is(&dispatch.district, &dispatch.unit) { Ok(()) } else { Err(Error::NotAbove) }
}
