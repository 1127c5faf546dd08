//! Sparse vectors: numbers of words, ascending, each with its share.

use std::cmp::Ordering;

pub(crate) type Vector = Vec<(u32, f32)>;

/// Gives each number that both have, with both shares.
pub(crate) fn both(one: &[(u32, f32)], other: &[(u32, f32)], mut each: impl FnMut(u32, f32, f32)) {
    let (mut at, mut beside) = (0, 0);
    while let (Some(here), Some(there)) = (one.get(at), other.get(beside)) {
        match here.0.cmp(&there.0) {
            Ordering::Less => at += 1,
            Ordering::Greater => beside += 1,
            Ordering::Equal => {
                each(here.0, here.1, there.1);
                at += 1;
                beside += 1;
            }
        }
    }
}

pub(crate) fn square(of: &[(u32, f32)]) -> f32 {
    of.iter().map(|(_, share)| share * share).sum()
}

/// The sum of two; with more than `most` numbers, those with the largest shares.
pub(crate) fn sum(one: &[(u32, f32)], other: &[(u32, f32)], most: usize) -> Vector {
    let mut all = Vec::with_capacity(one.len() + other.len());
    let (mut one, mut other) = (one.iter().copied().peekable(), other.iter().copied().peekable());
    while let (Some(here), Some(there)) = (one.peek().copied(), other.peek().copied()) {
        let share = if here.0 == there.0 {
            here.1 + there.1
        } else if here.0 < there.0 {
            here.1
        } else {
            there.1
        };
        all.push((here.0.min(there.0), share));
        if here.0 <= there.0 {
            one.next();
        }
        if there.0 <= here.0 {
            other.next();
        }
    }
    all.extend(one.chain(other));
    cap(&mut all, most);
    all
}

/// Takes the smallest shares away; among equals the later numbers.
fn cap(all: &mut Vector, most: usize) {
    if all.len() > most {
        all.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        all.truncate(most);
        all.sort_by_key(|(number, _)| *number);
    }
}

/// Makes its length 1, if it has one.
pub(crate) fn normalize(of: &mut Vector) {
    let length = square(of).sqrt();
    if length > 0.0 {
        of.iter_mut().for_each(|(_, share)| *share /= length);
    }
}

#[cfg(test)]
mod tests {
    use super::{both, normalize, square, sum};

    #[test]
    fn a_sum_has_the_numbers_of_both_and_keeps_the_largest() {
        let (one, other) = (vec![(1, 1.0), (3, 2.0)], vec![(2, 5.0), (3, 1.0)]);
        assert_eq!(sum(&one, &other, 9), [(1, 1.0), (2, 5.0), (3, 3.0)]);
        assert_eq!(sum(&one, &other, 2), [(2, 5.0), (3, 3.0)]);
        assert_eq!(sum(&one, &[], 9), one);
        let mut met = Vec::new();
        both(&one, &other, |number, here, there| met.push((number, here, there)));
        assert_eq!(met, [(3, 2.0, 1.0)]);
    }

    #[test]
    fn a_normal_vector_has_length_one() {
        let (mut some, mut none) = (vec![(1, 3.0), (2, 4.0)], vec![]);
        normalize(&mut some);
        normalize(&mut none);
        assert!((square(&some) - 1.0).abs() < 1e-6 && none.is_empty());
    }
}
