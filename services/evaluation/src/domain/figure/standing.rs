//! 排名: how each stands, by the score of its rates.

use super::{
    Counts,
    rate::{Grade, Rate, Told},
};

/// Most that are told in one answer.
pub const MOST: usize = 1000;

/// Scores are told apart by a thousand millionth.
const EXACT: f64 = 1e9;

/// What units and areas are measured by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    pub rates: Vec<Rate>,
    /// The best first.
    pub grades: Vec<Grade>,
}

/// How one stands: a unit, an area, a category, a tier, or the whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// Empty: the whole.
    pub key: String,
    pub counts: Counts,
    /// In the order of the rules.
    pub rates: Vec<Told>,
    /// None where a rate that weighs has no value.
    pub score: Option<f64>,
    /// Empty: there is no score, or no grade for it.
    pub grade: String,
    /// From 1; equal scores share a rank, and the next is as many further on. None without a score.
    pub rank: Option<u32>,
}

impl Rules {
    pub fn standing(&self, key: impl Into<String>, counts: Counts) -> Standing {
        let rates: Vec<Told> = self.rates.iter().map(|rate| rate.of(&counts)).collect();
        let weighed = self.rates.iter().zip(&rates).filter(|(rate, _)| rate.weight > 0.0);
        let score =
            weighed.map(|(rate, told)| told.value.map(|value| value * rate.weight)).sum::<Option<f64>>();
        // Equal counts make scores that differ in their last bits: equals must share a rank, and 90 % its grade.
        let score = score.map(|score| (score * EXACT).round() / EXACT);
        let grade = score.and_then(|score| self.grades.iter().find(|grade| score >= grade.from));
        let grade = grade.map(|grade| grade.name.clone()).unwrap_or_default();
        Standing { key: key.into(), counts, rates, score, grade, rank: None }
    }

    /// How all stand, the highest score first; of equals the one of whom more was counted. Those without a score come last.
    pub fn standings(&self, all: impl IntoIterator<Item = (String, Counts)>) -> Vec<Standing> {
        let mut standings: Vec<Standing> =
            all.into_iter().map(|(key, counts)| self.standing(key, counts)).collect();
        let weight = |it: &Standing| it.counts.as_slice().iter().sum::<i64>();
        standings.sort_by(|a, b| {
            let by_score = b.score.unwrap_or(-1.0).total_cmp(&a.score.unwrap_or(-1.0));
            by_score.then(weight(b).cmp(&weight(a))).then_with(|| a.key.cmp(&b.key))
        });
        let scores: Vec<Option<f64>> = standings.iter().map(|it| it.score).collect();
        for (at, standing) in standings.iter_mut().enumerate() {
            let first = scores.iter().position(|score| *score == standing.score).unwrap_or(at);
            standing.rank = standing.score.and_then(|_| u32::try_from(first + 1).ok());
        }
        standings.truncate(MOST);
        standings
    }
}
