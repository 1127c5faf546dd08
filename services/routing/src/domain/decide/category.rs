//! What it is about: the category the door gave, or the one that the words speak for.
//!
//! The first line is most often a title and says it best; the whole text is read only when the title decides nothing.

use std::collections::BTreeMap;

use super::{Found, quoted};
use crate::domain::{
    decision::{Part, Reason},
    index::Index,
    profile::Category,
};

/// A category's words and their weight.
#[derive(Default)]
struct Tally<'a> {
    weight: u32,
    words: Vec<&'a str>,
}

pub(super) fn find<'a>(index: &'a Index, content: &str, given: &str) -> Found<&'a Category> {
    let mut reasons = Vec::new();
    if let Some(category) = index.category(given) {
        let text = format!("来件已给出“{}”", category.name);
        return Found { value: Some(category), reasons: vec![Reason::new(Part::Category, "given", text)] };
    }
    if !given.is_empty() {
        reasons.push(Reason::new(Part::Category, "unknown", "来件给出的事项代码不在本区目录里，不采用"));
    }
    let content = content.trim();
    let title = content.lines().next().unwrap_or_default();
    let texts = [("标题", title), ("全文", content)];
    let worth = if title.len() == content.len() { &texts[1..] } else { &texts[..] };
    for (which, text) in worth {
        match by_words(index, which, text) {
            Ok((category, reason)) => {
                reasons.push(reason);
                return Found { value: Some(category), reasons };
            }
            Err(reason) => reasons.push(reason),
        }
    }
    Found { value: None, reasons }
}

fn by_words<'a>(index: &'a Index, which: &str, text: &str) -> Result<(&'a Category, Reason), Reason> {
    let read = index.read(text);
    let mut tallies: BTreeMap<&str, Tally<'_>> = BTreeMap::new();
    for matched in index.rules_in(&read) {
        let tally = tallies.entry(matched.rule.category.as_str()).or_default();
        tally.weight = tally.weight.saturating_add(matched.rule.weight);
        tally.words.extend(matched.words);
    }
    let most = tallies.values().map(|tally| tally.weight).max().unwrap_or_default();
    let named = |code: &str| index.category(code).map(|category| category.name.as_str());
    let mut first = tallies.iter().filter(|(_, tally)| tally.weight == most);
    match (first.next(), first.next()) {
        (Some((one, _)), Some((other, _))) => {
            let names = quoted([named(one), named(other)].into_iter().flatten());
            let text = format!("{which}里的关键词对{names}不相上下（各{most}分），定不了");
            Err(Reason::new(Part::Category, "tie", text))
        }
        (Some((code, tally)), None) => match index.category(code) {
            Some(category) => {
                let words = quoted(tally.words.iter().copied());
                let text = format!("{which}里的{words}指向“{}”（{most}分）", category.name);
                Ok((category, Reason::new(Part::Category, "keyword", text)))
            }
            None => Err(Reason::new(Part::Category, "unknown", "规则指向的事项不在目录里")),
        },
        (None, _) => Err(Reason::new(Part::Category, "none", format!("{which}里没有能定事项的关键词"))),
    }
}
