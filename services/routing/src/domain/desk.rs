//! 研判席: how a request waits at the triage desk. Its clock and whom it climbs to are settled when it is queued, and again when the profile
//! is replaced, so turning a lamp asks nobody.
//!
//! A claim needs no timer: it says until when it holds, and whoever asks after that finds none.

use std::mem;

use chrono::{
    DateTime, TimeDelta, Utc,
    serde::{ts_microseconds, ts_microseconds_option},
};
use huying_chassis::log::{Actor, Decided};
use huying_terms::{AreaCode, Calendar, Clock, Priority, Tier, UnitKind, worktime};
use serde::{Deserialize, Serialize};

use super::{
    Error,
    change::Change,
    decide,
    decision::{CHOSEN, Decision, Triage},
    house::House,
    index::Index,
    profile::TriageRules,
    route::Route,
    state::{State, Step, next},
};

/// How long it may wait, how pressing it is, and whom it is told to when nobody minds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wait {
    pub priority: Priority,
    pub clock: Clock,
    /// Whom it is still to be told to, the first first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub climbs: Vec<Climb>,
    /// The unit that was told last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub climbed_to: Option<String>,
    /// When it came to the desk, where its clock began later.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
}

/// When it is told to a unit above.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Climb {
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
    pub unit: String,
    pub tier: Tier,
}

/// Somebody has it in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub by: Actor,
    #[serde(with = "ts_microseconds")]
    pub until: DateTime<Utc>,
}

/// The last correction that was for another unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The unit before.
    pub from: String,
    pub by: Actor,
}

impl Wait {
    /// It begins to wait. Without a directory by what a profile that says nothing means.
    pub fn begin(
        index: Option<&Index>,
        (priority, in_danger): (Priority, bool),
        area: Option<&AreaCode>,
        now: DateTime<Utc>,
    ) -> Self {
        let (fallback, always) = (TriageRules::default(), Calendar::default());
        let rules = index.map_or(&fallback, |index| &index.triage);
        let calendar = index.map_or(&always, |index| &index.calendar);
        let limit = rules.limit(priority, in_danger);
        let mut climbs: Vec<Climb> = Vec::new();
        for rung in &rules.climbs {
            let length = worktime::share(calendar, limit, TimeDelta::zero(), rung.percent);
            let told = index.and_then(|index| answers(index, area.unwrap_or(&index.district), rung.tier));
            let told = told.filter(|(unit, _)| climbs.iter().all(|climb| climb.unit != *unit));
            climbs.extend(told.map(|(unit, tier)| Climb {
                at: worktime::after(calendar, limit.kind, now, length),
                unit,
                tier,
            }));
        }
        let clock = Clock::start_with_amber(calendar, limit, rules.amber_percent, now);
        Self { priority, clock, climbs, climbed_to: None, since: None }
    }

    /// The same wait by another directory. Where it has the same time as before, a lamp that turned does not turn again; whoever was told
    /// is not told again.
    pub(super) fn carried(mut self, before: Option<&Self>) -> Self {
        let Some(before) = before else { return self };
        self.since = before.since;
        if self.clock.limit == before.clock.limit {
            self.clock.amber_fired = before.clock.amber_fired;
            self.clock.red_fired = before.clock.red_fired;
        }
        before.climbed_to.iter().for_each(|unit| self.climb(unit));
        self
    }

    /// When it came to the desk.
    pub fn since(&self) -> DateTime<Utc> {
        self.since.unwrap_or(self.clock.started_at)
    }

    /// When something is to be told next.
    pub fn next_due(&self) -> Option<DateTime<Utc>> {
        let lamp = self.clock.next_due().map(|(at, _)| at);
        lamp.into_iter().chain(self.climbs.first().map(|climb| climb.at)).min()
    }

    /// A unit was told, and with it all that should have been before.
    pub fn climb(&mut self, unit: &str) {
        let told = self.climbs.iter().position(|climb| climb.unit == unit).map_or(0, |at| at + 1);
        self.climbs = mem::take(&mut self.climbs).split_off(told);
        self.climbed_to = Some(unit.to_owned());
    }
}

/// The unit that answers for an area at a tier, or at the next above that has one.
fn answers(index: &Index, area: &AreaCode, from: Tier) -> Option<(String, Tier)> {
    let top = index.district.tier();
    Tier::ALL.into_iter().filter(|tier| (from.min(top)..=top).contains(tier)).find_map(|tier| {
        let unit = index.post(UnitKind::of(tier), &area.at(tier)?)?;
        Some((unit.code.clone(), unit.tier))
    })
}

impl Route {
    /// Somebody takes it in hand; whoever has it already has it for longer.
    ///
    /// # Errors
    /// It does not wait any more; somebody else has it in hand.
    pub fn claim(&self, by: &Actor, minutes: u32, now: DateTime<Utc>) -> Result<Decided<Change>, Error> {
        self.fits(Step::Claim)?;
        self.free_for(by, now)?;
        Ok(Decided::one(Change::Claimed { until: now + TimeDelta::minutes(minutes.into()) }))
    }

    /// Whoever has it in hand gives it back.
    ///
    /// # Errors
    /// As [`claim`](Self::claim).
    pub fn release(&self, by: &Actor, now: DateTime<Utc>) -> Result<Decided<Change>, Error> {
        self.fits(Step::Release)?;
        self.free_for(by, now)?;
        Ok(self.claimed(now).map_or(Decided::AlreadyDone, |_| Decided::one(Change::Released)))
    }

    /// What the clock makes of it by now: its lamps, amber before red, then whom it climbs to.
    pub fn pass(&self, now: DateTime<Utc>) -> Decided<Change> {
        let Some(wait) = self.wait.as_ref().filter(|_| self.state == State::Queued) else {
            return Decided::AlreadyDone;
        };
        let due_at = wait.clock.due_at.unwrap_or(now);
        let lamps = wait.clock.turns(now).into_iter().map(|lamp| Change::LampTurned { lamp, due_at });
        let climbs = wait.climbs.iter().take_while(|climb| climb.at <= now);
        let climbs = climbs.map(|climb| Change::Climbed { unit: climb.unit.clone(), tier: climb.tier });
        Decided::Done(lamps.chain(climbs).collect())
    }

    /// How it waits by a directory that was replaced meanwhile, from when its clock began: when it came to the desk, or a danger was added.
    /// What was queued before the desk had a clock gets one.
    pub fn recompute(&self, index: &Index) -> Decided<Change> {
        let began = self.wait.as_ref().map(|wait| wait.clock.started_at).or_else(|| self.queued_at());
        let (Some(partial), Some(began)) = (&self.partial, began) else {
            return Decided::AlreadyDone;
        };
        if next(self.state, Step::Recompute).is_none() {
            return Decided::AlreadyDone;
        }
        let pressing = (decide::so_far(index, &self.submission, partial), !partial.dangers.is_empty());
        let wait =
            Wait::begin(Some(index), pressing, partial.area.as_ref(), began).carried(self.wait.as_ref());
        if self.wait.as_ref() == Some(&wait) {
            return Decided::AlreadyDone;
        }
        Decided::one(Change::Recomputed { wait: Box::new(wait) })
    }

    /// Another decision in the place of the one that was made, as a person says; the rest by the rules. Times count as they did: to
    /// accept from now on, to resolve from the submission. A unit that another person had named already is named once more, in that one's
    /// place: from the same unit as then.
    ///
    /// # Errors
    /// It is not decided; as [`triage`](Self::triage).
    pub fn correct(
        &self,
        index: &Index,
        correction: &Correction,
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Decided<Change>, Error> {
        self.fits(Step::Correct)?;
        let Some(before) = &self.decision else { return Ok(Decided::AlreadyDone) };
        let instead = correction.instead_of(before);
        let submission = &self.submission;
        let said = submission.said().text();
        let (told, times) = (self.told.as_ref(), (submission.submitted_at, now));
        let mut decision = decide::by_hand_after(index, (&said, submission.demand), told, &instead, times)?;
        decision.without_point = before.without_point;
        // Only who says where it lies makes its road history.
        decision.house = match &correction.area {
            Some(_) => House::certain(index, &submission.location, &decision.area),
            None => before.house.clone(),
        };
        let told = |it: &Decision| (it.area.clone(), it.category.clone(), it.holder.clone(), it.priority);
        let named_before = self.named_before(correction, by);
        if named_before.is_none() && told(before) == told(&decision) {
            return Ok(Decided::AlreadyDone);
        }
        let from_holder = named_before.map_or(&before.holder, |moved| &moved.from).clone();
        let reason = correction.reason.clone();
        Ok(Decided::one(Change::Corrected { decision: Box::new(decision), reason, from_holder }))
    }

    /// The correction of another person to the very unit that this one names. Casework leaves a case with its holder where the holder's own
    /// people named another unit; whose word it was is not known here, so anybody else's counts anew.
    fn named_before(&self, correction: &Correction, by: &Actor) -> Option<&Moved> {
        let stands = self.decision.as_ref().map(|it| &it.holder);
        let named = correction.holder.is_some() && correction.holder.as_ref() == stands;
        self.moved.as_ref().filter(|moved| named && moved.by.subject != by.subject)
    }

    /// Who has it in hand now.
    pub fn claimed(&self, now: DateTime<Utc>) -> Option<&Claim> {
        self.claim.as_ref().filter(|claim| claim.until > now)
    }

    /// That nobody else has it in hand.
    pub(super) fn free_for(&self, by: &Actor, now: DateTime<Utc>) -> Result<(), Error> {
        match self.claimed(now) {
            Some(claim) if claim.by.subject != by.subject => Err(Error::Claimed(Box::new(claim.clone()))),
            Some(_) | None => Ok(()),
        }
    }

    pub(super) fn fits(&self, step: Step) -> Result<(), Error> {
        match next(self.state, step) {
            Some(_) => Ok(()),
            None => Err(Error::StepNotAllowed { state: self.state, step }),
        }
    }
}

/// What was wrong with a decision. What is none stays as it is, or follows from what is another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Correction {
    pub area: Option<String>,
    pub category: Option<String>,
    pub holder: Option<String>,
    pub priority: Option<Priority>,
    pub reason: String,
}

impl Correction {
    /// Holder and priority follow from area and category where these are others. A priority that the rules found they find again: it is no
    /// person's word, which would put off what a danger allows.
    fn instead_of(&self, before: &Decision) -> Triage {
        let area = self.area.clone().unwrap_or_else(|| before.area.to_string());
        let category = self.category.clone().unwrap_or_else(|| before.category.clone());
        let same = area == before.area.as_str() && category == before.category;
        let chosen = before.reasons.iter().any(|reason| reason.rule == CHOSEN);
        Triage {
            area,
            category,
            holder: self.holder.clone().or_else(|| same.then(|| before.holder.clone())),
            priority: self.priority.or_else(|| (same && chosen).then_some(before.priority)),
        }
    }
}
