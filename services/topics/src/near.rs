//! For each message the ones most like it, by an inverted index of bounded lists.

use crate::vector::Vector;

/// Most that are kept of each message.
const KEPT: usize = 30;
/// Less alike than this is no lead.
const LEAST: f32 = 0.1;
/// A list that is longer is looked at around the message alone: its neighbours in time.
const LONG: usize = 400;
const AROUND: usize = 100;
/// A word of a larger share of all messages leads nowhere.
const EVERYWHERE: usize = 50;

/// Of each message, those that are alike, both ways, ascending. `passed` is called for each message.
pub(crate) fn nearest(vectors: &[Vector], words: usize, passed: &dyn Fn()) -> Vec<Vec<u32>> {
    let mut lists: Vec<Vec<(u32, f32)>> = vec![Vec::new(); words];
    for (at, vector) in vectors.iter().enumerate() {
        vector.iter().for_each(|(word, share)| lists[*word as usize].push((at as u32, *share)));
    }
    let longest = LONG.max(vectors.len() / EVERYWHERE);
    let mut near: Vec<Vec<u32>> = vec![Vec::new(); vectors.len()];
    let (mut alike, mut met) = (vec![0f32; vectors.len()], Vec::new());
    for (at, vector) in vectors.iter().enumerate() {
        for (word, share) in vector {
            let list = &lists[*word as usize];
            if list.len() <= longest {
                for (other, there) in around(list, at as u32) {
                    let sum = &mut alike[*other as usize];
                    if *sum == 0.0 {
                        met.push(*other);
                    }
                    *sum += share * there;
                }
            }
        }
        let found = met.drain(..).map(|other| (other, std::mem::take(&mut alike[other as usize])));
        let mut found: Vec<(u32, f32)> =
            found.filter(|(other, sum)| *other as usize != at && *sum >= LEAST).collect();
        found.sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        for (other, _) in found.into_iter().take(KEPT) {
            near[at].push(other);
            near[other as usize].push(at as u32);
        }
        passed();
    }
    for all in &mut near {
        all.sort_unstable();
        all.dedup();
    }
    near
}

fn around(list: &[(u32, f32)], at: u32) -> &[(u32, f32)] {
    if list.len() <= LONG {
        return list;
    }
    let place = list.partition_point(|(other, _)| *other < at);
    &list[place.saturating_sub(AROUND)..(place + AROUND).min(list.len())]
}

#[cfg(test)]
mod tests {
    use super::{AROUND, KEPT, LONG, nearest};

    #[test]
    fn only_what_is_alike_is_near() {
        let vectors = [vec![(1, 0.8), (2, 0.6)], vec![(1, 1.0)], vec![(3, 1.0)], vec![]];
        assert_eq!(nearest(&vectors, 4, &|| {}), [vec![1], vec![0], vec![], vec![]]);
    }

    #[test]
    fn of_very_many_each_has_some_that_are_near_in_time() {
        let vectors = vec![vec![(0, 1.0)]; LONG + 1];
        let far = nearest(&vectors, 1, &|| {});
        assert!(far[0].is_empty(), "a word of all messages leads nowhere");
        let mut many = vectors;
        many.resize(60 * LONG, Vec::new());
        let near = nearest(&many, 1, &|| {});
        assert!(near[0].len() >= KEPT && near[0].iter().all(|other| *other as usize <= 2 * AROUND));
    }
}
