//! 回访: asking the reporter about one attempt at a case. It ends exactly once: judged, lapsed or cancelled.

use chrono::{DateTime, Utc};
use huying_chassis::log::Decided;
use huying_terms::{Solved, Tier, worktime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    change::{Cause, Change, Opened},
    error::Error,
    profile::EvaluationProfile,
    state::{State, Step, next},
    verdict::Verdict,
};

/// A callback.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Callback {
    #[serde(flatten)]
    pub opened: Opened,
    pub state: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// How often nobody was reached.
    pub tries: i32,
    /// When it was judged, lapsed or cancelled.
    #[serde(
        default,
        with = "chrono::serde::ts_microseconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub end_at: Option<DateTime<Utc>>,
}

/// A case that was resolved, as casework says.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    pub case: Uuid,
    pub number: String,
    pub district: String,
    pub area: String,
    pub category: String,
    /// Who held it, and where that unit stands.
    pub holder: String,
    pub tier: Option<Tier>,
    /// Who worked on it.
    pub units: Vec<String>,
    pub requests: Vec<Uuid>,
    pub attempt: i32,
    pub answer: String,
    /// Whether it is solved, as the holder says.
    pub solved: Option<Solved>,
    pub at: DateTime<Utc>,
}

impl Callback {
    /// Opens a callback on an attempt that was resolved. The window runs from the resolution, in the profile's time; `by_default`
    /// says that the profile is the built-in one.
    pub fn open(resolved: Resolved, profile: &EvaluationProfile, by_default: bool) -> Change {
        let due_at = worktime::due(&profile.calendar, resolved.at, profile.callback);
        Change::Opened(Box::new(Opened {
            case: resolved.case,
            number: resolved.number,
            district: resolved.district,
            area: resolved.area,
            category: resolved.category,
            unit: resolved.holder,
            tier: resolved.tier,
            worked: resolved.units,
            requests: resolved.requests,
            attempt: resolved.attempt,
            answer: resolved.answer,
            solved: resolved.solved,
            resolve_at: resolved.at,
            due_at,
            limit: Some(profile.callback),
            by_default,
        }))
    }

    /// The reporter said this, to somebody of `judge`.
    ///
    /// # Errors
    /// `OwnWork` when that unit is judged or worked on the case; `NotAllowed` when the callback has ended.
    pub fn judge(&self, verdict: Verdict, judge: Option<&str>) -> Result<Decided<Change>, Error> {
        if let Some(unit) = judge.filter(|unit| self.worked(unit)) {
            return Err(Error::OwnWork { unit: unit.to_owned() });
        }
        let step = if verdict.passes() { Step::Pass } else { Step::Fail };
        self.allow(step)?;
        Ok(Decided::one(if verdict.passes() { Change::Passed(verdict) } else { Change::Failed(verdict) }))
    }

    /// Nobody was reached this time.
    ///
    /// # Errors
    /// `NotAllowed` when it has ended.
    pub fn attempt(&self, note: String) -> Result<Decided<Change>, Error> {
        self.allow(Step::Attempt)?;
        Ok(Decided::one(Change::Attempted { tries: self.tries.saturating_add(1), note }))
    }

    /// The window may have ended. An ended callback, or one that still has time, stays as it is: a timer may fire twice.
    pub fn lapse(&self, now: DateTime<Utc>) -> Decided<Change> {
        if next(self.state, Step::Lapse).is_none() || now < self.opened.due_at {
            return Decided::AlreadyDone;
        }
        Decided::one(Change::Lapsed)
    }

    /// The case moved on. What has ended stays as it ended: that is how a case that was struck off because it passed, or reopened
    /// because it failed, leaves its callback alone.
    pub fn cancel(&self, cause: Cause) -> Decided<Change> {
        match next(self.state, Step::Cancel) {
            Some(_) => Decided::one(Change::Cancelled { cause }),
            None => Decided::AlreadyDone,
        }
    }

    /// The window, by the calendar of today, as if it had been opened with that one. An ended callback stays as it is.
    pub fn recompute(&self, profile: &EvaluationProfile) -> Decided<Change> {
        let Opened { resolve_at, due_at: before, limit, .. } = &self.opened;
        let due_at = worktime::due(&profile.calendar, *resolve_at, limit.unwrap_or(profile.callback));
        if next(self.state, Step::Recompute).is_none() || due_at == *before {
            return Decided::AlreadyDone;
        }
        Decided::one(Change::Recomputed { due_at })
    }

    /// Whether a unit is judged by it or worked on the case.
    pub fn worked(&self, unit: &str) -> bool {
        self.opened.unit == unit || self.opened.worked.iter().any(|worked| worked == unit)
    }

    fn allow(&self, step: Step) -> Result<(), Error> {
        match next(self.state, step) {
            Some(_) => Ok(()),
            None => Err(Error::NotAllowed { state: self.state, step }),
        }
    }
}
