//! How a sample is spread over the strata: in proportion, by the largest remainder, and at least one for each.

use super::{RoundError, Stratum};

/// A stratum on the way.
struct Part {
    key: String,
    population: i64,
    sample: i64,
}

impl Part {
    /// How far its exact share of `sample` out of `whole` lies above what it has, in units of 1/whole.
    fn lacks(&self, sample: i64, whole: i64) -> i128 {
        i128::from(sample) * i128::from(self.population) - i128::from(self.sample) * i128::from(whole)
    }
}

/// Spreads so many over strata of these keys and sizes, none of which is empty. The strata come in the order of their keys, whatever the
/// order in which they were told; of equal remainders the first key's is the larger.
///
/// # Errors
/// `PopulationTooSmall` and `TooManyStrata`.
pub fn allocate(sample: i64, mut sizes: Vec<(String, i64)>) -> Result<Vec<Stratum>, RoundError> {
    sizes.sort();
    let there: i64 = sizes.iter().map(|(_, size)| size).sum();
    if sample > there {
        return Err(RoundError::PopulationTooSmall { there, sample });
    }
    if sizes.len() as i64 > sample {
        return Err(RoundError::TooManyStrata { strata: sizes.len(), sample });
    }
    let share = |(key, population): (String, i64)| {
        let exact = i128::from(sample) * i128::from(population) / i128::from(there.max(1));
        Part { key, population, sample: i64::try_from(exact).unwrap_or(population).max(1) }
    };
    let mut parts: Vec<Part> = sizes.into_iter().map(share).collect();
    let mut left = sample - parts.iter().map(|part| part.sample).sum::<i64>();
    while left > 0 {
        // The largest remainder gets one more: then it lacks nothing.
        let Some(part) = first_max(&mut parts, |part| Some(part.lacks(sample, there))) else { break };
        part.sample += 1;
        left -= 1;
    }
    while left < 0 {
        // Small strata were given one that they had no share in: whoever has the most beyond their share pays.
        let beyond = |part: &Part| (part.sample > 1).then(|| -part.lacks(sample, there));
        let Some(part) = first_max(&mut parts, beyond) else { break };
        part.sample -= 1;
        left += 1;
    }
    Ok(parts.into_iter().map(Part::stratum).collect())
}

/// The first of those with the largest.
fn first_max(parts: &mut [Part], of: impl Fn(&Part) -> Option<i128>) -> Option<&mut Part> {
    let largest = parts.iter().filter_map(&of).max()?;
    parts.iter_mut().find(|part| of(part) == Some(largest))
}

impl Part {
    /// As many are in reserve as are asked, while there are so many.
    fn stratum(self) -> Stratum {
        let Self { key, population, sample } = self;
        Stratum { key, population, sample, reserve: sample.min(population - sample) }
    }
}
