//! Chinese words of a guide and of a question. Both are cut the same way, from the normal form.

use std::{collections::BTreeMap, sync::LazyLock};

use huying_words::normal;
use jieba_rs::Jieba;
use serde::{Deserialize, Serialize};

use super::Content;

/// Most words of a question; the first ones count.
const ASKED: usize = 32;

/// Bytes of a word that is kept: what is longer is no word of the language.
const LONGEST: usize = 200;

/// In every question, and telling of none.
const COMMON: [&str; 40] = [
    "的",
    "了",
    "吗",
    "呢",
    "啊",
    "我",
    "你",
    "您",
    "他",
    "们",
    "我们",
    "你们",
    "想",
    "要",
    "请",
    "请问",
    "问",
    "是",
    "有",
    "在",
    "和",
    "与",
    "到",
    "去",
    "吧",
    "怎么",
    "怎样",
    "如何",
    "怎么办",
    "什么",
    "哪里",
    "哪儿",
    "多少",
    "可以",
    "能",
    "需要",
    "办",
    "办理",
    "一下",
    "咨询",
];

/// Half a second to make, once.
static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// By what a guide is found, in the text form of PostgreSQL's `tsvector`: each word quoted, with the place where it occurs first and its
/// weight, A in the title and what people ask with, D elsewhere. Words have letters and digits only, so nothing needs escaping.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Words(pub String);

impl Words {
    pub(super) fn of(content: &Content) -> Self {
        let title = [&content.title].into_iter().chain(&content.also);
        let officers = content.officers.iter().flat_map(|officer| [&officer.name, &officer.duty]);
        let text = [&content.text, &content.conditions, &content.grounds].into_iter().chain(officers);
        let weighed = title.map(|text| (text, 'A')).chain(text.map(|text| (text, 'D')));
        let mut words = BTreeMap::new();
        let mut at = 0;
        for (text, weight) in weighed {
            for word in cut(text) {
                at += 1;
                words.entry(word).or_insert((at, weight));
            }
        }
        // What a tsvector takes of places.
        let place = |at: usize| at.min(16_383);
        let written = words.iter().map(|(word, (at, weight))| format!("'{word}':{}{weight}", place(*at)));
        Self(written.collect::<Vec<_>>().join(" "))
    }
}

/// A question as a `tsquery` in text form: any of its words. None: it has no word that tells of anything.
pub fn asked(question: &str) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    for word in cut(question).into_iter().filter(|word| !COMMON.contains(&word.as_str())) {
        if words.len() < ASKED && !words.contains(&word) {
            words.push(word);
        }
    }
    let quoted = words.iter().map(|word| format!("'{word}'"));
    (!words.is_empty()).then(|| quoted.collect::<Vec<_>>().join(" | "))
}

/// Long words and those within them.
fn cut(text: &str) -> Vec<String> {
    let form = normal(text);
    let words = JIEBA.cut_for_search(&form, true).into_iter().map(|token| token.word);
    let telling = |word: &&str| word.chars().all(char::is_alphanumeric) && word.len() <= LONGEST;
    words.filter(telling).map(str::to_owned).collect()
}
