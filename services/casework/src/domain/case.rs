//! The work on a case: who holds it, what was done, what is owed. Commands look at it and say what happened or why not; nothing here
//! changes anything. Actors: the holder (accept, note, escalate, delegate, call, resolve), a called department (note), a supervisor or
//! desk (reopen, strike off), events of intake and evaluation (withdraw, supplement, answer, judge), and the timer (lamps).
//!
//! Guaranteed: one holder in every open state; every refusal says which steps are allowed now; a repeated event is *already done*.

use chrono::serde::{ts_microseconds, ts_microseconds_option};
use chrono::{DateTime, Utc};
use huying_chassis::log::Decided;
use huying_terms::Tier;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    change::Change,
    clocks::{Clocks, stopped},
    dispatch::Dispatch,
    error::Error,
    place::{Location, Priority, contains, related},
    profile::CaseworkProfile,
    state::{Judgement, Outcome, State, Step, next},
    unit::{By, Holder, Sight, Unit},
};

/// Most dispatches of a case, and how many of its latest notes its row keeps.
pub const MOST_DISPATCHES: usize = 50;
pub const MOST_NOTES: usize = 100;

/// A case as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// The number of the request it was opened on.
    pub number: String,
    /// The request it was opened on; unique, so that a request has one case.
    pub opened_on: Uuid,
    pub district: String,
    pub area: String,
    pub category: String,
    pub priority: Priority,
    pub departments: Vec<String>,
    pub content: String,
    pub location: Location,
    pub state: State,
    pub holder: Holder,
    pub requests: Vec<CaseRequest>,
    pub clocks: Clocks,
    pub notes: Vec<Note>,
    pub answer: String,
    pub judgement: Option<Judgement>,
    pub outcome: Option<Outcome>,
    pub attempt: i32,
    pub dispatches: Vec<Called>,
    #[serde(with = "ts_microseconds")]
    pub opened_at: DateTime<Utc>,
    #[serde(default, with = "ts_microseconds_option")]
    pub resolved_at: Option<DateTime<Utc>>,
    #[serde(default, with = "ts_microseconds_option")]
    pub closed_at: Option<DateTime<Utc>>,
    /// When the next lamp turns: what the timer looks for.
    #[serde(default, with = "ts_microseconds_option")]
    pub due_at: Option<DateTime<Utc>>,
    /// A running clock is red.
    pub overdue: bool,
}

/// A request on a case and whether its reporter has the answer of this attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRequest {
    pub id: Uuid,
    pub answered: bool,
}

/// A note on a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub text: String,
    pub public: bool,
    /// The unit that wrote it; empty for the reporter's own additions.
    pub unit: String,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
}

/// A dispatch of a case and whom it went to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    pub dispatch: Uuid,
    pub unit: String,
    pub lead: bool,
}

/// What a decided route says of the case to open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    pub request: Uuid,
    pub number: String,
    pub district: String,
    pub area: String,
    pub category: String,
    pub priority: Priority,
    pub holder: Holder,
    pub departments: Vec<String>,
    pub content: String,
    pub location: Location,
}

impl Case {
    /// How much of it somebody sees; none: it is as if there were none.
    pub fn sight(&self, by: &By) -> Option<Sight> {
        if by.is(&self.district, &self.holder.unit) || by.sees(&self.district, &self.area) {
            return Some(Sight::Whole);
        }
        self.has_called(by).then_some(Sight::Called)
    }

    /// The steps a caller may ask for now.
    pub fn allowed(&self, profile: &CaseworkProfile) -> Vec<&'static str> {
        let fits = |step: Step| match step {
            Step::Escalate => self.holder.tier < profile.top_tier,
            Step::Delegate => self.holder.tier > Tier::Grid,
            Step::Call => self.holder.tier >= Tier::Street && self.dispatches.len() < MOST_DISPATCHES,
            Step::StrikeOff => self.is_reconciled(),
            Step::Reopen => self.outcome != Some(Outcome::Withdrawn),
            Step::Accept
            | Step::Note
            | Step::Resolve
            | Step::Withdraw
            | Step::Answer
            | Step::Judge
            | Step::Supplement => true,
        };
        let callers =
            Step::CALLERS.into_iter().filter(|step| next(self.state, *step).is_some() && fits(*step));
        callers.map(Step::name).collect()
    }

    /// Whether the asker may take this step now, as far as can be said without more: asked before routing is.
    pub fn may_take(&self, step: Step, by: &By, profile: &CaseworkProfile) -> Result<(), Error> {
        self.held_by(by)?;
        self.may(step, profile)
    }

    /// 签收.
    pub fn accept(
        &self,
        by: &By,
        profile: &CaseworkProfile,
        now: DateTime<Utc>,
    ) -> Result<Decided<Change>, Error> {
        self.may_take(Step::Accept, by, profile)?;
        Ok(Decided::one(Change::Accepted { respond: stopped(&self.clocks.respond, profile, now) }))
    }

    /// 告知进度: by the holder or a department called on it.
    pub fn note(
        &self,
        by: &By,
        text: &str,
        public: bool,
        profile: &CaseworkProfile,
    ) -> Result<Decided<Change>, Error> {
        if !self.has_called(by) {
            self.held_by(by)?;
        }
        self.may(Step::Note, profile)?;
        Ok(Decided::one(Change::Noted { text: text.to_owned(), public }))
    }

    /// Whether somebody could take it one tier up: asked before routing is.
    pub fn may_escalate(&self, by: &By, profile: &CaseworkProfile) -> Result<(), Error> {
        self.may_take(Step::Escalate, by, profile)?;
        if self.holder.tier >= profile.top_tier {
            return Err(Error::AtTopTier { allowed: self.allowed(profile) });
        }
        Ok(())
    }

    /// 上报, to the holder's superior as routing says. Open dispatches stay with the case.
    pub fn escalate(
        &self,
        by: &By,
        superior: &Unit,
        reason: &str,
        profile: &CaseworkProfile,
        now: DateTime<Utc>,
    ) -> Result<Decided<Change>, Error> {
        self.may_escalate(by, profile)?;
        if superior.tier <= self.holder.tier || superior.tier > profile.top_tier {
            return Err(Error::AtTopTier { allowed: self.allowed(profile) });
        }
        Ok(Decided::one(Change::Escalated {
            from: self.holder.unit.clone(),
            to: Holder::of(superior),
            reason: reason.to_owned(),
            respond: self.clocks.respond_anew(profile, now),
        }))
    }

    /// 交办, to a unit of a tier below whose area lies in the holder's and has to do with the case's.
    pub fn delegate(
        &self,
        by: &By,
        target: &Unit,
        reason: &str,
        profile: &CaseworkProfile,
        now: DateTime<Utc>,
    ) -> Result<Decided<Change>, Error> {
        self.may_take(Step::Delegate, by, profile)?;
        if target.tier >= self.holder.tier {
            return Err(Error::UnitNotBelow { unit: target.code.clone() });
        }
        if !contains(&self.holder.area, &target.area) || !related(&target.area, &self.area) {
            return Err(Error::UnitOutsideArea { unit: target.code.clone() });
        }
        Ok(Decided::one(Change::Delegated {
            from: self.holder.unit.clone(),
            to: Holder::of(target),
            reason: reason.to_owned(),
            respond: self.clocks.respond_anew(profile, now),
        }))
    }

    /// 呼叫: the case's side of it. `called` stands in the order of `units`.
    pub fn call(
        &self,
        by: &By,
        units: &[Unit],
        called: &[Called],
        profile: &CaseworkProfile,
    ) -> Result<Decided<Change>, Error> {
        self.may_take(Step::Call, by, profile)?;
        if self.holder.tier < Tier::Street {
            return Err(Error::TierMayNotCall { allowed: self.allowed(profile) });
        }
        if self.dispatches.len() + called.len() > MOST_DISPATCHES {
            return Err(Error::TooManyDispatches { most: MOST_DISPATCHES });
        }
        for unit in units {
            if !unit.kind.is_callable() || unit.code == self.holder.unit {
                return Err(Error::UnitNotCallable { unit: unit.code.clone() });
            }
            if !related(&unit.area, &self.area) {
                return Err(Error::UnitOutsideArea { unit: unit.code.clone() });
            }
        }
        let mut called = called.to_vec();
        called.sort_by_key(|called| !called.lead);
        Ok(Decided::one(Change::Called { dispatches: called }))
    }

    /// 办结: every dispatch must be settled, a declined one by an arbiter first.
    pub fn resolve(
        &self,
        by: &By,
        answer: &str,
        dispatches: &[(Uuid, Dispatch)],
        profile: &CaseworkProfile,
        now: DateTime<Utc>,
    ) -> Result<Decided<Change>, Error> {
        self.may_take(Step::Resolve, by, profile)?;
        let open = dispatches.iter().filter(|(_, dispatch)| !dispatch.state.is_settled());
        let open: Vec<_> = open.map(|(id, dispatch)| (*id, dispatch.unit.clone(), dispatch.state)).collect();
        if !open.is_empty() {
            return Err(Error::OpenDispatches { open });
        }
        let mut units = vec![self.holder.unit.clone()];
        for (_, dispatch) in dispatches.iter().filter(|(_, dispatch)| dispatch.is_done()) {
            if !units.contains(&dispatch.unit) {
                units.push(dispatch.unit.clone());
            }
        }
        Ok(Decided::one(Change::Resolved {
            answer: answer.to_owned(),
            units,
            resolve: stopped(&self.clocks.resolve, profile, now),
        }))
    }

    /// 销号 by hand: only where it would have happened by itself.
    pub fn strike_off(&self, by: &By, profile: &CaseworkProfile) -> Result<Decided<Change>, Error> {
        self.reached_by(by)?;
        self.may(Step::StrikeOff, profile)?;
        if !self.is_reconciled() {
            let unanswered =
                self.requests.iter().filter(|request| !request.answered).map(|request| request.id);
            return Err(Error::NotReconciled {
                judged: self.judgement.is_some(),
                unanswered: unanswered.collect(),
            });
        }
        Ok(Decided::one(Change::Closed { outcome: Outcome::StruckOff, clocks: None }))
    }

    /// Whether the next reopening goes one tier up: from the second on, unless it is at the top already.
    pub fn reopens_upward(&self, profile: &CaseworkProfile) -> bool {
        self.attempt >= 2 && self.holder.tier < profile.top_tier
    }

    /// 重办 by a supervisor or desk whose area holds the case.
    pub fn reopen(
        &self,
        by: &By,
        superior: Option<&Unit>,
        reason: &str,
        profile: &CaseworkProfile,
        now: DateTime<Utc>,
    ) -> Result<Decided<Change>, Error> {
        self.reached_by(by)?;
        if self.outcome == Some(Outcome::Withdrawn) {
            return Err(Error::Withdrawn);
        }
        self.may(Step::Reopen, profile)?;
        Ok(Decided::one(self.reopened(superior, reason, profile, now)))
    }

    /// Evaluation failed an attempt: it is done again. An older attempt's verdict changes nothing.
    pub fn fail(
        &self,
        attempt: i32,
        superior: Option<&Unit>,
        reason: &str,
        profile: &CaseworkProfile,
        now: DateTime<Utc>,
    ) -> Decided<Change> {
        let known = attempt == self.attempt && self.outcome != Some(Outcome::Withdrawn);
        if !known || next(self.state, Step::Reopen).is_none() {
            return Decided::AlreadyDone;
        }
        Decided::one(self.reopened(superior, reason, profile, now))
    }

    /// Evaluation passed an attempt or let it lapse. With every request answered the account is reconciled.
    pub fn judge(&self, attempt: i32, judgement: Judgement) -> Decided<Change> {
        if attempt != self.attempt || self.judgement.is_some() || next(self.state, Step::Judge).is_none() {
            return Decided::AlreadyDone;
        }
        let answered = self.requests.iter().all(|request| request.answered);
        self.and_close(Change::Judged { judgement }, answered)
    }

    /// The first contact has told the reporter of a request. Only an answer to a resolved case is one: intake gives no other.
    /// An answer to an earlier attempt came too late.
    pub fn answer(&self, request: Uuid, attempt: i32) -> Decided<Change> {
        let owed = self.requests.iter().any(|one| one.id == request && !one.answered);
        if !owed || attempt != self.attempt || next(self.state, Step::Answer).is_none() {
            return Decided::AlreadyDone;
        }
        let others = self.requests.iter().all(|one| one.answered || one.id == request);
        self.and_close(Change::Answered { request }, others && self.judgement.is_some())
    }

    /// The reporter added something: the holder should read it.
    pub fn supplement(&self, request: Uuid, text: &str) -> Decided<Change> {
        let ours = self.requests.iter().any(|one| one.id == request);
        if !ours || next(self.state, Step::Supplement).is_none() {
            return Decided::AlreadyDone;
        }
        Decided::one(Change::Supplemented { request, text: text.to_owned() })
    }

    /// The reporter took the request back. Its open dispatches are ended beside it.
    pub fn withdraw(&self, request: Uuid, profile: &CaseworkProfile, now: DateTime<Utc>) -> Decided<Change> {
        let ours = self.requests.iter().any(|one| one.id == request);
        if !ours || next(self.state, Step::Withdraw).is_none() {
            return Decided::AlreadyDone;
        }
        Decided::one(Change::Closed {
            outcome: Outcome::Withdrawn,
            clocks: Some(self.clocks.stopped(profile, now)),
        })
    }

    /// The lamps that turn by now. Firing twice is harmless: a lamp that turned is already done.
    pub fn tick(&self, now: DateTime<Utc>) -> Decided<Change> {
        let turns = self.clocks.turns(now).into_iter();
        let changes: Vec<_> = turns
            .map(|turn| Change::LampTurned { clock: turn.clock, lamp: turn.lamp, due_at: turn.due_at })
            .collect();
        if changes.is_empty() { Decided::AlreadyDone } else { Decided::Done(changes) }
    }

    fn reopened(
        &self,
        superior: Option<&Unit>,
        reason: &str,
        profile: &CaseworkProfile,
        now: DateTime<Utc>,
    ) -> Change {
        let above = superior.filter(|unit| self.reopens_upward(profile) && unit.tier > self.holder.tier);
        Change::Reopened {
            to: above.map_or_else(|| self.holder.clone(), Holder::of),
            reason: reason.to_owned(),
            clocks: Clocks::start(self.clocks.limits(), profile, now),
        }
    }

    fn and_close(&self, change: Change, reconciled: bool) -> Decided<Change> {
        let mut changes = vec![change];
        if reconciled {
            changes.push(Change::Closed { outcome: Outcome::StruckOff, clocks: None });
        }
        Decided::Done(changes)
    }

    fn is_reconciled(&self) -> bool {
        self.judgement.is_some() && self.requests.iter().all(|request| request.answered)
    }

    fn has_called(&self, by: &By) -> bool {
        self.dispatches.iter().any(|called| by.is(&self.district, &called.unit))
    }

    fn held_by(&self, by: &By) -> Result<(), Error> {
        if by.is(&self.district, &self.holder.unit) {
            Ok(())
        } else {
            Err(Error::NotHolder { holder: self.holder.unit.clone() })
        }
    }

    fn reached_by(&self, by: &By) -> Result<(), Error> {
        if by.sees(&self.district, &self.area) { Ok(()) } else { Err(Error::OutsideArea) }
    }

    fn may(&self, step: Step, profile: &CaseworkProfile) -> Result<(), Error> {
        match next(self.state, step) {
            Some(_) => Ok(()),
            None => Err(Error::StepNotAllowed {
                step: step.name(),
                state: self.state.name(),
                allowed: self.allowed(profile),
            }),
        }
    }
}
