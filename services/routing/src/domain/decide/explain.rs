//! How a decision comes about: the words that were found and what they speak for, and the rows of the authority table that were asked. It runs
//! the very rules that decide, so it can never tell another story.

use chrono::{DateTime, Utc};
use huying_place::address::Reading;
use huying_terms::Tier;

use super::{
    area::{self, Placed},
    authority, category, decide, raise,
};
use crate::domain::{
    addition::Addition,
    decision::{Decision, Routing},
    difference::{Difference, between},
    index::{Hit, Index},
    learned::Memory,
    route::Route,
};

/// Most words, categories and rows that are told.
const WORDS: usize = 50;
const CATEGORIES: usize = 5;
const ROWS: usize = 20;

/// How it comes about.
pub struct Explanation {
    /// What is read of the address, and what the location comes to.
    pub reading: Reading,
    pub placed: Placed,
    /// Between the route as it is kept and today.
    pub differences: Vec<Difference>,
    /// In the order in which it is said.
    pub words: Vec<Hit>,
    /// The most first.
    pub categories: Vec<Weighed>,
    /// Up to the one that counts.
    pub rows: Vec<Asked>,
    /// What is decided today.
    pub today: Routing,
}

/// A category and what speaks for it.
pub struct Weighed {
    pub category: String,
    pub name: String,
    pub weight: u32,
    pub words: Vec<String>,
}

/// A row that was asked.
pub struct Asked {
    pub line: String,
    /// None: it counts.
    pub why_not: Option<String>,
}

/// Explains a route by a directory.
pub fn explain(index: &Index, memory: Memory<'_>, route: &Route, now: DateTime<Utc>) -> Explanation {
    let submission = &route.submission;
    let read = index.read(&submission.said().text());
    let today = with_added(index, route, decide(index, memory, submission, now));
    let mut words: Vec<Hit> = read.hits().cloned().collect();
    words.sort_by_key(|hit| (hit.range.start, hit.range.end));
    words.dedup_by(|one, other| one.range == other.range && one.said == other.said);
    words.truncate(WORDS);
    let categories = category::weigh(index, &read).into_iter().take(CATEGORIES);
    let weighed = |(code, tally): (&str, category::Tally<'_>)| Weighed {
        category: code.to_owned(),
        name: index.category(code).map(|it| it.name.clone()).unwrap_or_default(),
        weight: tally.weight,
        words: tally.distinct(),
    };
    let categories = categories.map(weighed).collect();
    let asked = about(route, &today).and_then(|(code, tier)| Some((index.category(code)?, tier)));
    let rows = asked.map_or_else(Vec::new, |(category, tier)| {
        let rows = authority::asked(index, category, &read, Some(tier));
        rows.into_iter().take(ROWS).map(|(line, why_not)| Asked { line: line.to_owned(), why_not }).collect()
    });
    let location = &route.submission.location;
    let reading = index.addresses.read(&location.address);
    let placed = area::find(index, location, None).recall(index, memory.past);
    let differences = between(&route.routing(), &today);
    Explanation { reading, placed, differences, words, categories, rows, today }
}

/// What was added to a route counts today too.
fn with_added(index: &Index, route: &Route, today: Routing) -> Routing {
    let (Routing::Decided(decision), Some(told)) = (&today, &route.told) else { return today };
    let added = Addition::from(told).besides(&decision.dangers);
    let times = (route.submission.submitted_at, told.at);
    let raised = raise(index, decision, &added, times).filter(|_| !added.dangers.is_empty());
    raised.map_or(today, |(decision, _)| Routing::Decided(Box::new(decision)))
}

/// The category and how exactly the place is known: as it was decided, else as it would be today.
fn about<'a>(route: &'a Route, today: &'a Routing) -> Option<(&'a str, Tier)> {
    let of = |decision: &'a Decision| (decision.category.as_str(), decision.area.tier());
    let today = match today {
        Routing::Decided(decision) => Some(of(decision)),
        Routing::Queued { .. } => None,
    };
    route.decision.as_ref().map(of).or(today)
}
