//! What lists and rates are asked for.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    figure::{By, period::Period},
    state::State,
};

/// What narrows a list most: the index it is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    District,
    Street(String),
    Community(String),
    Unit(String),
    Case(Uuid),
}

/// Which callbacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub scope: Scope,
    pub district: String,
    /// Only what lies in this area; empty: anywhere.
    pub area: String,
    /// Only what judges this unit; empty: any.
    pub unit: String,
    /// None: all.
    pub state: Option<State>,
}

/// The key of the last callback of the page before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub lapse_at: DateTime<Utc>,
    pub id: Uuid,
}

/// Which rates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rates {
    pub district: String,
    /// The district, or a street or community in it.
    pub area: String,
    /// Only this unit; empty: all.
    pub unit: String,
    /// None: by the areas next below.
    pub by: Option<By>,
    pub period: Period,
}
