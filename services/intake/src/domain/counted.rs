//! What counts come to: of a bounded number of rows, with where the rest begins.

/// How many there are in an area of a kind, and of how many of them something more holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    pub area: String,
    pub kind: String,
    pub all: i64,
    pub some: i64,
}

/// Visits of one kind in one area, and what they found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitCount {
    pub area: String,
    pub kind: String,
    pub visits: i64,
    pub nights: i64,
    pub requests: i64,
    pub risks: i64,
}

/// Of a kind of forums: how many were held, who came, what was called for and offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForumCount {
    pub kind: String,
    pub forums: i64,
    pub participants: i64,
    pub requests: i64,
    pub offers: i64,
}

/// Counts, and where the rest begins.
#[derive(Clone, Debug)]
pub struct Counted<C, N> {
    pub counts: Vec<C>,
    pub next: Option<N>,
}
