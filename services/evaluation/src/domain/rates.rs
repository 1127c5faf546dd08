//! 三率: response, resolution and satisfaction rate over valid callbacks, those whose reporter was reached.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// Most units told in one answer.
pub const MOST_UNITS: usize = 1000;

/// How the rates weigh, each 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// What a basically satisfied reporter counts.
    #[serde(rename = "basically_weight")]
    pub basically: f64,
    /// The three of the score; they add up to 1.
    #[serde(rename = "response_weight")]
    pub response: f64,
    #[serde(rename = "resolution_weight")]
    pub resolution: f64,
    #[serde(rename = "satisfaction_weight")]
    pub satisfaction: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self { basically: 0.9, response: 0.1, resolution: 0.5, satisfaction: 0.4 }
    }
}

/// Valid callbacks, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub valid: i64,
    pub contacted: i64,
    pub solved: i64,
    pub satisfied: i64,
    pub basically: i64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.valid += other.valid;
        self.contacted += other.contacted;
        self.solved += other.solved;
        self.satisfied += other.satisfied;
        self.basically += other.basically;
    }
}

/// The rates of one unit, or of the whole district (no unit).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rates {
    pub unit: String,
    pub counts: Counts,
    pub response: f64,
    pub resolution: f64,
    pub satisfaction: f64,
    pub score: f64,
}

impl Rates {
    /// Zeros where nobody was reached.
    pub fn of(unit: impl Into<String>, counts: Counts, weights: &Weights) -> Self {
        let response = share(counts.contacted as f64, counts.valid);
        let resolution = share(counts.solved as f64, counts.valid);
        let satisfaction =
            share(counts.satisfied as f64 + weights.basically * counts.basically as f64, counts.valid);
        let score = weights.response * response
            + weights.resolution * resolution
            + weights.satisfaction * satisfaction;
        Self { unit: unit.into(), counts, response, resolution, satisfaction, score }
    }
}

fn share(part: f64, whole: i64) -> f64 {
    if whole > 0 { part / whole as f64 } else { 0.0 }
}

/// The district's rates, and its units', the highest score first; of equals, the one with more callbacks.
pub fn standings(units: Vec<(String, Counts)>, weights: &Weights) -> (Rates, Vec<Rates>) {
    let mut whole = Counts::default();
    units.iter().for_each(|(_, counts)| whole += *counts);
    let mut rates: Vec<Rates> =
        units.into_iter().map(|(unit, counts)| Rates::of(unit, counts, weights)).collect();
    rates.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(b.counts.valid.cmp(&a.counts.valid))
            .then_with(|| a.unit.cmp(&b.unit))
    });
    rates.truncate(MOST_UNITS);
    (Rates::of("", whole, weights), rates)
}
