//! 工单: what the trade sends with a request.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc, serde::ts_microseconds_option};
use serde::{Deserialize, Serialize};

use super::personal::Personal;

/// 诉求类型.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestType {
    Consultation,
    Help,
    Complaint,
    Report,
    Suggestion,
    Praise,
}

/// A file of the door, by reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentReference {
    pub name: String,
    pub uri: String,
    pub media_type: String,
    /// Bytes; 0: not said.
    pub size: i64,
}

/// What the trade sends: every part may be empty. Its numbers and times are the door's own words, kept and given back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Order {
    #[serde(rename = "type")]
    pub kind: Option<RequestType>,
    pub title: String,
    /// The door calls it urgent.
    pub urgent: bool,
    /// The platform's own deadline.
    #[serde(with = "ts_microseconds_option")]
    pub platform_due_at: Option<DateTime<Utc>>,
    /// Whom or what it is about.
    pub complained_of: String,
    /// Of an order that it goes with, or repeats.
    pub related_number: String,
    pub repeated: bool,
    #[serde(with = "ts_microseconds_option")]
    pub call_at: Option<DateTime<Utc>>,
    /// Who took the call.
    pub taker: String,
    pub anonymous: bool,
    pub confidential: bool,
    pub answer_wanted: Option<bool>,
    pub callback_wanted: Option<bool>,
    pub attachments: Vec<AttachmentReference>,
    /// Whatever else the door has: it may name the reporter.
    pub extensions: Personal<BTreeMap<String, String>>,
}

impl Order {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether only the first contact is shown who calls.
    pub fn hides_reporter(&self) -> bool {
        self.anonymous || self.confidential
    }
}
