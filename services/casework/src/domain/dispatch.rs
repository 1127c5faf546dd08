//! A department's part in a case: a task with a pair of clocks of its own. Actors: the called unit answers (accept, complete, decline),
//! somebody above the caller settles a decline (insist, end), a closing case ends what is open, the timer turns lamps.
//!
//! Guaranteed: it only ever moves towards its end, but for a decline that is overruled once and then binds.

use chrono::serde::{ts_microseconds, ts_microseconds_option};
use chrono::{DateTime, Utc};
use huying_chassis::log::Decided;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    clocks::{Clocks, paused, resumed, stopped},
    dispatch_change::DispatchChange,
    dispatch_state::{DispatchState, DispatchStep, next},
    error::Error,
    place::Location,
    profile::CaseworkProfile,
    unit::{By, Holder},
};

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

/// What a dispatch is sent with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub case: Uuid,
    pub number: String,
    pub district: String,
    pub unit: String,
    pub caller: Holder,
    pub lead: bool,
    pub task: String,
    pub category: String,
    pub area: String,
    pub location: Location,
}

impl Dispatch {
    /// Whether somebody sees it: the called unit, the caller, and those whose area it lies in.
    pub fn is_seen(&self, by: &By) -> bool {
        let concerned = [&self.unit, &self.caller.unit];
        concerned.into_iter().any(|unit| by.is(&self.district, unit)) || by.sees(&self.district, &self.area)
    }

    pub fn is_done(&self) -> bool {
        self.state == DispatchState::Done
    }

    /// The steps allowed now.
    pub fn allowed(&self) -> Vec<&'static str> {
        let fits = |step: DispatchStep| step != DispatchStep::Decline || !self.binding;
        let steps =
            DispatchStep::ALL.into_iter().filter(|step| next(self.state, *step).is_some() && fits(*step));
        steps.map(DispatchStep::name).collect()
    }

    /// 报到: the department is on it.
    pub fn accept(
        &self,
        by: &By,
        note: &str,
        profile: &CaseworkProfile,
        now: DateTime<Utc>,
    ) -> Result<Decided<DispatchChange>, Error> {
        self.called(by)?;
        self.may(DispatchStep::Accept)?;
        let respond = stopped(&self.clocks.respond, profile, now);
        Ok(Decided::one(DispatchChange::Accepted { note: note.to_owned(), respond }))
    }

    /// 完成: the task is done.
    pub fn complete(
        &self,
        by: &By,
        note: &str,
        profile: &CaseworkProfile,
        now: DateTime<Utc>,
    ) -> Result<Decided<DispatchChange>, Error> {
        self.called(by)?;
        self.may(DispatchStep::Complete)?;
        let resolve = stopped(&self.clocks.resolve, profile, now);
        Ok(Decided::one(DispatchChange::Completed { note: note.to_owned(), resolve }))
    }

    /// 拒绝: not theirs, says the department. Both clocks stand still until somebody above has settled it.
    pub fn decline(
        &self,
        by: &By,
        note: &str,
        profile: &CaseworkProfile,
        now: DateTime<Utc>,
    ) -> Result<Decided<DispatchChange>, Error> {
        self.called(by)?;
        self.may(DispatchStep::Decline)?;
        if self.binding {
            return Err(Error::DispatchBinds { allowed: self.allowed() });
        }
        let clocks = Clocks {
            respond: stopped(&self.clocks.respond, profile, now),
            resolve: paused(&self.clocks.resolve, profile, now),
        };
        Ok(Decided::one(DispatchChange::Declined { note: note.to_owned(), clocks }))
    }

    /// A decline is overruled: sent again, and binding. The time used before the decline counts.
    pub fn insist(
        &self,
        by: &By,
        reason: &str,
        profile: &CaseworkProfile,
        now: DateTime<Utc>,
    ) -> Result<Decided<DispatchChange>, Error> {
        self.above(by)?;
        self.may(DispatchStep::Insist)?;
        let clocks = Clocks {
            respond: self.clocks.respond_anew(profile, now),
            resolve: resumed(&self.clocks.resolve, profile, now),
        };
        Ok(Decided::one(DispatchChange::Insisted { reason: reason.to_owned(), clocks }))
    }

    /// A decline is accepted by somebody above. Only a declined dispatch is settled so.
    pub fn release(
        &self,
        by: &By,
        reason: &str,
        profile: &CaseworkProfile,
        now: DateTime<Utc>,
    ) -> Result<Decided<DispatchChange>, Error> {
        self.above(by)?;
        self.may(DispatchStep::Insist)?;
        Ok(self.end(reason, profile, now))
    }

    /// The case closes: no longer wanted.
    pub fn end(
        &self,
        reason: &str,
        profile: &CaseworkProfile,
        now: DateTime<Utc>,
    ) -> Decided<DispatchChange> {
        if next(self.state, DispatchStep::End).is_none() {
            return Decided::AlreadyDone;
        }
        Decided::one(DispatchChange::Ended {
            reason: reason.to_owned(),
            clocks: self.clocks.stopped(profile, now),
        })
    }

    /// The lamps that turn by now.
    pub fn tick(&self, now: DateTime<Utc>) -> Decided<DispatchChange> {
        let turns = self.clocks.turns(now).into_iter();
        let changes: Vec<_> = turns
            .map(|turn| DispatchChange::LampTurned {
                clock: turn.clock,
                lamp: turn.lamp,
                due_at: turn.due_at,
            })
            .collect();
        if changes.is_empty() { Decided::AlreadyDone } else { Decided::Done(changes) }
    }

    fn called(&self, by: &By) -> Result<(), Error> {
        if by.is(&self.district, &self.unit) {
            Ok(())
        } else {
            Err(Error::NotCalled { unit: self.unit.clone() })
        }
    }

    /// Somebody whose area lies strictly above the caller's, or who stands for the whole district; never the called unit itself. An area
    /// outside of the case's says nothing.
    fn above(&self, by: &By) -> Result<(), Error> {
        let above = by.reach.governs(&self.district)
            || (by.sees(&self.district, &self.caller.area) && !by.reach.is_area(&self.caller.area));
        if above && !by.is(&self.district, &self.unit) { Ok(()) } else { Err(Error::NotAbove) }
    }

    fn may(&self, step: DispatchStep) -> Result<(), Error> {
        match next(self.state, step) {
            Some(_) => Ok(()),
            None => Err(Error::StepNotAllowed {
                step: step.name(),
                state: self.state.name(),
                allowed: self.allowed(),
            }),
        }
    }
}
