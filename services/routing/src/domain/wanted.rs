//! What the desk's queue is asked for, and what it comes to in numbers.

use chrono::{DateTime, Utc};
use huying_terms::AreaCode;

use super::{decision::Part, route::Cursor};

/// In whose hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hands {
    Nobody,
    /// By the token's subject.
    Of(String),
}

/// A page of a district's queue.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub district: String,
    /// The part of it that the caller reaches: an area code, or the beginning of one.
    pub within: String,
    /// Only what lies in this area.
    pub area: Option<AreaCode>,
    pub hands: Option<Hands>,
    /// Only what is past its due time.
    pub overdue: bool,
    /// Only where this part is undecided.
    pub undecided: Option<Part>,
    /// Only what was told to a unit above.
    pub climbed: bool,
    /// What is past its due time, and whose claim has lapsed, is told at this instant.
    pub now: DateTime<Utc>,
    pub after: Option<Cursor>,
    /// How many routes at most.
    pub size: i64,
}

/// What waits, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub waiting: i64,
    pub overdue: i64,
    pub claimed: i64,
    /// By area, to the street.
    pub areas: Vec<(String, i64)>,
    /// By what is undecided.
    pub undecided: Vec<(String, i64)>,
    /// There is more than was counted.
    pub more: bool,
}
