//! What is told of figures: rates of a period beside others, and how a recount went.

use chrono::{DateTime, Utc};

use super::standing::{Rules, Standing};

/// Rates of a period, and of those that it is compared with.
pub struct Board {
    pub total: Compared,
    pub standings: Vec<Compared>,
    pub rules: Rules,
    pub counted_at: DateTime<Utc>,
}

/// How one stands, and how it stood in the time before and a year ago.
pub struct Compared {
    pub now: Standing,
    pub before: Standing,
    pub last_year: Standing,
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
