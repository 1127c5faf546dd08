//! The clocks of a case or a dispatch, one of each kind. A change that touches a clock carries the clock as it is afterwards, so
//! replaying needs no calendar and no profile.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_terms::{Clock, Lamp, Limit, LimitKind, worktime};
use serde::{Deserialize, Serialize};
use strum::Display;

use super::profile::CaseworkProfile;

/// What a clock times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(Display)]
#[strum(serialize_all = "snake_case")]
pub enum ClockKind {
    /// Until accepted.
    Respond,
    /// Until done.
    Resolve,
    /// Until the reporter answered.
    Wait,
    /// Until a suspended case is looked at again.
    Review,
    /// Until somebody ruled on an approval.
    Approve,
    /// Until somebody decided whose a returned case is.
    Arbitrate,
    /// Until a holder who is pressed has answered.
    Reply,
    /// Until somebody looked at what was resolved.
    Verify,
}

/// A clock reached amber or red.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LampTurned {
    pub clock: ClockKind,
    pub lamp: Lamp,
    /// The clock's deadline.
    #[serde(with = "ts_microseconds")]
    pub due_at: DateTime<Utc>,
}

impl LampTurned {
    /// Whether the time of that clock is up.
    pub fn is_red(&self, clock: ClockKind) -> bool {
        self.clock == clock && self.lamp == Lamp::Red
    }
}

/// The running clocks, or how they stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Clocks(BTreeMap<ClockKind, Clock>);

impl Clocks {
    /// Clocks that start at once.
    pub fn start(
        limits: impl IntoIterator<Item = (ClockKind, Limit)>,
        profile: &CaseworkProfile,
        at: DateTime<Utc>,
    ) -> Self {
        Self(limits.into_iter().map(|(kind, limit)| (kind, profile.clock(limit, at))).collect())
    }

    pub fn get(&self, kind: ClockKind) -> Option<&Clock> {
        self.0.get(&kind)
    }

    pub fn each(&self) -> impl Iterator<Item = (ClockKind, &Clock)> {
        self.0.iter().map(|(kind, clock)| (*kind, clock))
    }

    /// One as it is now; where a change does not say, it stays.
    pub fn set(&mut self, kind: ClockKind, clock: Option<&Clock>) {
        if let Some(clock) = clock {
            self.0.insert(kind, clock.clone());
        }
    }

    /// One of them with its limit from the beginning: a new assignment.
    pub fn anew(&self, kind: ClockKind, profile: &CaseworkProfile, at: DateTime<Utc>) -> Option<Clock> {
        self.get(kind).map(|clock| profile.clock(clock.limit, at))
    }

    /// One of them, stopped for good.
    pub fn stopped(&self, kind: ClockKind, profile: &CaseworkProfile, at: DateTime<Utc>) -> Option<Clock> {
        self.changed(kind, |clock| clock.stop(&profile.calendar, at))
    }

    /// One of them, standing still until it is resumed.
    pub fn paused(&self, kind: ClockKind, profile: &CaseworkProfile, at: DateTime<Utc>) -> Option<Clock> {
        self.changed(kind, |clock| clock.pause(&profile.calendar, at))
    }

    /// One of them, running on after a pause.
    pub fn resumed(&self, kind: ClockKind, profile: &CaseworkProfile, at: DateTime<Utc>) -> Option<Clock> {
        self.changed(kind, |clock| clock.resume(&profile.calendar, at))
    }

    /// One of them, with another limit; the time used counts.
    pub fn extended(
        &self,
        kind: ClockKind,
        limit: Limit,
        profile: &CaseworkProfile,
        at: DateTime<Utc>,
    ) -> Option<Clock> {
        self.changed(kind, |clock| clock.extend(&profile.calendar, limit, at))
    }

    /// One of them, as another category or priority has it: with another limit, in which the time used counts. What presses already gets no
    /// longer by it, since whoever is late would only have to call the matter something else: more time is asked for and granted.
    pub fn adjusted(
        &self,
        kind: ClockKind,
        limit: Limit,
        profile: &CaseworkProfile,
        at: DateTime<Utc>,
    ) -> Option<Clock> {
        let due = |clock: &Clock| {
            let mut running = clock.clone();
            running.resume(&profile.calendar, at);
            running.due_at
        };
        let (before, after) = (self.get(kind)?, self.extended(kind, limit, profile, at)?);
        let longer = due(&after) > due(before);
        Some(if longer && before.presses(at) { before.clone() } else { after })
    }

    /// One of them, with no more time left than a limit has from now on; none where it has no more anyway. The time used counts, as it ran
    /// on through nights and holidays, in whole minutes, or hours where these are too many.
    pub fn shortened(
        &self,
        kind: ClockKind,
        limit: Limit,
        profile: &CaseworkProfile,
        at: DateTime<Utc>,
    ) -> Option<Clock> {
        let (clock, calendar) = (self.get(kind).filter(|clock| !clock.is_stopped())?, &profile.calendar);
        let left = worktime::due(calendar, at, limit) - at;
        let mut running = clock.clone();
        running.resume(calendar, at);
        if running.due_at.is_some_and(|due_at| due_at - at <= left) {
            return None;
        }
        running.extend(calendar, Limit { kind: LimitKind::UrgentMinute, amount: Limit::MOST }, at);
        let seconds = (running.used_at(calendar, at) + left).num_seconds();
        let of = |kind, unit: i64| {
            Limit::new(kind, u32::try_from((seconds + unit - 1) / unit).unwrap_or(u32::MAX)).ok()
        };
        let limit = of(LimitKind::UrgentMinute, 60).or_else(|| of(LimitKind::UrgentHour, 3600))?;
        self.extended(kind, limit, profile, at)
    }

    /// The resolve clock stands still, and another times how long.
    #[must_use]
    pub fn standing_still(
        &self,
        (kind, limit): (ClockKind, Limit),
        profile: &CaseworkProfile,
        at: DateTime<Utc>,
    ) -> Self {
        let mut clocks = self.clone();
        clocks.set(ClockKind::Resolve, self.paused(ClockKind::Resolve, profile, at).as_ref());
        clocks.set(kind, Some(&profile.clock(limit, at)));
        clocks
    }

    /// The resolve clock runs on, and the one that timed how long it stood still is done.
    #[must_use]
    pub fn running_on(&self, after: ClockKind, profile: &CaseworkProfile, at: DateTime<Utc>) -> Self {
        let mut clocks = self.clone();
        clocks.set(after, self.stopped(after, profile, at).as_ref());
        clocks.set(ClockKind::Resolve, self.resumed(ClockKind::Resolve, profile, at).as_ref());
        clocks
    }

    /// All of them, standing still; a stopped one stays as it is.
    #[must_use]
    pub fn all_paused(&self, profile: &CaseworkProfile, at: DateTime<Utc>) -> Self {
        self.each().map(|(kind, _)| (kind, self.paused(kind, profile, at))).collect()
    }

    /// All of them, stopped for good; a stopped one stays as it is.
    #[must_use]
    pub fn all_stopped(&self, profile: &CaseworkProfile, at: DateTime<Utc>) -> Self {
        self.each().map(|(kind, _)| (kind, self.stopped(kind, profile, at))).collect()
    }

    /// Those that the profile of today makes other ones, as they are by it; none when there are none.
    pub fn recomputed(&self, profile: &CaseworkProfile) -> Option<Self> {
        let anew = |clock: &mut Clock| clock.recompute(&profile.calendar, profile.amber_percent);
        let other = |(kind, before): (ClockKind, &Clock)| {
            self.changed(kind, anew).filter(|after| after != before).map(|after| (kind, after))
        };
        let clocks: BTreeMap<_, _> = self.each().filter_map(other).collect();
        (!clocks.is_empty()).then_some(Self(clocks))
    }

    fn changed(&self, kind: ClockKind, change: impl FnOnce(&mut Clock)) -> Option<Clock> {
        let mut clock = self.get(kind)?.clone();
        change(&mut clock);
        Some(clock)
    }

    /// When the next lamp turns.
    pub fn next_due(&self) -> Option<DateTime<Utc>> {
        self.each().filter_map(|(_, clock)| clock.next_due()).map(|(at, _)| at).min()
    }

    /// Whether a running clock is red.
    pub fn overdue(&self) -> bool {
        self.each().any(|(_, clock)| clock.is_running() && clock.red_fired)
    }

    /// What the running clocks show, the worst of it, and what is due first; none when none is running.
    pub fn pressing(&self) -> Option<(Lamp, DateTime<Utc>)> {
        let running = || self.each().filter_map(|(_, clock)| Some((clock.shown(), clock.due_at?)));
        Some((running().map(|(lamp, _)| lamp).max()?, running().map(|(_, due)| due).min()?))
    }

    /// The lamps that turn by `at`, amber before red: where both are past at once, both are told, since a missed level is still run.
    pub fn turns(&self, at: DateTime<Utc>) -> Vec<LampTurned> {
        let of = |(kind, clock): (ClockKind, &Clock)| {
            let (due_at, lamps) = (clock.due_at, clock.turns(at));
            lamps.into_iter().filter_map(move |lamp| Some(LampTurned { clock: kind, lamp, due_at: due_at? }))
        };
        self.each().flat_map(of).collect()
    }

    /// All of them, with the lamps turned that turn by `at`.
    #[must_use]
    pub fn all_turned(&self, at: DateTime<Utc>) -> Self {
        let mut clocks = self.clone();
        for LampTurned { clock, lamp, .. } in self.turns(at) {
            clocks.turn(clock, lamp);
        }
        clocks
    }

    /// A lamp has turned: it will not again.
    pub fn turn(&mut self, kind: ClockKind, lamp: Lamp) {
        if let Some(clock) = self.0.get_mut(&kind) {
            clock.turn(lamp);
        }
    }
}

/// Those of the clocks that there are.
impl FromIterator<(ClockKind, Option<Clock>)> for Clocks {
    fn from_iter<T: IntoIterator<Item = (ClockKind, Option<Clock>)>>(clocks: T) -> Self {
        Self(clocks.into_iter().filter_map(|(kind, clock)| Some((kind, clock?))).collect())
    }
}
