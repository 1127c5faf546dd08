//! Messages join into groups.
//!
//! First what is alike on average ([`Step::Alike`]): tight groups, most of them whole. A large matter is told in many ways and comes out in
//! pieces, and some tell it in words of their own; so then a smaller group joins a larger one where it is as typical for it as its own
//! messages nearly are ([`Step::Typical`]).
//!
//! Guaranteed: always the two that agree most join next, and among equals those that came first, so that nothing but the messages decides.

use std::{
    cmp::Ordering,
    collections::{BTreeSet, BinaryHeap},
};

use crate::{
    lexicon::Lexicon,
    places::{Place, Places},
    vector::{Vector, both, square, sum},
    weights::Weights,
};

/// Most words of a group, the heaviest.
const WORDS: usize = 200;
/// Most groups that one leads to.
const LEADS: usize = 2000;
/// So many of what two have in common are looked at as names of one thing.
const LOOKED_AT: usize = 8;
/// What they have in common counts as telling from this share of all on.
const TELLING: f32 = 0.1;
/// A word that tells what two have in common is used by no more people than this for each message of both, or is rare anyhow.
const FOR_EACH: f32 = 4.0;
/// What agrees so much and yet surely names other places is one complaint at two of them, not one told in two ways.
const PATTERN: f32 = 0.45;
/// In another district; a pause of more than half a year.
const OTHER_DISTRICT: f32 = 0.7;
const LATER: f32 = 0.9;
const PAUSE: i64 = 183 * 86_400;
/// A group is typical of something from so many messages on, and what joins it has so much in common with each of them.
const LARGE: f32 = 3.0;
const IN_COMMON: f32 = 0.03;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Alike,
    Typical,
}

/// What a step asks.
struct Rules {
    /// To join, two agree at least so much.
    least: f32,
    /// The strongest thing in common counts at most so many times what all others do together.
    strongest: f32,
    /// Agreement of two in places that differ counts so much.
    elsewhere: f32,
    /// A word is rare anyhow with so many people, or with such a share of all.
    rare: (f32, f32),
}

impl Step {
    const fn rules(self) -> Rules {
        match self {
            Self::Alike => Rules { least: 0.17, strongest: 2.0, elsewhere: 0.7, rare: (30.0, 0.007) },
            Self::Typical => Rules { least: 0.25, strongest: 1.0, elsewhere: 0.5, rare: (10.0, 0.003) },
        }
    }
}

/// Groups of two or more, each with its messages in their order. `passed` is called for each message.
pub(crate) fn groups(
    lexicon: &Lexicon,
    weights: &Weights,
    places: &Places,
    times: &[i64],
    near: Vec<Vec<u32>>,
    passed: &dyn Fn(),
) -> Vec<Vec<usize>> {
    let group = |at: usize| Group {
        words: weights.vectors[at].clone(),
        square: square(&weights.vectors[at]),
        place: places.of[at].clone(),
        from: times[at],
        to: times[at],
        members: vec![at],
        turn: 0,
    };
    let mut groups = Groups {
        lexicon,
        weights,
        groups: (0..times.len()).map(|at| Some(group(at))).collect(),
        near: near.into_iter().map(BTreeSet::from_iter).collect(),
        left: times.len(),
        passed,
    };
    groups.join(Step::Alike);
    groups.join(Step::Typical);
    (0..groups.left).for_each(|_| passed());
    let found = groups.groups.into_iter().flatten().map(|group| group.members);
    let mut found: Vec<Vec<usize>> = found.filter(|members| members.len() > 1).collect();
    found.iter_mut().for_each(|members| members.sort_unstable());
    found
}

struct Group {
    /// The sum of its messages' vectors.
    words: Vector,
    square: f32,
    place: Place,
    from: i64,
    to: i64,
    members: Vec<usize>,
    /// How often it has grown.
    turn: u32,
}

impl Group {
    fn size(&self) -> f32 {
        self.members.len() as f32
    }

    /// What two of its messages have in common, on average.
    fn own(&self) -> f32 {
        self.square / (self.size() * self.size())
    }
}

/// Two that may join.
struct Pair {
    agreement: f32,
    one: u32,
    other: u32,
    turns: [u32; 2],
}

impl Ord for Pair {
    fn cmp(&self, other: &Self) -> Ordering {
        let first = (other.one, other.other, other.turns).cmp(&(self.one, self.other, self.turns));
        self.agreement.total_cmp(&other.agreement).then(first)
    }
}

impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Pair {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Pair {}

struct Groups<'a> {
    lexicon: &'a Lexicon,
    weights: &'a Weights,
    /// At the place of its first message; none where it has joined another.
    groups: Vec<Option<Group>>,
    near: Vec<BTreeSet<u32>>,
    /// Messages that have not been told as passed.
    left: usize,
    passed: &'a dyn Fn(),
}

impl Groups<'_> {
    fn join(&mut self, step: Step) {
        let mut pairs = BinaryHeap::new();
        for one in 0..self.groups.len() as u32 {
            let others: Vec<u32> = self.near[one as usize].range(one + 1..).copied().collect();
            pairs.extend(others.into_iter().filter_map(|other| self.pair(step, one, other)));
        }
        while let Some(pair) = pairs.pop() {
            let turns =
                [pair.one, pair.other].map(|at| self.groups[at as usize].as_ref().map(|group| group.turn));
            if turns == pair.turns.map(Some) {
                self.unite(pair.one, pair.other);
                let near = &self.near[pair.one as usize];
                let found = near
                    .iter()
                    .filter_map(|other| self.pair(step, pair.one.min(*other), pair.one.max(*other)));
                pairs.extend(found.collect::<Vec<_>>());
            }
        }
    }

    /// None: they do not join.
    fn pair(&self, step: Step, one: u32, other: u32) -> Option<Pair> {
        let (here, there) = (self.groups[one as usize].as_ref()?, self.groups[other as usize].as_ref()?);
        let rules = step.rules();
        let agreement = self.agreement(step, &rules, here, there);
        let pair = Pair { agreement, one, other, turns: [here.turn, there.turn] };
        (agreement >= rules.least).then_some(pair)
    }

    fn agreement(&self, step: Step, rules: &Rules, one: &Group, other: &Group) -> f32 {
        let shared = self.shared(one, other);
        let rare = rules.rare.0.max(rules.rare.1 * self.weights.all);
        if shared.rarest > rare.max(FOR_EACH * (one.size() + other.size())) {
            return 0.0;
        }
        // The same place, or the same complaint, is not enough: something else must agree.
        let others = (shared.all - shared.strongest).max(0.0);
        let counted = others + shared.strongest.min(rules.strongest * others);
        let each = counted / (one.size() * other.size());
        let alike = (each * counted / (one.square * other.square).sqrt()).sqrt();
        let is_elsewhere = one.place.is_elsewhere(&other.place);
        let is_sure = one.place.is_sure(one.size()) && other.place.is_sure(other.size());
        if is_elsewhere && is_sure && alike > PATTERN {
            return 0.0;
        }
        let agreed = match step {
            Step::Alike => alike,
            Step::Typical => {
                let larger = match one.members.len().cmp(&other.members.len()) {
                    Ordering::Greater => one.own(),
                    Ordering::Less => other.own(),
                    Ordering::Equal => one.own().max(other.own()),
                };
                if one.size().max(other.size()) < LARGE || each < IN_COMMON { 0.0 } else { each / larger }
            }
        };
        let mut agreed = if agreed.is_finite() { agreed } else { 0.0 };
        if is_elsewhere {
            agreed *= rules.elsewhere;
        }
        if one.place.is_in_other_district(&other.place) {
            agreed *= OTHER_DISTRICT;
        }
        if one.from.saturating_sub(other.to).max(other.from.saturating_sub(one.to)) > PAUSE {
            agreed *= LATER;
        }
        agreed
    }

    fn shared(&self, one: &Group, other: &Group) -> Shared {
        let (mut all, mut most) = (0.0, [(0f32, 0u32); LOOKED_AT]);
        both(&one.words, &other.words, |word, here, there| {
            let share = here * there;
            all += share;
            if share > most[LOOKED_AT - 1].0 {
                let place = most.partition_point(|(other, _)| *other >= share);
                most[place..].rotate_right(1);
                most[place] = (share, word);
            }
        });
        // Words of which one holds the other name one thing: 东湖花园 and 东湖.
        let (first, name) = (most[0].0, self.lexicon.name(most[0].1));
        let rest = most[1..].iter().filter(|(share, word)| {
            let word = self.lexicon.name(*word);
            *share > 0.0 && (name.contains(word) || word.contains(name))
        });
        let strongest = first + rest.map(|(share, _)| share).sum::<f32>();
        let telling = most.iter().filter(|(share, _)| *share > TELLING * all);
        let rarest = telling.map(|(_, word)| self.weights.people[*word as usize]).min().unwrap_or(u32::MAX);
        Shared { all, strongest, rarest: rarest as f32 }
    }

    /// The second joins the first.
    fn unite(&mut self, one: u32, other: u32) {
        let Some(joining) = self.groups[other as usize].take() else { return };
        let Some(group) = self.groups[one as usize].as_mut() else { return };
        group.words = sum(&group.words, &joining.words, WORDS);
        group.square = square(&group.words);
        group.place = group.place.with(&joining.place);
        group.from = group.from.min(joining.from);
        group.to = group.to.max(joining.to);
        group.members.extend(joining.members);
        group.turn += 1;
        for near in std::mem::take(&mut self.near[other as usize]) {
            self.near[near as usize].remove(&other);
            if near != one && self.near[one as usize].len() < LEADS {
                self.near[near as usize].insert(one);
                self.near[one as usize].insert(near);
            }
        }
        self.left -= 1;
        (self.passed)();
    }
}

/// What two groups have in common.
struct Shared {
    all: f32,
    /// Of that, the one thing that counts most.
    strongest: f32,
    /// How many people use the rarest of what tells.
    rarest: f32,
}

#[cfg(test)]
mod tests {
    use super::groups;
    use crate::{
        lexicon::Lexicon,
        places::{Place, Places},
        weights::Weights,
    };

    /// How many groups two messages make that share one strong word and, with this weight in each, another one.
    fn joined(weight: f32) -> usize {
        let mut lexicon = Lexicon::default();
        let [name, matter, one, other] =
            ["云栖花园", "水泵", "夜里", "老人"].map(|word| lexicon.number(word));
        let rest = (1.0 - 0.49 - weight * weight).sqrt();
        let vector = |own| vec![(name, 0.7), (matter, weight), (own, rest)];
        let weights =
            Weights { vectors: vec![vector(one), vector(other)], people: vec![2; lexicon.len()], all: 2.0 };
        let places = Places { of: vec![Place::default(); 2], names: Vec::new(), districts: Vec::new() };
        groups(&lexicon, &weights, &places, &[0, 0], vec![vec![1], vec![0]], &|| {}).len()
    }

    #[test]
    fn one_place_and_a_little_of_the_matter_join_and_the_place_alone_does_not() {
        // What they share beside the name is 0.059, and the name counts twice that: 0.177.
        assert_eq!(joined(0.059f32.sqrt()), 1);
        assert_eq!(joined(0.053f32.sqrt()), 0);
        assert_eq!(joined(0.0), 0);
    }
}
