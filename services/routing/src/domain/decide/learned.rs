//! What it is about, where no rule says it: what the learned classifier is sure of, or what it holds likelier than not while the words lean
//! to it as well: two weak signs that agree. Else a person decides, and is offered what it holds likeliest. A person decides as well where it
//! all but rules out what the words say and holds another likelier than not: of two signs that contradict each other either may be wrong.

use super::Found;
use crate::domain::{
    decision::{Asked, Guess, Part, Reason},
    index::Index,
    learned::Classifier,
    profile::Category,
    said::Said,
};

/// How sure it must be of what the words lean to, or of something else than what they say.
const AGREED: f64 = 0.5;
/// Below this it all but rules out what the words say.
const RULED_OUT: f64 = 0.05;
/// The rule of a category that words tell; what the door gave is never doubted.
const BY_WORDS: &str = "category.keyword";

type Guesses<'a> = [(&'a Category, Guess)];

/// The rules' category unless that is doubted; else what the classifier is sure of, or its guesses and why they are none.
pub(super) fn complete<'a>(
    index: &'a Index,
    classifier: Option<&Classifier>,
    said: Said<'_>,
    (by_rules, leaning): (Found<&'a Category>, Vec<String>),
) -> (Found<&'a Category>, Asked) {
    let by_words = by_rules.reasons.iter().any(|it| it.rule == BY_WORDS);
    let Some(classifier) = classifier.filter(|_| by_rules.value.is_none() || by_words) else {
        return (by_rules, Asked::default());
    };
    // What the profile has dropped since the model was applied is no category any more.
    let known = |guess: Guess| Some((index.category(&guess.category)?, guess));
    let guesses: Vec<(&Category, Guess)> =
        classifier.guesses(said.message()).into_iter().filter_map(known).collect();
    let (value, reason) = match by_rules.value {
        Some(own) => match doubted(classifier, said, own, &guesses) {
            Some(reason) => (None, reason),
            None => return (by_rules, Asked::default()),
        },
        None => sure(index, classifier, &guesses, &leaning),
    };
    let Found { mut reasons, .. } = by_rules;
    reasons.push(reason);
    let guesses = guesses.into_iter().map(|(_, guess)| guess).collect();
    (Found { value, reasons }, Asked { model: Some(classifier.version.clone()), guesses })
}

/// Why what the words say is left to a person; none: nothing speaks against it.
fn doubted(classifier: &Classifier, said: Said<'_>, own: &Category, guesses: &Guesses<'_>) -> Option<Reason> {
    let (other, guess) =
        guesses.first().filter(|(it, guess)| it.code != own.code && guess.confidence >= AGREED)?;
    let left = classifier.holds(said.message(), &own.code).filter(|left| *left < RULED_OUT)?;
    let text = format!(
        "学习模型（{}）认为是“{}”的只有{}，更像“{}”（{}），与关键词相反，由人核定",
        classifier.version,
        own.name,
        percent(left),
        other.name,
        percent(guess.confidence)
    );
    Some(Reason::new(Part::Category, "doubted", text))
}

/// What it is sure of, and why; or why not.
fn sure<'a>(
    index: &Index,
    classifier: &Classifier,
    guesses: &Guesses<'a>,
    leaning: &[String],
) -> (Option<&'a Category>, Reason) {
    let agrees = |guess: &Guess| guess.confidence >= AGREED && leaning.contains(&guess.category);
    let sure = guesses.first().filter(|(_, it)| it.confidence >= index.sure_from || agrees(it));
    let Some((category, guess)) = sure else {
        let named = guesses.iter().map(|(it, guess)| format!("“{}”{}", it.name, percent(guess.confidence)));
        let text = format!(
            "学习模型（{}）把握不到{}，定不了，供参考：{}",
            classifier.version,
            percent(index.sure_from),
            named.collect::<Vec<_>>().join("、")
        );
        return (None, Reason::new(Part::Category, "unsure", text));
    };
    let rules = if agrees(guess) { "关键词也偏向它" } else { "没有规则能定" };
    let text = format!(
        "{rules}，学习模型（{}）判为“{}”，把握{}",
        classifier.version,
        category.name,
        percent(guess.confidence)
    );
    (Some(*category), Reason::new(Part::Category, "learned", text))
}

fn percent(confidence: f64) -> String {
    format!("{:.0} %", confidence * 100.0)
}
