//! Who is asked about a resolved case, by whom, how often and what: a part of the district's profile.

use huying_terms::Solved;
use serde::{Deserialize, Serialize};

use super::verdict::{Answer, By, Reason, Satisfaction, Verdict};

/// Most reasons, questions, and options of one.
pub const MOST: [usize; 3] = [50, 20, 20];
/// Most that are asked about one attempt.
const ASKED: u32 = 200;
/// Most tries.
const TRIES: u32 = 20;
/// What answers a question without options.
const YES_NO: [&str; 2] = ["yes", "no"];

/// The rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallbackRules {
    /// What share of those judged must pass.
    pub pass_share: f64,
    /// What share of an attempt's requests is asked about.
    pub sample_share: f64,
    /// And at most so many.
    pub most: u32,
    /// At so many tries at which nobody was reached it lapses; 0: only the window ends it.
    pub tries: u32,
    /// Who asks.
    pub by: By,
    /// 不满意原因.
    pub reasons: Vec<Reason>,
    pub questions: Vec<Question>,
}

/// What is asked besides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub code: String,
    pub text: String,
    /// None: yes or no.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Reason>,
}

/// Something coded that the profile does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what {field} says is not in the district's profile")]
pub struct Unlisted {
    pub field: String,
}

/// What the reporter says, before it is held against what the profile asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub contacted: bool,
    pub told: Option<bool>,
    pub solved: Solved,
    pub satisfaction: Satisfaction,
    /// By their codes.
    pub reasons: Vec<String>,
    pub answers: Vec<Answer>,
    pub comment: String,
}

impl Default for CallbackRules {
    /// Every reporter by the centre, all must pass.
    fn default() -> Self {
        Self {
            pass_share: 1.0,
            sample_share: 1.0,
            most: ASKED,
            tries: 3,
            by: By::Centre,
            reasons: Vec::new(),
            questions: Vec::new(),
        }
    }
}

impl CallbackRules {
    /// What was said as it is kept, with the words of what is coded.
    ///
    /// # Errors
    /// The first that the profile does not have.
    pub fn read(&self, said: &Said, by: By) -> Result<Verdict, Unlisted> {
        let Said { contacted, told, solved, satisfaction, .. } = *said;
        let mut reasons = Vec::new();
        for (place, code) in said.reasons.iter().enumerate() {
            let found = self.reasons.iter().find(|reason| reason.code == *code);
            let unlisted = || Unlisted { field: format!("verdict.reasons[{place}].code") };
            reasons.push(found.ok_or_else(unlisted)?.clone());
        }
        for (place, answer) in said.answers.iter().enumerate() {
            let field = |name| format!("verdict.answers[{place}].{name}");
            let question = self.questions.iter().find(|question| question.code == answer.question);
            let question = question.ok_or_else(|| Unlisted { field: field("question") })?;
            if !question.takes(&answer.answer) {
                return Err(Unlisted { field: field("answer") });
            }
        }
        let (answers, comment) = (said.answers.clone(), said.comment.clone());
        Ok(Verdict { contacted, told, solved, satisfaction, reasons, answers, comment, by })
    }

    /// Everything that is wrong with it: the field, and what it must be.
    pub(super) fn check(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        let mut require = |field, holds: bool, what: &str| {
            if !holds {
                wrong.push((field, what.to_owned()));
            }
        };
        // NaN is in no range.
        require("callbacks.pass_share", (0.0..=1.0).contains(&self.pass_share), "must be from 0 to 1");
        let drawn = self.sample_share > 0.0 && self.sample_share <= 1.0;
        require("callbacks.sample_share", drawn, "must be above 0, and at most 1");
        require("callbacks.most", (1..=ASKED).contains(&self.most), "must be from 1 to 200");
        require("callbacks.tries", self.tries <= TRIES, "must be from 0 to 20");
        let by = self.by != By::Platform;
        require("callbacks.by", by, "must be centre, first contact or link");
        let [reasons, questions, options] = MOST;
        let few = self.reasons.len() <= reasons && self.questions.len() <= questions;
        let few = few && self.questions.iter().all(|question| question.options.len() <= options);
        require("callbacks", few, "must have at most 50 reasons and 20 questions of 20 options each");
        for (field, fault) in self.unfit() {
            wrong.push((field, fault));
        }
        wrong
    }

    /// What is coded, and cannot be.
    fn unfit(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        let reasons = self.reasons.iter().map(|reason| (&reason.code, &reason.text));
        wrong.extend(unfit(reasons, 50).map(|what| ("callbacks.reasons", what)));
        let questions = self.questions.iter().map(|question| (&question.code, &question.text));
        wrong.extend(unfit(questions, 200).map(|what| ("callbacks.questions", what)));
        for question in &self.questions {
            let options = question.options.iter().map(|option| (&option.code, &option.text));
            let unfit = unfit(options, 50).map(|what| format!("{what}, of the question {}", question.code));
            wrong.extend(unfit.map(|what| ("callbacks.questions", what)));
        }
        wrong
    }
}

impl Question {
    fn takes(&self, answer: &str) -> bool {
        match self.options.is_empty() {
            true => YES_NO.contains(&answer),
            false => self.options.iter().any(|option| option.code == answer),
        }
    }
}

/// The first of these that has no fit code or text, or a code that another has.
fn unfit<'a>(coded: impl Iterator<Item = (&'a String, &'a String)>, longest: usize) -> Option<String> {
    let mut codes = std::collections::BTreeSet::new();
    for (code, text) in coded {
        let fits = code.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.:-".contains(&b));
        if !fits || !(1..=32).contains(&code.len()) {
            return Some(format!(
                "must have codes of 1 to 32 letters, digits, '_', '.', ':' or '-', not {code:?}"
            ));
        }
        let fits = text.chars().count() <= longest && !huying_words::is_blank(text);
        if !fits || huying_words::unfit_line(text).is_some() {
            return Some(format!(
                "must have texts of 1 to {longest} characters that can be seen, in one line, as {code} has not"
            ));
        }
        if !codes.insert(code) {
            return Some(format!("must have each code once, and has {code} twice"));
        }
    }
    None
}
