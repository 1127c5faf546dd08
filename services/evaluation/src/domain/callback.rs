//! 回访: asking a reporter about one attempt at a case. It ends exactly once.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::log::{Actor, Decided};
use huying_terms::{Solved, Tier, worktime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    appeal::Appeal,
    change::{Cause, Change, Ended, Judged, Opened},
    error::Error,
    parties::{Doer, Party},
    profile::EvaluationProfile,
    sample::drawn,
    settle::{Among, Settled},
    state::{State, Step, next},
    verdict::{By, Verdict},
};

/// Calls sooner than this after one that counted are one try with it.
const APART: TimeDelta = TimeDelta::hours(1);

/// A callback.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Callback {
    #[serde(flatten)]
    pub opened: Opened,
    pub state: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// What the attempt came to by its ending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settles: Option<Settled>,
    /// Its reporter took the request back: it counts, and moves the case no more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// How often nobody was reached.
    pub tries: i32,
    /// The last of them.
    #[serde(
        default,
        with = "chrono::serde::ts_microseconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub tried_at: Option<DateTime<Utc>>,
    /// The link that was issued last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// Who recorded the verdict, or gave it; none of what builds before wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taker: Option<Actor>,
    /// The judged unit's, against the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<Appeal>,
    /// When it was judged, refused, lapsed, spared or cancelled.
    #[serde(
        default,
        with = "chrono::serde::ts_microseconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub end_at: Option<DateTime<Utc>>,
}

/// A way for the reporter to give the verdict themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// SHA-256 of its token, in hexadecimal digits. The token itself is kept nowhere.
    pub hash: String,
    /// Who issued it.
    #[serde(default, skip_serializing_if = "By::is_centre")]
    pub by: By,
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub at: DateTime<Utc>,
}

/// Who says how it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Teller<'a> {
    pub by: By,
    /// Who they are, and the unit that they work in.
    pub who: Doer<'a>,
}

/// What is known when something is said: the instant, and the others that are asked about the attempt.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    pub now: DateTime<Utc>,
    pub others: &'a [&'a Callback],
}

/// A case that was resolved, as casework says.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// The event that says so.
    pub event: Uuid,
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
    /// Who had part in it, whenever.
    pub parties: Vec<Party>,
    pub requests: Vec<Uuid>,
    pub attempt: i32,
    pub answer: String,
    /// Whether it is solved, as the holder says.
    pub solved: Option<Solved>,
    pub at: DateTime<Utc>,
}

impl Callback {
    /// Opens the callbacks on an attempt that was resolved, one for each request; those that are not drawn are spared. The window runs
    /// from the resolution, in the profile's time; `by_default` says that the profile is the built-in one.
    pub fn open(resolved: &Resolved, profile: &EvaluationProfile, by_default: bool) -> Vec<Change> {
        let rules = &profile.callbacks;
        let drawn = drawn(resolved.event, &resolved.requests, rules);
        let asked = u32::try_from(drawn.len()).unwrap_or(u32::MAX);
        let among = (asked > 1).then_some(Among { asked, pass_share: rules.pass_share });
        let requests: BTreeSet<Uuid> = resolved.requests.iter().copied().collect();
        let opened = |request| opened(resolved, request, among, (profile, by_default));
        let each = requests.into_iter().map(|request| match drawn.contains(&request) {
            true => Change::Opened(Box::new(opened(request))),
            false => Change::Spared(Box::new(Opened { among: None, ..opened(request) })),
        });
        each.collect()
    }

    /// The reporter said this.
    ///
    /// # Errors
    /// `NotAsking`, `OwnWork` for whoever had part in the case; `Judged`, `NotAllowed`, `NotResolved`, `WindowOver`.
    pub fn judge(
        &self,
        verdict: Verdict,
        teller: Teller<'_>,
        beside: Beside<'_>,
    ) -> Result<Decided<Change>, Error> {
        self.may_ask(teller)?;
        self.not_judged()?;
        let passes = verdict.passes();
        self.allow(if passes { Step::Pass } else { Step::Fail }, beside.now)?;
        let ended = self.ended(if passes { State::Passed } else { State::Failed }, Some(&verdict), beside);
        let judged = Judged { verdict, ended };
        Ok(Decided::one(if passes { Change::Passed(judged) } else { Change::Failed(judged) }))
    }

    /// Whether the reporter may say it themselves now, by a link whose token has this hash.
    ///
    /// # Errors
    /// `UnknownToken` when another link took its place; `TokenUsed`, `TokenExpired`; `Judged`, `NotAllowed`, `NotResolved`.
    pub fn takes(&self, hash: &str, now: DateTime<Utc>) -> Result<(), Error> {
        if self.link.as_ref().is_none_or(|link| link.hash != hash) {
            return Err(Error::UnknownToken);
        }
        if self.verdict.as_ref().is_some_and(|verdict| verdict.by == By::Link) {
            return Err(Error::TokenUsed);
        }
        self.not_judged()?;
        let allowed = self.allow(Step::Pass, now);
        allowed.map_err(|why| if why == Error::WindowOver { Error::TokenExpired } else { why })
    }

    /// Nobody was reached this time; after so many tries (0: however many) it lapses, unless the reporter has a link, which holds until the window
    /// ends.
    ///
    /// # Errors
    /// `NotAsking`, `OwnWork`; `NotAllowed`, `NotResolved`, `WindowOver`.
    pub fn attempt(
        &self,
        note: String,
        teller: Teller<'_>,
        most: u32,
        beside: Beside<'_>,
    ) -> Result<Decided<Change>, Error> {
        self.may_ask(teller)?;
        self.allow(Step::Attempt, beside.now)?;
        let counts = self.tried_at.is_none_or(|last| beside.now - last >= APART);
        let tries = self.tries.saturating_add(i32::from(counts));
        let mut changes = vec![Change::Attempted { tries, note, by: teller.by }];
        let last = self.link.is_none() && most > 0 && u32::try_from(tries).is_ok_and(|tries| tries >= most);
        changes.extend(last.then(|| Change::RanOut(self.ended(State::Lapsed, None, beside))));
        Ok(Decided::Done(changes))
    }

    /// The reporter would not answer.
    ///
    /// # Errors
    /// As [`attempt`](Self::attempt).
    pub fn refuse(
        &self,
        note: String,
        teller: Teller<'_>,
        beside: Beside<'_>,
    ) -> Result<Decided<Change>, Error> {
        self.may_ask(teller)?;
        self.allow(Step::Refuse, beside.now)?;
        let ended = self.ended(State::Refused, None, beside);
        Ok(Decided::one(Change::Refused { note, by: teller.by, ended }))
    }

    /// The reporter is sent a link whose token has this hash.
    ///
    /// # Errors
    /// As [`attempt`](Self::attempt).
    pub fn issue_link(
        &self,
        hash: String,
        teller: Teller<'_>,
        now: DateTime<Utc>,
    ) -> Result<Decided<Change>, Error> {
        self.may_ask(teller)?;
        self.allow(Step::Link, now)?;
        Ok(Decided::one(Change::LinkIssued(Link { hash, by: teller.by, at: now })))
    }

    /// The window may have ended. An ended callback, or one that still has time, stays as it is: a timer may fire twice.
    pub fn lapse(&self, beside: Beside<'_>) -> Decided<Change> {
        if next(self.state, Step::Lapse).is_none() || beside.now < self.opened.due_at {
            return Decided::AlreadyDone;
        }
        Decided::one(Change::RanOut(self.ended(State::Lapsed, None, beside)))
    }

    /// The case moved on. What has ended stays as it ended: that is how a case that was struck off because it passed, or reopened
    /// because it failed, leaves its callback alone.
    pub fn cancel(&self, cause: Cause) -> Decided<Change> {
        match next(self.state, Step::Cancel) {
            Some(_) => Decided::one(Change::Cancelled { cause }),
            None => Decided::AlreadyDone,
        }
    }

    /// The reporter took the request back: the others of the attempt, if any, settle it. One that has ended stays as it ended.
    pub fn withdraw(&self, others: &[&Self]) -> Decided<Change> {
        if next(self.state, Step::Withdraw).is_none() || self.withdrawn {
            return Decided::AlreadyDone;
        }
        let withdrawn = Self { withdrawn: true, ..self.clone() };
        Decided::one(Change::Withdrawn(Ended { settles: withdrawn.settles(self.state, None, others) }))
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

    /// Whoever had part in the case does not judge it, nor say whether a verdict counts.
    ///
    /// # Errors
    /// `OwnWork` with the unit by which they had.
    pub fn not_own_work(&self, by: Doer<'_>) -> Result<(), Error> {
        let Opened { case, unit, worked, parties, .. } = &self.opened;
        match by.part_in(*case, std::iter::once(unit).chain(worked), parties) {
            Some(unit) => Err(Error::OwnWork { unit: unit.to_owned() }),
            None => Ok(()),
        }
    }

    /// The one request whose reporter is asked; none where it stands for a whole case of several.
    pub fn asked(&self) -> Option<Uuid> {
        match self.opened.requests.as_slice() {
            [request] => Some(*request),
            [] | [..] => None,
        }
    }

    /// The first contact only where the profile says so; never whoever had part in the case.
    fn may_ask(&self, teller: Teller<'_>) -> Result<(), Error> {
        self.not_own_work(teller.who)?;
        let asks = teller.by != By::FirstContact || self.opened.by == By::FirstContact;
        if asks { Ok(()) } else { Err(Error::NotAsking) }
    }

    fn not_judged(&self) -> Result<(), Error> {
        if self.verdict.is_some() { Err(Error::Judged { state: self.state }) } else { Ok(()) }
    }

    fn allow(&self, step: Step, now: DateTime<Utc>) -> Result<(), Error> {
        let over = |at| at >= self.opened.due_at;
        match (next(self.state, step), self.state) {
            (Some(_), _) if over(now) => Err(Error::WindowOver),
            (Some(_), _) => Ok(()),
            (None, State::Cancelled) => Err(Error::NotResolved),
            (None, State::Lapsed) if self.end_at.is_some_and(over) => Err(Error::WindowOver),
            (None, state) => Err(Error::NotAllowed { state, step }),
        }
    }

    fn ended(&self, state: State, verdict: Option<&Verdict>, beside: Beside<'_>) -> Ended {
        Ended { settles: self.settles(state, verdict, beside.others) }
    }
}

/// A callback on one request of an attempt.
fn opened(
    resolved: &Resolved,
    request: Uuid,
    among: Option<Among>,
    (profile, by_default): (&EvaluationProfile, bool),
) -> Opened {
    let it = resolved.clone();
    Opened {
        case: it.case,
        number: it.number,
        district: it.district,
        area: it.area,
        category: it.category,
        unit: it.holder,
        tier: it.tier,
        worked: it.units,
        parties: it.parties,
        requests: vec![request],
        request: Some(request),
        among,
        by: profile.callbacks.by,
        attempt: it.attempt,
        answer: it.answer,
        solved: it.solved,
        resolve_at: it.at,
        due_at: worktime::due(&profile.calendar, it.at, profile.callback),
        limit: Some(profile.callback),
        by_default,
    }
}
