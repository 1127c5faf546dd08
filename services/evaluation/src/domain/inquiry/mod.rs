//! 问政: a delegate asks a unit about cases in public, a leader claims it and answers in public, and the delegate says whether it is solved.
//! Actors: delegates open, judge and withdraw it; leaders claim and answer it; the clock tells what is overdue.
//!
//! - [`change`]: what can happen.
//!
//! Guaranteed: nobody judges their own answer; what was answered stays, whatever comes after; an ended inquiry never changes.

pub mod change;

use chrono::{
    DateTime, TimeDelta, Utc,
    serde::{ts_microseconds, ts_microseconds_option},
};
use huying_chassis::log::{Actor, Decided};
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};
use uuid::Uuid;

pub use change::{Answered, Asked, Claimed, InquiryAbout, InquiryChange, Judged};

/// Most cases of an inquiry.
pub const CASES: usize = 20;
/// Most answers: after the last one it ends, solved or not.
pub const ANSWERS: usize = 3;
/// How long a leader has to claim it. The same everywhere, so it is written here and not in a profile.
pub const CLAIM_WITHIN: TimeDelta = TimeDelta::hours(24);
/// How long the leader who claimed it has for each answer.
pub const ANSWER_WITHIN: TimeDelta = TimeDelta::days(7);

/// Where an inquiry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum InquiryState {
    /// 待认领.
    Open,
    /// 已认领.
    Claimed,
    /// 已答复.
    Answered,
    /// 已解决.
    Solved,
    /// 未解决.
    Unsolved,
    /// 已撤回.
    Withdrawn,
}

impl InquiryState {
    pub const ALL: &[Self] = Self::VARIANTS;

    /// As stored; the same as serde's.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Who answers for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub by: Actor,
    pub office: String,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
}

/// What the delegate said to an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    pub solved: bool,
    pub note: String,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
}

/// An answer, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub text: String,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judgement: Option<Judgement>,
}

/// An inquiry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    pub district: String,
    /// The district, or a street or community in it.
    pub area: String,
    /// Who is asked.
    pub unit: String,
    pub cases: Vec<Uuid>,
    pub question: String,
    pub state: InquiryState,
    /// The delegate who opened it.
    pub by: Actor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// The first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Until when what is owed is to be done; none where nothing is.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// The clock has told that this is over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overdue: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    #[serde(with = "ts_microseconds")]
    pub opened_at: DateTime<Utc>,
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub end_at: Option<DateTime<Utc>>,
}

/// Why an inquiry says no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InquiryError {
    #[error("an inquiry that is {} cannot be {step}", .state.name())]
    NotAllowed { state: InquiryState, step: &'static str },
    /// By their places in what was asked.
    #[error("{} of these are no cases of the inquiry's area", .places.len())]
    UnknownCases { places: Vec<usize> },
    /// By their places in what was asked.
    #[error("{unit} did not work on {} of these cases", .places.len())]
    NotOfCases { unit: String, places: Vec<usize> },
    #[error("somebody answers for it already")]
    ClaimedAlready,
    /// Asking, answering and judging are for different people, and never for those who did the work.
    #[error("nobody judges what is their own")]
    OwnWork,
    #[error("this is for somebody else to do")]
    NotYours,
}

/// What is known of the cases that somebody asks about.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Those that are cases of the area.
    pub there: &'a [Uuid],
    /// Those on which the unit that is asked worked.
    pub worked: &'a [Uuid],
    /// Those in which the delegate had part, for whichever unit.
    pub own: &'a [Uuid],
}

impl Inquiry {
    /// A delegate, who may be of a unit after all, asks.
    ///
    /// # Errors
    /// `UnknownCases`, `NotOfCases`, `OwnWork`.
    pub fn open(
        asked: Asked,
        known: Known<'_>,
        own_unit: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<InquiryChange, InquiryError> {
        let places = missing(&asked.cases, known.there);
        if !places.is_empty() {
            return Err(InquiryError::UnknownCases { places });
        }
        let places = missing(&asked.cases, known.worked);
        if !places.is_empty() {
            return Err(InquiryError::NotOfCases { unit: asked.unit, places });
        }
        if own_unit == Some(asked.unit.as_str()) || !known.own.is_empty() {
            return Err(InquiryError::OwnWork);
        }
        Ok(InquiryChange::Opened(Box::new(Asked { due_at: now + CLAIM_WITHIN, ..asked })))
    }

    /// A leader answers for it from now on.
    ///
    /// # Errors
    /// `OwnWork` for who opened it; `ClaimedAlready`, unless another's answer is overdue; `NotAllowed`.
    pub fn claim(
        &self,
        office: &str,
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Decided<InquiryChange>, InquiryError> {
        if is(&self.by, by) {
            return Err(InquiryError::OwnWork);
        }
        let free = match self.state {
            InquiryState::Open => true,
            InquiryState::Claimed => self.is_over(now) && !self.is_claimed_by(by),
            InquiryState::Answered => false,
            InquiryState::Solved | InquiryState::Unsolved | InquiryState::Withdrawn => {
                return Err(self.not_allowed("claimed"));
            }
        };
        if !free {
            return Err(InquiryError::ClaimedAlready);
        }
        let claimed = Claimed { office: office.to_owned(), due_at: now + ANSWER_WITHIN };
        Ok(Decided::one(InquiryChange::Claimed(claimed)))
    }

    /// The leader who claimed it answers.
    ///
    /// # Errors
    /// `NotAllowed`, `NotYours`.
    pub fn answer(&self, text: &str, by: &Actor) -> Result<Decided<InquiryChange>, InquiryError> {
        if self.state != InquiryState::Claimed {
            return Err(self.not_allowed("answered"));
        }
        if !self.is_claimed_by(by) {
            return Err(InquiryError::NotYours);
        }
        let number = self.answers.len().saturating_add(1).try_into().unwrap_or(i32::MAX);
        Ok(Decided::one(InquiryChange::Answered(Answered { number, text: text.to_owned() })))
    }

    /// The delegate who opened it says whether the answer solves it.
    ///
    /// # Errors
    /// `OwnWork` for who answered, `NotYours` for any other; `NotAllowed`.
    pub fn judge(
        &self,
        solved: bool,
        note: &str,
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Decided<InquiryChange>, InquiryError> {
        if self.is_claimed_by(by) {
            return Err(InquiryError::OwnWork);
        }
        if !is(&self.by, by) {
            return Err(InquiryError::NotYours);
        }
        if self.state != InquiryState::Answered {
            return Err(self.not_allowed("judged"));
        }
        let again = !solved && self.answers.len() < ANSWERS;
        let due_at = again.then(|| now + ANSWER_WITHIN);
        Ok(Decided::one(InquiryChange::Judged(Judged { solved, note: note.to_owned(), due_at })))
    }

    /// The delegate who opened it takes it back.
    ///
    /// # Errors
    /// `NotYours`, `NotAllowed`.
    pub fn withdraw(&self, note: &str, by: &Actor) -> Result<Decided<InquiryChange>, InquiryError> {
        if !is(&self.by, by) {
            return Err(InquiryError::NotYours);
        }
        if !self.is_unanswered() {
            return Err(self.not_allowed("withdrawn"));
        }
        Ok(Decided::one(InquiryChange::Withdrawn { note: note.to_owned() }))
    }

    /// The clock looks at it: what is owed may be overdue, which is told once.
    pub fn remind(&self, now: DateTime<Utc>) -> Decided<InquiryChange> {
        match self.due_at.filter(|_| !self.overdue && self.is_over(now)) {
            Some(due_at) => Decided::one(InquiryChange::Missed { due_at }),
            None => Decided::AlreadyDone,
        }
    }

    /// Nobody has answered it yet, and it has not ended.
    fn is_unanswered(&self) -> bool {
        match self.state {
            InquiryState::Open | InquiryState::Claimed => self.answers.is_empty(),
            InquiryState::Answered
            | InquiryState::Solved
            | InquiryState::Unsolved
            | InquiryState::Withdrawn => false,
        }
    }

    fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.due_at.is_some_and(|due| due <= now)
    }

    fn is_claimed_by(&self, by: &Actor) -> bool {
        self.claim.as_ref().is_some_and(|claim| is(&claim.by, by))
    }

    fn not_allowed(&self, step: &'static str) -> InquiryError {
        InquiryError::NotAllowed { state: self.state, step }
    }
}

/// Whether both are one person.
fn is(one: &Actor, other: &Actor) -> bool {
    one.subject == other.subject
}

/// The places of those that are not among others.
fn missing(cases: &[Uuid], among: &[Uuid]) -> Vec<usize> {
    cases.iter().enumerate().filter(|(_, id)| !among.contains(id)).map(|(n, _)| n).collect()
}
