//! Asking somebody about their case, as part of a round. Guaranteed: it is recorded once, never by whoever had part in the case, and only
//! by whom it was handed out to.

pub mod change;

use chrono::{DateTime, Utc, serde::ts_microseconds_option};
use huying_chassis::log::Decided;
use huying_terms::Solved;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};
use uuid::Uuid;

use super::{
    parties::Doer,
    round::RoundError,
    verdict::{Satisfaction, Verdict},
};
pub use change::{Drawn, InterviewAbout, InterviewChange, Recorded};

/// Where an interview stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum InterviewState {
    /// 备选: asked only in somebody's place.
    Reserve,
    /// 待访.
    Waiting,
    /// 已访.
    Answered,
    /// 拒访.
    Refused,
    /// 未联系上.
    Unreachable,
}

impl InterviewState {
    pub const ALL: &[Self] = Self::VARIANTS;

    /// As stored; the same as serde's.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Who asks: everybody of a unit, or one person of it or of none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interviewer {
    pub unit: String,
    /// Of a person's token; empty: anybody of the unit.
    pub subject: String,
}

impl Interviewer {
    /// What lists look for.
    pub fn key(&self) -> String {
        format!("{}/{}", self.unit, self.subject)
    }

    /// Whether somebody is the one, or one of those.
    fn is(&self, subject: &str, unit: Option<&str>) -> bool {
        if self.subject.is_empty() { unit == Some(self.unit.as_str()) } else { self.subject == subject }
    }
}

impl<'a> From<&'a Interviewer> for Doer<'a> {
    fn from(one: &'a Interviewer) -> Self {
        Self { unit: Some(&one.unit), subject: &one.subject }
    }
}

/// How asking went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Answered(Verdict),
    Refused,
    Unreachable,
}

/// An interview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interview {
    #[serde(flatten)]
    pub drawn: Drawn,
    pub state: InterviewState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interviewer: Option<Interviewer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// In whose place it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Uuid>,
    /// Which one is in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<Uuid>,
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<DateTime<Utc>>,
}

impl Interview {
    /// Whoever had part in the case does not ask about it.
    ///
    /// # Errors
    /// `OwnWork` with the unit by which they had.
    pub fn not_own_work(&self, by: Doer<'_>) -> Result<(), RoundError> {
        self.drawn.not_own_work(by)
    }

    /// Somebody is to ask. That they may was looked at.
    ///
    /// # Errors
    /// `NotAllowed` when it does not wait.
    pub fn hand_out(&self, interviewer: Interviewer) -> Result<Decided<InterviewChange>, RoundError> {
        self.waits("handed out")?;
        if self.interviewer.as_ref() == Some(&interviewer) {
            return Ok(Decided::AlreadyDone);
        }
        Ok(Decided::one(InterviewChange::HandedOut { interviewer }))
    }

    /// It went so, somebody of a unit says.
    ///
    /// # Errors
    /// `OwnWork`, `NotAllowed` when it does not wait, `HandedToAnother`.
    pub fn record(
        &self,
        recorded: Recorded,
        (subject, unit): (&str, Option<&str>),
    ) -> Result<Decided<InterviewChange>, RoundError> {
        self.not_own_work(Doer { unit, subject })?;
        self.waits("recorded")?;
        if self.interviewer.as_ref().is_some_and(|one| !one.is(subject, unit)) {
            return Err(RoundError::HandedToAnother);
        }
        Ok(Decided::one(InterviewChange::Recorded(Box::new(recorded))))
    }

    /// It is asked in another's place, by whom that one was to be asked, unless they had part in this case.
    ///
    /// # Errors
    /// `NotAllowed` when it is not in reserve.
    pub fn call_up(&self, id: Uuid, other: &Self) -> Result<Decided<InterviewChange>, RoundError> {
        if self.state != InterviewState::Reserve {
            return Err(RoundError::NotAllowed { state: self.state, step: "called up" });
        }
        let interviewer = other.interviewer.clone().filter(|one| self.not_own_work(one.into()).is_ok());
        Ok(Decided::one(InterviewChange::CalledUp { replaces: id, interviewer }))
    }

    /// It waits for somebody to ask.
    ///
    /// # Errors
    /// `NotAllowed`.
    pub fn waits(&self, step: &'static str) -> Result<(), RoundError> {
        match self.state {
            InterviewState::Waiting => Ok(()),
            InterviewState::Reserve
            | InterviewState::Answered
            | InterviewState::Refused
            | InterviewState::Unreachable => Err(RoundError::NotAllowed { state: self.state, step }),
        }
    }
}

/// What a round's report takes from a verdict. The one place that knows what is in one.
impl Verdict {
    pub fn says_contacted(&self) -> bool {
        self.contacted
    }

    pub fn says_solved(&self) -> bool {
        self.solved == Solved::Yes
    }

    /// Basically satisfied is satisfied: a round asks whether people are, not how much it weighs.
    pub fn says_satisfied(&self) -> bool {
        match self.satisfaction {
            Satisfaction::VerySatisfied | Satisfaction::Satisfied | Satisfaction::Basically => true,
            Satisfaction::Unsatisfied | Satisfaction::VeryUnsatisfied => false,
        }
    }
}
