//! What a sample says of all: a share, and between which ends it lies with 95 % confidence.
//!
//! Within one stratum: Wilson's score interval (E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
//! Journal of the American Statistical Association 22, 1927, pages 209–212), which never leaves 0 to 1 and has a width also where all
//! say the same.
//!
//! Over strata: each counts by its population, and the variance has the correction for a finite population (W. G. Cochran, Sampling
//! Techniques, 3rd edition, 1977, chapters 3 and 5). Its ends are Wilson's for the size that a simple sample of the same
//! variance would have (C. Franco and others, "Comparative study of confidence intervals for proportions in complex sample surveys",
//! Journal of Survey Statistics and Methodology 7, 2019, pages 334–364).
//!
//! Five who all say the same do not show that their 5,000 neighbours do. So what answers spread in a stratum is taken at its rate drawn to
//! the whole's by two answers (the idea of B. Efron and C. Morris, "Data analysis using Stein's estimator and its generalizations",
//! Journal of the American Statistical Association 70, 1975, pages 311–319), and the whole's at one more yes and one more no (Laplace's
//! rule of succession). Only where everybody was asked is there nothing that they could not have said. The rate that is told is drawn to
//! nothing.
//!
//! None of it knows whether those who did not answer would have answered alike: the response rate stands beside it.

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;
/// So many answers like the whole's are added to a stratum's own where it is asked how they spread.
const LIKE_ALL: f64 = 2.0;

/// A share of people.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// How many of those who answered.
    pub count: i64,
    /// 0 to 1.
    pub rate: f64,
    pub low: f64,
    pub high: f64,
}

/// What was found in a stratum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub population: i64,
    pub answered: i64,
    /// Of those who answered, who say so.
    pub count: i64,
}

impl Found {
    fn rate(&self) -> f64 {
        self.count as f64 / self.answered as f64
    }

    /// The share of the population that was not asked.
    fn unasked(&self) -> f64 {
        1.0 - self.answered as f64 / self.population as f64
    }

    /// Its rate, drawn to the whole's: never 0 or 1 where the whole's is not.
    fn drawn(&self, whole: f64) -> f64 {
        (self.count as f64 + LIKE_ALL * whole) / (self.answered as f64 + LIKE_ALL)
    }

    /// What the spread of drawn rates is divided by for the variance of the plain rate, but for the share of the unasked: with this it is
    /// right on average where strata are alike. Not for a population of one.
    fn divisor(&self) -> f64 {
        let (population, answered) = (self.population as f64, self.answered as f64);
        let drawn = self.unasked() * answered / (answered + LIKE_ALL).powi(2);
        answered * (1.0 - 1.0 / population - drawn)
    }

    /// The variance of its rate: none where everybody was asked, and some anywhere else.
    fn variance(&self, whole: f64) -> f64 {
        match self.unasked() {
            unasked if unasked > 0.0 => unasked * spread(self.drawn(whole)) / self.divisor(),
            _ => 0.0,
        }
    }
}

fn spread(rate: f64) -> f64 {
    rate * (1.0 - rate)
}

/// The share in one stratum, as if its population had no end. None without answers.
pub fn of_stratum(found: &Found) -> Option<Estimate> {
    (found.answered > 0).then(|| wilson(found.count, found.rate(), found.answered as f64))
}

/// The share in all strata of which somebody answered. None where nobody did.
pub fn of_whole(strata: &[Found]) -> Option<Estimate> {
    let heard: Vec<&Found> = strata.iter().filter(|found| found.answered > 0).collect();
    if heard.is_empty() {
        return None;
    }
    let sum = |of: &dyn Fn(&Found) -> i64| heard.iter().map(|found| of(found)).sum::<i64>();
    let (population, answered, count) =
        (sum(&|it| it.population), sum(&|it| it.answered), sum(&|it| it.count));
    let weight = |found: &Found| found.population as f64 / population as f64;
    let weighted = |of: &dyn Fn(&Found) -> f64| heard.iter().map(|found| of(found)).sum::<f64>();
    let rate = weighted(&|it| weight(it) * it.rate()).clamp(0.0, 1.0);
    let likely = (rate * answered as f64 + 1.0) / (answered as f64 + 2.0);
    let variance = weighted(&|it| weight(it).powi(2) * it.variance(likely));
    let drawn = weighted(&|it| weight(it) * it.drawn(likely));
    let all = Found { population, answered, count };
    Some(wilson(count, rate, effective(&all, spread(drawn), variance)))
}

/// How many a simple sample would need for the same variance, if what all say spreads like this; without end where everybody was asked.
fn effective(all: &Found, spread: f64, variance: f64) -> f64 {
    if variance > 0.0 { all.answered as f64 * spread / (all.divisor() * variance) } else { f64::INFINITY }
}

/// Wilson's ends for a rate found among so many.
fn wilson(count: i64, rate: f64, among: f64) -> Estimate {
    let square = Z * Z / among;
    let middle = rate + square / 2.0;
    let reach = (spread(rate) * square + square * square / 4.0).sqrt();
    let end = |end: f64| (end / (1.0 + square)).clamp(0.0, 1.0);
    // What is rounded off must not put the rate outside.
    Estimate { count, rate, low: end(middle - reach).min(rate), high: end(middle + reach).max(rate) }
}
