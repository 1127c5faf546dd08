//! What it is about, where no rule says it: what the learned classifier is sure of, or what it holds likelier than not while the words lean
//! to it as well: two weak signs that agree. Else a person decides, and is offered what it holds likeliest.

use super::Found;
use crate::domain::{
    decision::{Asked, Guess, Part, Reason},
    index::Index,
    learned::Classifier,
    profile::Category,
    said::Said,
};

/// How sure it must be of what the words lean to.
const AGREED: f64 = 0.5;

/// The rules' category; else what the classifier is sure of, or its guesses and why they are none.
pub(super) fn complete<'a>(
    index: &'a Index,
    classifier: Option<&Classifier>,
    said: Said<'_>,
    (by_rules, leaning): (Found<&'a Category>, Vec<String>),
) -> (Found<&'a Category>, Asked) {
    let Some(classifier) = classifier.filter(|_| by_rules.value.is_none()) else {
        return (by_rules, Asked::default());
    };
    // What the profile has dropped since the model was applied is no category any more.
    let known = |guess: Guess| Some((index.category(&guess.category)?, guess));
    let guesses: Vec<(&Category, Guess)> =
        classifier.guesses(said.message()).into_iter().filter_map(known).collect();
    let agrees = |guess: &Guess| guess.confidence >= AGREED && leaning.contains(&guess.category);
    let sure = guesses.first().filter(|(_, it)| it.confidence >= index.sure_from || agrees(it));
    let reason = match sure {
        Some((category, guess)) => {
            let rules = if agrees(guess) { "关键词也偏向它" } else { "没有规则能定" };
            let text = format!(
                "{rules}，学习模型（{}）判为“{}”，把握{}",
                classifier.version,
                category.name,
                percent(guess.confidence)
            );
            Reason::new(Part::Category, "learned", text)
        }
        None => {
            let named =
                guesses.iter().map(|(it, guess)| format!("“{}”{}", it.name, percent(guess.confidence)));
            let text = format!(
                "学习模型（{}）把握不到{}，定不了，供参考：{}",
                classifier.version,
                percent(index.sure_from),
                named.collect::<Vec<_>>().join("、")
            );
            Reason::new(Part::Category, "unsure", text)
        }
    };
    let Found { mut reasons, .. } = by_rules;
    reasons.push(reason);
    let found = Found { value: sure.map(|(category, _)| *category), reasons };
    let guesses = guesses.into_iter().map(|(_, guess)| guess).collect();
    (found, Asked { model: Some(classifier.version.clone()), guesses })
}

fn percent(confidence: f64) -> String {
    format!("{:.0} %", confidence * 100.0)
}
