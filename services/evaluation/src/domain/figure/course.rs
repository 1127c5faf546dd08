//! 办理过程: what evaluation keeps of each case, as casework's events tell it, and what it adds to the figures.
//!
//! It has no log of its own: casework's is its log. What was counted is kept as a list of postings, each for the unit and the tier of that
//! moment; the area and the category are those that the case has now, so that a correction moves all that was counted.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, serde::ts_microseconds, serde::ts_microseconds_option};
use chrono_tz::Tz;
use huying_terms::Tier;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Channel, Measure, Posting,
    parts::Parts,
    timing::Timing,
    told::{Told, What},
};

/// Most happenings that are kept of one case: what comes after is not counted. No case of people's comes near.
const MOST: usize = 1000;

/// Something that happened, counted for whoever it was then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    pub measure: Measure,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
    pub unit: String,
    pub tier: Tier,
    /// When it was done, where it is counted later, since somebody looked at it on site first.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub done_at: Option<DateTime<Utc>>,
}

/// A time in which it was overdue and not resolved, in one unit's hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overdue {
    #[serde(with = "ts_microseconds")]
    pub from: DateTime<Utc>,
    #[serde(with = "ts_microseconds")]
    pub to: DateTime<Utc>,
    pub unit: String,
    pub tier: Tier,
}

/// How a case came, went and ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    pub number: String,
    pub district: String,
    pub area: String,
    pub category: String,
    pub tier: Tier,
    pub holder: String,
    /// Who had it first.
    pub first: String,
    pub attempt: i32,
    #[serde(with = "ts_microseconds")]
    pub opened_at: DateTime<Utc>,
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub respond_by: Option<DateTime<Utc>>,
    /// Of what is worked on.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// Since when its holder has it, and its time to resolve runs.
    #[serde(with = "ts_microseconds")]
    pub held_at: DateTime<Utc>,
    /// When it was resolved, where somebody is to look at it on site still.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub told_at: Option<DateTime<Utc>>,
    /// When it left the account; none while it is in it.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub end_at: Option<DateTime<Utc>>,
    /// It came back from where it had left the account resolved or declined: it is not settled at once any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_reopened: bool,
    /// A part of a case: its whole counts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_part: bool,
    /// The first request that it was told with, and the door which that came by: that is the case's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub happened: Vec<Happened>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overdue: Vec<Overdue>,
    /// For trials.
    #[serde(default, skip_serializing_if = "Timing::is_nothing")]
    pub timing: Timing,
    /// Who was called, and who worked on it; of what builds before counted, nobody.
    #[serde(default, skip_serializing_if = "Parts::is_none")]
    pub parts: Parts,
}

/// What counts when a case leaves the account, and no longer when it is in the account again.
const LEAVING: [Measure; 7] = [
    Measure::Settled,
    Measure::OnTime,
    Measure::FirstTime,
    Measure::SelfSettled,
    Measure::Withdrawn,
    Measure::Declined,
    Measure::Merged,
];
/// What may be counted once in a case's life.
const ONCE: [Measure; 3] = [Measure::Accepted, Measure::AcceptedOnTime, Measure::Opened];
/// After these a settlement is not the first holder's own.
const NOT_ALONE: [Measure; 5] =
    [Measure::Escalated, Measure::Climbed, Measure::Called, Measure::Returned, Measure::Delegated];

impl Course {
    /// After the first event that is heard of a case, whichever that is.
    pub fn begin(told: &Told) -> Self {
        let mut course = Self {
            number: told.number.clone(),
            district: told.district.clone(),
            area: told.area.clone(),
            category: told.category.clone(),
            tier: told.tier,
            holder: told.holder.clone(),
            first: told.holder.clone(),
            attempt: told.attempt,
            opened_at: told.opened_at,
            respond_by: told.respond_by,
            due_at: told.due_at,
            held_at: told.opened_at,
            told_at: None,
            end_at: None,
            was_reopened: false,
            is_part: told.what == What::SplitOff,
            request: told.request,
            channel: None,
            happened: Vec::new(),
            overdue: Vec::new(),
            timing: Timing::default(),
            parts: Parts::default(),
        };
        course.count(Measure::Opened, told.opened_at);
        course.take(told);
        course
    }

    /// Takes the next event.
    pub fn take(&mut self, told: &Told) {
        let ran = self.due_at.is_some();
        match told.what {
            What::Opened | What::SplitOff => {}
            What::Changed => self.came_down(told.tier),
            What::Replaced => {
                self.is_still_first(told);
                self.came_down(told.tier);
            }
            What::Corrected => {
                // Whoever it never should have come to did not have it first.
                if !self.has(Measure::Accepted) {
                    self.is_still_first(told);
                }
                self.came_down(told.tier);
            }
            What::Accepted => self.accepted(told.at),
            What::Escalated => self.count(Measure::Escalated, told.at),
            What::Climbed if self.has(Measure::Accepted) => {}
            What::Climbed => self.count(Measure::Climbed, told.at),
            What::Delegated => {
                self.count(Measure::Delegated, told.at);
                self.came_down(told.tier);
            }
            What::Called | What::GroupCalled | What::Consulted => self.count(Measure::Called, told.at),
            What::Returned => self.count(Measure::Returned, told.at),
            What::Resolved if told.to_be_verified => self.told_at = Some(told.at),
            What::Resolved => self.resolved(told.at, told.at),
            What::Verified => self.resolved(self.told_at.unwrap_or(told.at), told.at),
            What::VerificationFailed => {
                self.told_at = None;
                self.count(Measure::Unverified, told.at);
            }
            What::Reopened => self.reopened(),
            What::Closed if told.withdrawn => self.withdrawn(told.at),
            What::Closed => self.settled(told.at),
            What::Declined => self.ended(Measure::Declined, told.at),
            What::Merged => self.ended(Measure::Merged, told.at),
            What::Unmerged => self.back(),
        }
        self.parts.take(&told.parts);
        self.is_now(told, ran);
    }

    /// How many days it was overdue in all until now, those begun counted whole.
    pub fn days_late(&self, now: DateTime<Utc>) -> i64 {
        let over: TimeDelta = self.overdue.iter().map(|it| it.to - it.from).sum();
        let runs = self.due_at.map(|due| now - due.max(self.held_at)).filter(|it| *it > TimeDelta::zero());
        let late = over + runs.unwrap_or_default();
        (late + TimeDelta::days(1) - TimeDelta::nanoseconds(1)).num_days()
    }

    /// What it adds to the figures, in the district's own days.
    pub fn postings(&self, zone: Tz) -> Vec<Posting> {
        if self.is_part {
            return Vec::new();
        }
        let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        let post = |at, (unit, tier): (&str, Tier), measure, number| {
            self.posting(day(at), (unit, tier), measure, number)
        };
        let mut all: Vec<Posting> =
            self.happened.iter().map(|it| post(it.at, (&it.unit, it.tier), it.measure, 1)).collect();
        let handed_on = all.iter_mut().filter(|it| it.measure.is_handed_on());
        let next = self.handed_on().skip(1).map(|it| it.tier).chain([self.tier]);
        for (it, next) in handed_on.zip(next) {
            // From one unit of a tier to another it has not left the tier.
            it.tier = it.tier.filter(|tier| *tier != next || it.measure != Measure::HandedOn);
        }
        let holder = (self.holder.as_str(), self.tier);
        let mut since = self.opened_at;
        for it in self.handed_on() {
            let whose = (it.unit.as_str(), it.tier);
            all.push(post(since, whose, Measure::Open, 1));
            all.push(post(it.at, whose, Measure::Open, -1));
            since = it.at;
        }
        all.push(post(since, holder, Measure::Open, 1));
        all.extend(self.end_at.map(|end| post(end, holder, Measure::Open, -1)));
        for it in &self.overdue {
            let whose = (it.unit.as_str(), it.tier);
            all.push(post(it.from, whose, Measure::OverdueOpen, 1));
            all.push(post(it.to, whose, Measure::OverdueOpen, -1));
        }
        // The day on which it will be overdue, if nothing happens until then. Figures are told up to today, so it counts from that day on.
        all.extend(self.due_at.map(|due| post(due.max(self.held_at), holder, Measure::OverdueOpen, 1)));
        all
    }

    fn posting(&self, day: NaiveDate, (unit, tier): (&str, Tier), measure: Measure, number: i64) -> Posting {
        let (area, category, unit) = (self.area.clone(), self.category.clone(), unit.to_owned());
        Posting { day, area, category, unit, tier: Some(tier), channel: self.channel, measure, number }
    }

    /// What the event says of it, whatever happened. Whether its time to resolve ran before.
    fn is_now(&mut self, told: &Told, ran: bool) {
        let due_at = told.due_at.filter(|_| self.end_at.is_none());
        let moved = self.holder != told.holder && !told.holder.is_empty();
        let runs = due_at.is_some();
        if !self.has(Measure::Resolved) {
            self.timing.take(told, moved && !self.has(Measure::Accepted), (ran, runs));
        }
        self.timing.is_now(told);
        if moved || due_at != self.due_at {
            self.stop(told.at);
            self.due_at = due_at;
        }
        if moved {
            if self.end_at.is_none() {
                let held = self.happened.iter().rev().take_while(|it| !it.measure.is_handed_on());
                let returned = held.into_iter().any(|it| it.measure == Measure::Returned);
                self.count(if returned { Measure::Reassigned } else { Measure::HandedOn }, told.at);
            }
            self.holder.clone_from(&told.holder);
        }
        if moved || (runs && !ran) {
            self.held_at = told.at;
        }
        (self.tier, self.attempt) = (told.tier, told.attempt);
        (self.area, self.category) = (told.area.clone(), told.category.clone());
        self.respond_by = told.respond_by.or(self.respond_by);
        self.request = self.request.or(told.request);
    }

    /// The time to resolve it runs no longer as it did: if it was overdue, that is over.
    fn stop(&mut self, at: DateTime<Utc>) {
        if let Some(due) = self.due_at.take() {
            let from = due.max(self.held_at);
            if from < at && self.overdue.len() < MOST {
                let (unit, tier) = (self.holder.clone(), self.tier);
                self.overdue.push(Overdue { from, to: at, unit, tier });
                // What was over until now is counted, whatever its time is from now on.
                self.held_at = at;
            }
        }
    }

    fn accepted(&mut self, at: DateTime<Utc>) {
        if self.has(Measure::Accepted) {
            return;
        }
        self.count(Measure::Accepted, at);
        if self.respond_by.is_none_or(|by| at <= by) {
            self.count(Measure::AcceptedOnTime, at);
        }
    }

    /// Resolved at one instant, which is told for good at another.
    fn resolved(&mut self, at: DateTime<Utc>, stands_at: DateTime<Utc>) {
        let late =
            self.due_at.is_some_and(|due| due < at) || self.overdue.last().is_some_and(|it| it.to == at);
        let (unit, tier) = (self.holder.clone(), self.tier);
        let done_at = (at != stands_at).then_some(at);
        self.push(Happened { measure: Measure::Resolved, at: stands_at, unit, tier, done_at });
        if late {
            self.count(Measure::ResolvedLate, stands_at);
        }
        self.told_at = None;
    }

    fn reopened(&mut self) {
        self.back();
        self.was_reopened = true;
        // What nobody had looked at yet does not stand.
        self.told_at = None;
        // One that had been declined was not resolved, so nothing that was done comes to nothing.
        if self.resolved_at().is_some() {
            let last = self.happened.iter().rfind(|it| it.measure == Measure::Resolved);
            self.undone(last.cloned(), Measure::Reopened);
        }
    }

    /// Whoever has it after this has had it since whoever had it before.
    fn is_still_first(&mut self, told: &Told) {
        if self.first == self.holder && !told.holder.is_empty() {
            self.first.clone_from(&told.holder);
        }
    }

    /// Each time that it went into other hands.
    fn handed_on(&self) -> impl Iterator<Item = &Happened> {
        self.happened.iter().filter(|it| it.measure.is_handed_on())
    }

    /// It goes to this tier. Steps up that were taken there or above it came to nothing, unless it has been resolved since.
    fn came_down(&mut self, to: Tier) {
        if to >= self.tier {
            return;
        }
        let of = |measure| self.happened.iter().filter(move |it| it.measure == measure);
        let resolved = of(Measure::Resolved).next_back().map(|it| it.at);
        let stands = |it: &&Happened| {
            it.tier >= to
                && resolved.is_none_or(|resolved| resolved < it.at)
                && !of(Measure::SentBack).any(|back| (back.at, &back.unit) == (it.at, &it.unit))
        };
        let steps: Vec<Happened> = of(Measure::Escalated).filter(stands).cloned().collect();
        self.undone(steps, Measure::SentBack);
    }

    /// These came to nothing: that counts for the same unit on the same day, so that it is a part of what was done on it.
    fn undone(&mut self, done: impl IntoIterator<Item = Happened>, measure: Measure) {
        for it in done {
            self.push(Happened { measure, ..it });
        }
    }

    /// Once it is resolved it was worked on, in time or not, and its reporter is asked: taking it back leaves that in the rates.
    fn withdrawn(&mut self, at: DateTime<Utc>) {
        if let Some(told_at) = self.told_at {
            self.resolved(told_at, at);
        }
        if self.resolved_at().is_some() { self.settled(at) } else { self.ended(Measure::Withdrawn, at) }
    }

    fn settled(&mut self, at: DateTime<Utc>) {
        self.ended(Measure::Settled, at);
        if !self.has(Measure::ResolvedLate) {
            self.count(Measure::OnTime, at);
        }
        // The number of the attempt does not tell: a case takes on that of one that is merged into it.
        if !(self.was_reopened || self.has(Measure::Reopened) || self.has(Measure::Unverified)) {
            self.count(Measure::FirstTime, at);
        }
        if self.holder == self.first && !NOT_ALONE.iter().any(|it| self.has(*it)) {
            self.count(Measure::SelfSettled, at);
        }
    }

    fn ended(&mut self, how: Measure, at: DateTime<Utc>) {
        self.stop(at);
        self.end_at = Some(at);
        self.count(how, at);
    }

    /// It is in the account again: how it had left is not counted any more.
    fn back(&mut self) {
        self.end_at = None;
        self.happened.retain(|it| !LEAVING.contains(&it.measure));
    }

    fn has(&self, measure: Measure) -> bool {
        self.happened.iter().any(|it| it.measure == measure)
    }

    fn count(&mut self, measure: Measure, at: DateTime<Utc>) {
        if !(ONCE.contains(&measure) && self.has(measure)) {
            self.push(Happened { measure, at, unit: self.holder.clone(), tier: self.tier, done_at: None });
        }
    }

    fn push(&mut self, happened: Happened) {
        if self.happened.len() < MOST {
            self.happened.push(happened);
        }
    }
}

impl Happened {
    /// When it was done.
    pub fn done_at(&self) -> DateTime<Utc> {
        self.done_at.unwrap_or(self.at)
    }
}
