//! 四个双向: what a community and the units stationed there offer and need of each other, brought together, done, and rated by both.
//!
//! Guaranteed: what is matched with an offer is of the other side and stands as it does, until one of both is taken back; each side
//! rates once; whom to speak with is kept sealed, and forgotten when it is done or taken back.

mod change;
mod state;

use chrono::{DateTime, Utc, serde::ts_microseconds, serde::ts_microseconds_option};
use huying_chassis::log::Decided;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Error, personal::Personal};

pub use change::{OfferAbout, OfferChange};
pub use state::{OfferState, OfferStep, next};

/// Whether it is offered or needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferKind {
    Service,
    Need,
}

/// Whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferSide {
    ResidentUnit,
    Community,
}

/// What a side offers or needs, in its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferContent {
    pub kind: OfferKind,
    pub side: OfferSide,
    /// What the unit or the community is called.
    pub party: String,
    pub title: String,
    pub text: String,
    /// Whom to speak with.
    pub contact: Personal<String>,
    /// Until when it stands; none: until it is taken back.
    #[serde(with = "ts_microseconds_option")]
    pub until: Option<DateTime<Utc>>,
}

/// What answers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answers {
    /// An offer or a need of the other side.
    Offer(Uuid),
    Request(Uuid),
}

/// How a side found what was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferRating {
    pub side: OfferSide,
    /// 1 to 5.
    pub score: u32,
    pub comment: String,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
}

/// What a side offers or needs, and how it goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    pub district: String,
    pub area: String,
    pub content: OfferContent,
    pub state: OfferState,
    /// The forum at which it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forum: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Answers>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub result: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ratings: Vec<OfferRating>,
    /// That entered it.
    pub unit: Option<String>,
    #[serde(with = "ts_microseconds")]
    pub made_at: DateTime<Utc>,
}

impl Offer {
    /// What the other side has answers it: a need an offer, an offer a need.
    ///
    /// # Errors
    /// It is matched or over; they do not go together.
    pub fn match_with(&self, id: Uuid, other: &Self) -> Result<Decided<OfferChange>, Error> {
        self.step(OfferStep::Match)?;
        let (ours, theirs) = (&self.content, &other.content);
        if ours.kind == theirs.kind || ours.side == theirs.side || self.district != other.district {
            return Err(Error::OffersDiffer);
        }
        Ok(Decided::one(OfferChange::Matched { with: Answers::Offer(id) }))
    }

    /// It answers a request.
    ///
    /// # Errors
    /// It is matched or over; it is a need itself.
    pub fn match_request(&self, id: Uuid) -> Result<Decided<OfferChange>, Error> {
        self.step(OfferStep::Match)?;
        match self.content.kind {
            OfferKind::Service => Ok(Decided::one(OfferChange::Matched { with: Answers::Request(id) })),
            OfferKind::Need => Err(Error::OffersDiffer),
        }
    }

    /// It was done.
    ///
    /// # Errors
    /// It is matched with nothing, or over.
    pub fn complete(&self, result: &str) -> Result<Decided<OfferChange>, Error> {
        self.step(OfferStep::Complete)?;
        Ok(Decided::one(OfferChange::Done { result: result.to_owned(), contact_forgotten: true }))
    }

    /// Whose it is takes it back.
    ///
    /// # Errors
    /// It is done.
    pub fn withdraw(&self, reason: &str) -> Result<Decided<OfferChange>, Error> {
        if self.state == OfferState::Withdrawn {
            return Ok(Decided::AlreadyDone);
        }
        self.step(OfferStep::Withdraw)?;
        Ok(Decided::one(OfferChange::Withdrawn { reason: reason.to_owned() }))
    }

    /// What it was matched with was taken back: it waits again.
    pub fn release(&self) -> Decided<OfferChange> {
        match next(self.state, OfferStep::Release) {
            Some(_) => Decided::one(OfferChange::Released),
            None => Decided::AlreadyDone,
        }
    }

    /// A side says how it found it.
    ///
    /// # Errors
    /// It is not done; the side has said so already.
    pub fn rate(&self, side: OfferSide, score: u32, comment: &str) -> Result<Decided<OfferChange>, Error> {
        self.step(OfferStep::Rate)?;
        if self.ratings.iter().any(|rating| rating.side == side) {
            return Err(Error::RatedAlready);
        }
        Ok(Decided::one(OfferChange::Rated { side, score, comment: comment.to_owned() }))
    }

    /// The offer or need that it is matched with.
    pub fn counterpart(&self) -> Option<Uuid> {
        match self.answers? {
            Answers::Offer(id) => Some(id),
            Answers::Request(_) => None,
        }
    }

    fn step(&self, step: OfferStep) -> Result<OfferState, Error> {
        next(self.state, step).ok_or(Error::OfferStepNotAllowed { state: self.state, step })
    }
}
