//! 服务一本通、知识库: a guide of the handbook, a policy or a service that people ask for, or what a unit publishes of itself.
//!
//! Guaranteed: each version stays in the log as it was published; a district has one guide of a code.

mod change;
pub mod words;

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::Decided;
use huying_terms::Limit;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

pub use change::{GuideAbout, GuideChange};
pub use words::Words;

/// The claim of a guide: its code in its district.
pub const GUIDE: &str = "guide";
/// Most officers that a unit publishes, and most other words of a guide.
pub const OFFICERS: usize = 50;
pub const ALSO: usize = 20;

/// What a guide tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum GuideKind {
    Policy,
    Service,
    Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuideState {
    Published,
    Withdrawn,
}

/// An officer as the unit publishes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedOfficer {
    pub name: String,
    pub duty: String,
    pub contact: String,
}

/// What stands in a guide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub district: String,
    pub code: String,
    pub kind: GuideKind,
    pub title: String,
    pub grounds: String,
    pub conditions: String,
    pub text: String,
    pub limit: Option<Limit>,
    pub unit: String,
    pub contact: String,
    pub complaint_line: String,
    pub officers: Vec<PublishedOfficer>,
    pub also: Vec<String>,
}

/// A guide as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guide {
    #[serde(flatten)]
    pub content: Content,
    /// By which it is found.
    pub words: Words,
    pub state: GuideState,
    /// When it was published or withdrawn.
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
}

impl GuideKind {
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl Content {
    /// What it is known by.
    pub fn key(district: &str, code: &str) -> String {
        serde_json::Value::from(vec![district, code]).to_string()
    }

    /// The first change of a new guide.
    pub fn publish(self) -> GuideChange {
        let words = Words::of(&self);
        GuideChange::Published { words, content: Box::new(self) }
    }
}

impl Guide {
    /// Publishes other content in its place, or the same again once it was withdrawn.
    pub fn publish(&self, content: &Content) -> Decided<GuideChange> {
        if self.state == GuideState::Published && self.content == *content {
            return Decided::AlreadyDone;
        }
        Decided::one(content.clone().publish())
    }

    /// Takes it out of the handbook.
    pub fn withdraw(&self, reason: &str) -> Decided<GuideChange> {
        match self.state {
            GuideState::Withdrawn => Decided::AlreadyDone,
            GuideState::Published => Decided::one(GuideChange::Withdrawn { reason: reason.to_owned() }),
        }
    }
}
