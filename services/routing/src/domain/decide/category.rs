//! What it is about: the category the door gave, or the one that the words speak for.
//!
//! A word says more in the title and in the first clause that is about something, less where it tells who is asking or names a landmark.
//! A title's last word says the most: who and where stand before it. What rests on one word somewhere in a text, or on little below a title
//! that says nothing of it, and what is close, is left to a person.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::{Found, quoted};
use crate::domain::{
    decision::{Part, Reason},
    index::{Hit, Index, Read},
    profile::Category,
    text::Place,
};

/// In a text of so few characters every word is about the matter.
const SHORT: usize = 12;
/// How much must speak for a category in a longer one: see [`says`].
const ENOUGH: u32 = 4;
/// The same, where there is a title and nothing in it speaks for the category.
const ENOUGH_BELOW_TITLE: u32 = 8;
/// Words that say the same again add no more than so many times.
const AGAIN: usize = 4;
/// What a title ends with is what it is about, what stands before mostly who and where: so many eighths more.
const HEAD: u32 = 4;
/// A category with so many per cent of the first one's weight is close to it.
const CLOSE: u32 = 85;

/// What speaks for a category.
#[derive(Default)]
pub(super) struct Tally<'a> {
    pub(super) weight: u32,
    words: Vec<&'a str>,
    /// Where its words stand, none within another, and how much each says.
    hits: BTreeMap<usize, (Range<usize>, u32)>,
}

/// How much a word says of the matter by its place.
fn says(place: Place) -> u32 {
    match place {
        Place::Title => 6,
        Place::Opening => 4,
        Place::Body => 2,
        Place::Aside => 1,
    }
}

/// A word in parts tells a thing and what is wrong with it (路灯…不亮): it is not by the way, wherever it stands in the text.
fn tells(hit: &Hit) -> u32 {
    says(if hit.in_parts { hit.place.max(Place::Opening) } else { hit.place })
}

/// The category; none: also those that the words lean to.
pub(super) fn find<'a>(index: &'a Index, read: &Read, given: &str) -> (Found<&'a Category>, Vec<String>) {
    let mut reasons = Vec::new();
    if let Some(category) = index.category(given) {
        let text = format!("来件已给出“{}”", category.name);
        let reasons = vec![Reason::new(Part::Category, "given", text)];
        return (Found { value: Some(category), reasons }, Vec::new());
    }
    if !given.is_empty() {
        reasons.push(Reason::new(Part::Category, "unknown", "来件给出的事项代码不在本区目录里，不采用"));
    }
    let denied = index.denied_in(read);
    if !denied.is_empty() {
        let text = format!("{}说的是没有、不是或已解决，不算", quoted(denied));
        reasons.push(Reason::new(Part::Category, "denied", text));
    }
    let (value, reason, leaning) = match by_words(index, read) {
        Ok((category, reason)) => (Some(category), reason, Vec::new()),
        Err((reason, leaning)) => (None, reason, leaning),
    };
    reasons.push(reason);
    (Found { value, reasons }, leaning)
}

/// Or why not, and what it may be all the same.
type Undecided = (Reason, Vec<String>);

fn by_words<'a>(index: &'a Index, read: &Read) -> Result<(&'a Category, Reason), Undecided> {
    let why_not = |rule, text: String| Reason::new(Part::Category, rule, text);
    let ranked = weigh(index, read);
    let Some((code, first)) = ranked.first() else {
        return Err((why_not("none", "没有能定事项的关键词".into()), Vec::new()));
    };
    let name = |code: &str| index.category(code).map_or("", |category| category.name.as_str()).to_owned();
    let words = quoted(first.words.iter().copied());
    let is_close = |it: &&(&str, Tally<'_>)| it.1.weight * 100 >= first.weight * CLOSE;
    let close: Vec<&(&str, Tally<'_>)> = ranked.iter().take_while(is_close).collect();
    let leaning = || close.iter().map(|(code, _)| (*code).to_owned()).collect();
    if let Some((other, second)) = close.get(1) {
        let names = quoted([name(code).as_str(), name(other).as_str()]);
        let text = format!("关键词对{names}不相上下（{}分和{}分），定不了", first.weight, second.weight);
        return Err((why_not("tie", text), leaning()));
    }
    let enough =
        if read.is_titled() && first.last_in_title().is_none() { ENOUGH_BELOW_TITLE } else { ENOUGH };
    if read.length > SHORT && first.said() < enough {
        let text = format!("只有{words}附带提到“{}”，不足以定", name(code));
        return Err((why_not("incidental", text), leaning()));
    }
    let unknown = || (why_not("unknown", "规则指向的事项不在目录里".into()), Vec::new());
    let category = index.category(code).ok_or_else(unknown)?;
    let text = format!("{words}指向“{}”（{}分）", category.name, first.weight);
    Ok((category, Reason::new(Part::Category, "keyword", text)))
}

/// The categories that something speaks for, the most first.
pub(super) fn weigh<'a>(index: &'a Index, read: &'a Read) -> Vec<(&'a str, Tally<'a>)> {
    let mut tallies: Vec<(&str, Tally<'_>)> = tallies(index, read).into_iter().collect();
    tallies.sort_by_key(|(code, tally)| (std::cmp::Reverse(tally.weight), *code));
    tallies
}

/// What speaks for each category. A rule weighs as much as its best placed word says.
fn tallies<'a>(index: &'a Index, read: &'a Read) -> BTreeMap<&'a str, Tally<'a>> {
    let mut tallies: BTreeMap<&str, Tally<'_>> = BTreeMap::new();
    for matched in index.rules_in(read) {
        let tally = tallies.entry(matched.rule.category.as_str()).or_default();
        let best = matched.hits.iter().map(|hit| says(hit.place)).max().unwrap_or_default();
        tally.weight = tally.weight.saturating_add(matched.rule.weight.saturating_mul(best));
        for hit in matched.hits {
            tally.words.push(&hit.said);
            tally.add(hit);
        }
    }
    let head = tallies.values().filter_map(Tally::last_in_title).max();
    for tally in tallies.values_mut() {
        let again = u32::try_from(tally.hits.len().saturating_sub(1).min(AGAIN)).unwrap_or_default();
        let ends = if head.is_some() && tally.last_in_title() == head { HEAD } else { 0 };
        tally.weight = tally.weight.saturating_add(tally.weight.saturating_mul(again + ends) / 8);
    }
    tallies
}

impl Tally<'_> {
    /// Its words, each once.
    pub(super) fn distinct(&self) -> Vec<String> {
        let words: BTreeSet<&str> = self.words.iter().copied().collect();
        words.into_iter().map(str::to_owned).collect()
    }

    /// Of words that overlap one counts, since they say the same: the one that says more, else the first.
    fn add(&mut self, hit: &Hit) {
        let says = tells(hit);
        let overlaps = |it: &(Range<usize>, u32)| it.0.start < hit.range.end && hit.range.start < it.0.end;
        if !self.hits.values().any(|it| overlaps(it) && it.1 >= says) {
            self.hits.retain(|_, it| !overlaps(it));
            self.hits.insert(hit.range.start, (hit.range.clone(), says));
        }
    }

    /// Where its last word in the title ends.
    fn last_in_title(&self) -> Option<usize> {
        let in_title = self.hits.values().filter(|(_, says_it)| *says_it == says(Place::Title));
        in_title.map(|(range, _)| range.end).max()
    }

    /// How much its words say together.
    fn said(&self) -> u32 {
        self.hits.values().map(|(_, says)| says).sum()
    }
}
