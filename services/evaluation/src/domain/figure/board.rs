//! What is told of figures: rates of a period beside others, and how a recount went.

use chrono::{DateTime, Utc};

use super::standing::{Rules, Standing};

/// Rates of a period, and of those that it is compared with.
#[derive(Clone, Debug)]
pub struct Board {
    pub total: Compared,
    pub standings: Vec<Compared>,
    pub rules: Rules,
    pub counted_at: DateTime<Utc>,
}

impl Board {
    /// Whether it tells the same figures by the same rules, whenever they were counted.
    pub fn tells_as(&self, other: &Self) -> bool {
        (&self.total, &self.standings, &self.rules) == (&other.total, &other.standings, &other.rules)
    }
}

/// How one stands, and how it stood in the time before and a year ago.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    pub now: Standing,
    pub before: Standing,
    pub last_year: Standing,
}

/// How far a trial is, or how all stand and would have stood.
pub enum Simulated {
    LookedAt(i64),
    Done { looked_at: i64, now: Box<Board>, would_be: Box<Board> },
}

/// How far it is, or what it came to.
pub enum Recount {
    LookedAt(i64),
    Done(Recounted),
}

/// What a recount came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recounted {
    pub looked_at: i64,
    pub figures: i64,
    pub different: i64,
    pub differences: Vec<String>,
}
