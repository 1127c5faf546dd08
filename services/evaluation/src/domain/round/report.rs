//! What came of a round: counts by stratum, and what they say of the population.

use crate::domain::{
    estimate::{Estimate, Found, of_stratum, of_whole},
    interview::{Interview, InterviewState},
    verdict::Verdict,
};

use super::{Round, Stratum};

/// Interviews, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub waiting: i64,
    pub answered: i64,
    pub refused: i64,
    pub unreachable: i64,
    /// Who is asked in somebody's place.
    pub standing_in: i64,
    /// Of those who answered.
    pub contacted: i64,
    pub solved: i64,
    pub satisfied: i64,
}

impl Counts {
    pub fn asked(&self) -> i64 {
        self.answered + self.refused + self.unreachable
    }

    /// Answered of asked; none while nobody was asked.
    pub fn response(&self) -> Option<f64> {
        (self.asked() > 0).then(|| self.answered as f64 / self.asked() as f64)
    }

    fn add(&mut self, interview: &Interview) {
        let place = match interview.state {
            InterviewState::Reserve => return,
            InterviewState::Waiting => &mut self.waiting,
            InterviewState::Answered => &mut self.answered,
            InterviewState::Refused => &mut self.refused,
            InterviewState::Unreachable => &mut self.unreachable,
        };
        *place += 1;
        self.standing_in += i64::from(interview.replaces.is_some());
        let says = |what: fn(&Verdict) -> bool| i64::from(interview.verdict.as_ref().is_some_and(what));
        self.contacted += says(Verdict::says_contacted);
        self.solved += says(Verdict::says_solved);
        self.satisfied += says(Verdict::says_satisfied);
    }

    fn plus(self, other: Self) -> Self {
        Self {
            waiting: self.waiting + other.waiting,
            answered: self.answered + other.answered,
            refused: self.refused + other.refused,
            unreachable: self.unreachable + other.unreachable,
            standing_in: self.standing_in + other.standing_in,
            contacted: self.contacted + other.contacted,
            solved: self.solved + other.solved,
            satisfied: self.satisfied + other.satisfied,
        }
    }
}

/// What came of a stratum, or of all.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Empty for all.
    pub key: String,
    pub population: i64,
    pub sample: i64,
    pub counts: Counts,
    /// None without answers.
    pub contacted: Option<Estimate>,
    pub solved: Option<Estimate>,
    pub satisfied: Option<Estimate>,
}

/// What came of a round.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub whole: Figures,
    pub strata: Vec<Figures>,
    /// The share of the population in strata of which somebody answered.
    pub covered: f64,
}

/// Reports on a round and its interviews, in whatever order.
pub fn report<'a>(round: &Round, interviews: impl IntoIterator<Item = &'a Interview>) -> Report {
    let mut counted: Vec<(&Stratum, Counts)> =
        round.strata.iter().map(|stratum| (stratum, Counts::default())).collect();
    for interview in interviews {
        // They stand in the order of their keys.
        let place = round.strata.binary_search_by(|it| it.key.cmp(&interview.drawn.stratum));
        place.into_iter().for_each(|place| counted[place].1.add(interview));
    }
    let strata = counted.iter().map(|(stratum, counts)| of_one(stratum, *counts)).collect();
    let population: i64 = round.strata.iter().map(|it| it.population).sum();
    let heard: i64 = counted.iter().filter(|it| it.1.answered > 0).map(|it| it.0.population).sum();
    let covered = if population > 0 { heard as f64 / population as f64 } else { 0.0 };
    Report { whole: of_all(&counted, population), strata, covered }
}

fn of_one(stratum: &Stratum, counts: Counts) -> Figures {
    let estimate = |count| of_stratum(&found(stratum, &counts, count));
    Figures {
        key: stratum.key.clone(),
        population: stratum.population,
        sample: stratum.sample,
        counts,
        contacted: estimate(counts.contacted),
        solved: estimate(counts.solved),
        satisfied: estimate(counts.satisfied),
    }
}

fn of_all(counted: &[(&Stratum, Counts)], population: i64) -> Figures {
    let estimate = |count: fn(&Counts) -> i64| {
        let strata: Vec<Found> = counted.iter().map(|(stratum, it)| found(stratum, it, count(it))).collect();
        of_whole(&strata)
    };
    Figures {
        key: String::new(),
        population,
        sample: counted.iter().map(|(stratum, _)| stratum.sample).sum(),
        counts: counted.iter().fold(Counts::default(), |sum, (_, counts)| sum.plus(*counts)),
        contacted: estimate(|it| it.contacted),
        solved: estimate(|it| it.solved),
        satisfied: estimate(|it| it.satisfied),
    }
}

fn found(stratum: &Stratum, counts: &Counts, count: i64) -> Found {
    Found { population: stratum.population, answered: counts.answered, count }
}
