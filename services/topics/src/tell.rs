//! What a topic is called, whom it concerns, and in which order topics stand.

use std::{cmp::Reverse, collections::BTreeMap, collections::BTreeSet};

use crate::{
    Message, Users,
    lexicon::Lexicon,
    places::{Places, is_district, is_name},
    vector::{Vector, sum},
    weights::{AREA, Weights},
};

/// Days before the latest of all messages that are called recent; those before them, as many, are what they are compared with.
pub const RECENT_DAYS: i64 = 30;
/// Most words that tell what a topic is about.
pub const WORDS: usize = 8;

/// Messages about one matter.
#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    /// How many people wrote of it, and behind the point which share of them did so recently (0 to 0.99): two of as many people stand in
    /// the order of that. Who writes often counts once.
    pub heat: f64,
    pub people: usize,
    /// How many people wrote of it in the last [`RECENT_DAYS`] before the latest of all messages, and how many in as many days before.
    pub recent: usize,
    pub before: usize,
    /// The name of the place or body that its messages give, or their area or district; empty where they agree in none.
    pub place: String,
    /// Up to [`WORDS`] words that tell what it is about, the most telling first.
    pub words: Vec<String>,
    /// Where its messages stand among those that were given, the oldest first.
    pub members: Vec<usize>,
}

pub(crate) struct Teller<'a> {
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) weights: &'a Weights,
    pub(crate) places: &'a Places,
    pub(crate) messages: &'a [Message<'a>],
    pub(crate) users: &'a Users,
}

impl Teller<'_> {
    /// Hottest first; among equals those of more messages, then those that began first.
    pub(crate) fn topics(&self, groups: Vec<Vec<usize>>) -> Vec<Topic> {
        let mut topics: Vec<Topic> = groups.into_iter().map(|members| self.topic(members)).collect();
        topics.sort_by(|one, other| {
            let rest = |it: &Topic| (Reverse(it.members.len()), it.members.first().copied());
            other.heat.total_cmp(&one.heat).then_with(|| rest(one).cmp(&rest(other)))
        });
        topics
    }

    fn topic(&self, members: Vec<usize>) -> Topic {
        let latest = self.messages.last().map_or(0, |message| message.time);
        let days = |at: &usize| latest.saturating_sub(self.messages[*at].time) / 86_400;
        let people = self.people(members.iter().copied());
        let recent = self.people(members.iter().copied().filter(|at| days(at) < RECENT_DAYS));
        let before = self
            .people(members.iter().copied().filter(|at| (RECENT_DAYS..2 * RECENT_DAYS).contains(&days(at))));
        let share = ((recent as f64 / people as f64) * 100.0).floor().min(99.0) / 100.0;
        let words = self.words(&members);
        let place = self.place(&members, &words);
        Topic { heat: people as f64 + share, people, recent, before, place, words, members }
    }

    fn people(&self, members: impl Iterator<Item = usize>) -> usize {
        members.map(|at| self.users.of[at]).collect::<BTreeSet<u32>>().len()
    }

    fn words(&self, members: &[usize]) -> Vec<String> {
        let all =
            members.iter().fold(Vector::new(), |all, at| sum(&all, &self.weights.vectors[*at], usize::MAX));
        let mut often: BTreeMap<u32, usize> = BTreeMap::new();
        for (word, _) in members.iter().flat_map(|at| &self.weights.vectors[*at]) {
            *often.entry(*word).or_default() += 1;
        }
        // What one of many says is no word of all.
        let least = (members.len() / 5).max(2);
        let mut found: Vec<(u32, f32)> = all.into_iter().filter(|(word, _)| often[word] >= least).collect();
        found.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        let mut told: Vec<String> = Vec::new();
        for (word, _) in found {
            let name = self.lexicon.name(word);
            let is_told = told.iter().any(|other| other.contains(name) || name.contains(other.as_str()));
            if told.len() < WORDS && !is_told && !is_district(name) && !name.starts_with(AREA) {
                told.push(name.to_owned());
            }
        }
        told
    }

    /// Whether at least half of them say the word: what a few name beside the matter is not where it lies.
    fn is_of_most(&self, members: &[usize], name: &str) -> bool {
        let Some(word) = self.lexicon.find(name) else { return false };
        let says =
            |at: &&usize| self.weights.vectors[**at].binary_search_by_key(&word, |(word, _)| *word).is_ok();
        2 * members.iter().filter(says).count() >= members.len()
    }

    fn place(&self, members: &[usize], words: &[String]) -> String {
        let most = |of: &[Vec<String>]| {
            let mut count: BTreeMap<&str, usize> = BTreeMap::new();
            for name in members.iter().flat_map(|at| &of[*at]) {
                *count.entry(name.as_str()).or_default() += 1;
            }
            count.retain(|name, _| is_name(name) || is_district(name));
            let length = |name: &str| name.chars().count();
            let (name, times) =
                count.into_iter().max_by_key(|(name, times)| (*times, length(name), Reverse(*name)))?;
            (times >= 2 && 2 * times >= members.len()).then(|| name.to_owned())
        };
        let areas: BTreeSet<&str> = members.iter().map(|at| self.messages[*at].area).collect();
        let area = areas.first().filter(|area| areas.len() == 1 && !area.is_empty());
        let told = words.iter().find(|word| is_name(word) && self.is_of_most(members, word)).cloned();
        told.or_else(|| most(&self.places.names))
            .or_else(|| area.map(|area| (*area).to_owned()))
            .or_else(|| most(&self.places.districts))
            .unwrap_or_default()
    }
}
