//! Twins: near-identical texts, as when one person sends the same twice. Of two twins, one must not teach the answer to the other when it
//! is counted how good a model is.

use std::collections::HashMap;

use crate::grams::{Message, mix, upper};

/// Characters of a run.
const RUN: usize = 5;
/// Of a text's runs, so many stand for all: those with the smallest hashes, which are the same in both of two twins.
const SAMPLE: usize = 64;
/// Of the sample, so many lead to texts that may be twins.
const LEADS: usize = 12;
/// A run that leads to more texts than this is a phrase that many use.
const COMMON: usize = 50;

/// For each message the first of those that are its twins: itself if it has none before it. More than `most` that are alike are not twins
/// but written by one pattern, and stand for themselves.
pub(crate) fn groups<'a>(messages: impl Iterator<Item = Message<'a>>, most: usize) -> Vec<usize> {
    let samples: Vec<Vec<u32>> = messages.map(sample).collect();
    let mut first: Vec<usize> = (0..samples.len()).collect();
    let mut met: HashMap<u32, Vec<usize>> = HashMap::new();
    for (at, sample) in samples.iter().enumerate() {
        for run in sample.iter().take(LEADS) {
            let others = met.entry(*run).or_default();
            for other in others.iter() {
                if alike(sample, &samples[*other]) {
                    let (one, other) = (root(&mut first, at), root(&mut first, *other));
                    first[one.max(other)] = one.min(other);
                }
            }
            if others.len() < COMMON {
                others.push(at);
            }
        }
    }
    let firsts: Vec<usize> = (0..samples.len()).map(|at| root(&mut first, at)).collect();
    let mut sizes = vec![0usize; samples.len()];
    for first in &firsts {
        sizes[*first] += 1;
    }
    firsts.into_iter().enumerate().map(|(at, first)| if sizes[first] > most { at } else { first }).collect()
}

/// A text's sample, ascending.
fn sample(message: Message<'_>) -> Vec<u32> {
    let parts = [message.topic, message.text];
    let seen: Vec<char> = parts.iter().flat_map(|it| it.chars()).filter(|c| !c.is_whitespace()).collect();
    let hash = |run: &[char]| upper(run.iter().fold(3, |hash, c| mix(hash, u64::from(u32::from(*c)))));
    let mut runs: Vec<u32> = seen.windows(RUN.min(seen.len().max(1))).map(hash).collect();
    runs.sort_unstable();
    runs.dedup();
    runs.truncate(SAMPLE);
    runs
}

/// Two thirds of the smaller sample, or more, are in the other.
fn alike(one: &[u32], other: &[u32]) -> bool {
    let common = one.iter().filter(|run| other.binary_search(run).is_ok()).count();
    common * 3 >= one.len().min(other.len()) * 2
}

fn root(first: &mut [usize], mut at: usize) -> usize {
    while first[at] != at {
        first[at] = first[first[at]];
        at = first[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{Message, groups};

    #[test]
    fn many_of_one_pattern_stand_for_themselves() {
        let texts = ["幸福里一号楼的路灯不亮了，请来看看"; 4];
        assert_eq!(groups(texts.iter().map(|text| Message { topic: "", text }), 3), [0, 1, 2, 3]);
    }

    #[test]
    fn near_identical_texts_are_of_one_group() {
        let long = "小区门口的路灯已经三天不亮了，晚上出门看不清路，老人孩子都不敢走，希望尽快派人来修。";
        let again = format!("再次反映：{long}");
        let texts = [long, "河边垃圾堆了一个星期没有人收，味道很大，附近居民都关着窗。", &again, ""];
        let found = groups(texts.iter().map(|text| Message { topic: "", text }), 2);
        assert_eq!(found, [0, 1, 0, 3]);
    }
}
