//! 便民服务卡、善治码: a card or code at somebody's door. It leads to the cadre to call, and to whoever answers for what is sent by it.
//!
//! Guaranteed: each request made by a card counts as one use; a card that was replaced or revoked takes no more.

mod change;

use chrono::{DateTime, Utc, serde::ts_microseconds, serde::ts_microseconds_option};
use huying_chassis::log::Decided;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;
use uuid::Uuid;

use super::{Error, channel::Channel};

pub use change::{CardAbout, CardChange};

/// Most cards of a batch.
pub const BATCH: usize = 500;

/// What a card is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardKind {
    ServiceCard,
    ResidentQr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CardState {
    Valid,
    Replaced,
    Revoked,
}

/// Whom a card names, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Face {
    pub district: String,
    pub kind: CardKind,
    /// The grid, or whatever area the cadre is responsible for.
    pub area: String,
    pub unit: String,
    pub cadre: String,
    /// At work.
    pub phone: String,
    /// Where it hangs; may be empty.
    pub address: String,
}

/// What a card has by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Print {
    /// Secret but for who holds the card: 128 bits, as 22 characters that an address may have.
    pub code: String,
    /// The id of the first card of its batch; one that took the place of another is a batch by itself.
    pub batch: Uuid,
    /// The card whose place it took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Uuid>,
}

/// A card as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    #[serde(flatten)]
    pub face: Face,
    #[serde(flatten)]
    pub print: Print,
    pub state: CardState,
    /// Requests made by it.
    pub uses: u64,
    #[serde(with = "ts_microseconds")]
    pub issued_at: DateTime<Utc>,
    #[serde(with = "ts_microseconds_option")]
    pub used_at: Option<DateTime<Utc>>,
    /// The card that took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<Uuid>,
    /// Why it was replaced or revoked; empty while it is valid.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// What another card has else; empty: as before.
#[derive(Clone, Debug, Default)]
pub struct Other {
    pub unit: String,
    pub cadre: String,
    pub phone: String,
    pub address: String,
}

impl CardState {
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl CardKind {
    /// The door of whatever is made by a card of this kind, scanned or phoned: it must be open for it to be issued.
    pub fn door(self) -> Channel {
        match self {
            Self::ServiceCard => Channel::ServiceCard,
            Self::ResidentQr => Channel::ResidentQr,
        }
    }
}

impl Face {
    /// The same card with another cadre or place.
    #[must_use]
    pub fn with(&self, other: Other) -> Self {
        let or = |given: String, before: &String| if given.is_empty() { before.clone() } else { given };
        Self {
            district: self.district.clone(),
            kind: self.kind,
            area: self.area.clone(),
            unit: or(other.unit, &self.unit),
            cadre: or(other.cadre, &self.cadre),
            phone: or(other.phone, &self.phone),
            address: or(other.address, &self.address),
        }
    }

    /// Whom to call, in words.
    pub fn whom(&self) -> String {
        format!("{} {}", self.cadre, self.phone)
    }

    /// The first change of a new card.
    pub fn issue(self, print: Print) -> CardChange {
        CardChange::Issued { face: Box::new(self), print }
    }
}

impl Card {
    pub fn is_valid(&self) -> bool {
        self.state == CardState::Valid
    }

    /// A request is made by it.
    ///
    /// # Errors
    /// It counts no more. `instead`: whom to call.
    pub fn used(&self, request: Uuid, instead: &str) -> Result<CardChange, Error> {
        self.counting(instead)?;
        Ok(CardChange::Used { request })
    }

    /// Another one takes its place.
    ///
    /// # Errors
    /// As [`used`](Self::used).
    pub fn replace(&self, by: Uuid, reason: &str, instead: &str) -> Result<Decided<CardChange>, Error> {
        self.counting(instead)?;
        Ok(Decided::one(CardChange::Replaced { by, reason: reason.to_owned() }))
    }

    /// Takes it out of use.
    ///
    /// # Errors
    /// It was replaced before.
    pub fn revoke(&self, reason: &str, instead: &str) -> Result<Decided<CardChange>, Error> {
        match self.state {
            CardState::Revoked => Ok(Decided::AlreadyDone),
            CardState::Valid => Ok(Decided::one(CardChange::Revoked { reason: reason.to_owned() })),
            CardState::Replaced => Err(Error::CardRevoked { call: instead.to_owned() }),
        }
    }

    fn counting(&self, instead: &str) -> Result<(), Error> {
        if self.is_valid() { Ok(()) } else { Err(Error::CardRevoked { call: instead.to_owned() }) }
    }
}
