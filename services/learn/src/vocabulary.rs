//! Which numbers are known, and what each is worth.

use crate::grams::Counted;

/// Most that are known: those of the most examples.
pub(crate) const KNOWN: usize = 1 << 18;
/// What stands in fewer examples says nothing of others.
const EXAMPLES: u32 = 2;
/// How strongly a number that occurs with all labels alike is discounted.
const TELLING: f32 = 0.4;
/// What is left of the worth of one that tells nothing.
const LEAST: f32 = 0.02;
/// Worths are whole multiples of one part in this.
const PARTS: f32 = 4096.0;

/// A message as its known numbers, each with its share; of length 1.
pub(crate) type Vector = Vec<(u32, f32)>;

/// What is known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Vocabulary {
    /// Ascending.
    pub(crate) keys: Vec<u32>,
    /// Of each key.
    pub(crate) worth: Vec<u16>,
    /// Where in the keys those begin that have these upper 16 bits: hashes lie evenly, so a few are left to search.
    starts: Vec<u32>,
}

impl Vocabulary {
    /// Of keys in ascending order, and the worth of each.
    pub(crate) fn new(keys: Vec<u32>, worth: Vec<u16>) -> Self {
        let mut starts = vec![0u32; (1 << 16) + 1];
        for key in &keys {
            starts[(key >> 16) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self { keys, worth, starts }
    }

    /// What stands in enough examples; the worth of each by how rare it is, and by how much it tells labels apart. `labels` is how many
    /// labels there are, each below that.
    pub(crate) fn learn(examples: &[(&[Counted], usize)], labels: usize) -> Self {
        let mut all: Vec<u32> =
            examples.iter().flat_map(|(counted, _)| counted.iter().map(|(key, _)| *key)).collect();
        all.sort_unstable();
        let runs = all.chunk_by(|one, other| one == other);
        let mut known: Vec<(u32, u32)> =
            runs.filter_map(|run| Some((u32::try_from(run.len()).ok()?, *run.first()?))).collect();
        known.retain(|(examples, _)| *examples >= EXAMPLES);
        known.sort_unstable_by_key(|(examples, key)| (std::cmp::Reverse(*examples), *key));
        known.truncate(KNOWN);
        known.sort_unstable_by_key(|(_, key)| *key);
        let bare = Self::new(known.iter().map(|(_, key)| *key).collect(), Vec::new());
        let telling = bare.telling(examples, labels);
        let rare =
            |examples_with: u32| ((1.0 + examples.len() as f32) / (1.0 + examples_with as f32)).ln() + 1.0;
        let worth = known.iter().zip(telling).map(|((examples_with, _), telling)| {
            let worth = rare(*examples_with) * (telling + LEAST).powf(TELLING);
            (worth * PARTS).round().clamp(1.0, f32::from(u16::MAX)) as u16
        });
        Self { worth: worth.collect(), ..bare }
    }

    /// Of each key, how far its labels are from all labels alike: from 0 to 1. One minus the entropy of the labels it occurs with, each
    /// weighed by how many examples it has, and smoothed as if it had occurred half once more with each.
    fn telling(&self, examples: &[(&[Counted], usize)], labels: usize) -> Vec<f32> {
        let smooth = labels as f32 / 2.0;
        let mut by_label = vec![Vec::new(); labels];
        for (counted, label) in examples {
            by_label[*label].push(*counted);
        }
        // Of each key: how many labels, the sum of their weights, and of weight × ln weight.
        let mut sums = vec![(0u32, 0f32, 0f32); self.keys.len()];
        let mut count = vec![0u32; self.keys.len()];
        for of_label in by_label {
            let mut touched = Vec::new();
            let share = of_label.len() as f32 / examples.len().max(1) as f32;
            for at in of_label.iter().flat_map(|it| it.iter()).filter_map(|(key, _)| self.at(*key)) {
                if count[at] == 0 {
                    touched.push(at);
                }
                count[at] += 1;
            }
            for at in touched {
                let weight = count[at] as f32 / share + smooth;
                let (labels, sum, log) = sums[at];
                sums[at] = (labels + 1, sum + weight, log + weight * weight.ln());
                count[at] = 0;
            }
        }
        let most = (labels as f32).ln().max(f32::MIN_POSITIVE);
        let of_sums = |(met, sum, log): (u32, f32, f32)| {
            let rest = (labels as f32 - met as f32) * smooth;
            let (sum, log) = (sum + rest, log + rest * smooth.ln());
            (1.0 - (sum.ln() - log / sum) / most).clamp(0.0, 1.0)
        };
        sums.into_iter().map(of_sums).collect()
    }

    fn at(&self, key: u32) -> Option<usize> {
        let upper = (key >> 16) as usize;
        let (from, to) = (self.starts[upper] as usize, self.starts[upper + 1] as usize);
        self.keys[from..to].binary_search(&key).ok().map(|at| from + at)
    }

    /// A message's vector; without anything known, an empty one.
    pub(crate) fn vector(&self, counted: &[Counted]) -> Vector {
        let known = counted.iter().filter_map(|(key, count)| {
            let at = self.at(*key)?;
            let often = if *count == 1 { 1.0 } else { 1.0 + (*count as f32).ln() };
            Some((at as u32, often * f32::from(self.worth[at]) / PARTS))
        });
        let mut vector: Vector = known.collect();
        let length = vector.iter().map(|(_, share)| share * share).sum::<f32>().sqrt();
        for (_, share) in &mut vector {
            *share /= length;
        }
        vector
    }
}
