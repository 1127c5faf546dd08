//! What the reporter says, and when it passes.

use huying_terms::Solved;
use serde::{Deserialize, Serialize};
use strum::{Display, VariantArray};

/// The questions of a callback, answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// 是否联系: did the unit contact them.
    pub contacted: bool,
    /// 是否告知: were they told the result; none: not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<bool>,
    /// 是否解决: is it truly solved.
    #[serde(flatten, with = "kept_solved")]
    pub solved: Solved,
    /// 是否满意: are they satisfied.
    pub satisfaction: Satisfaction,
    /// 不满意原因, of the profile's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// What else the profile asks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// In the reporter's words. Never in an event.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// Who took it.
    #[serde(default, skip_serializing_if = "By::is_centre")]
    pub by: By,
}

/// How satisfied the reporter is. Of three steps, the middle ones, in what builds before wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "snake_case")]
pub enum Satisfaction {
    /// 非常满意.
    VerySatisfied,
    /// 满意.
    Satisfied,
    /// 基本满意.
    Basically,
    /// 不满意.
    Unsatisfied,
    /// 非常不满意.
    VeryUnsatisfied,
}

/// Something coded, and how people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub code: String,
    pub text: String,
}

/// An answer to one of the profile's questions, by the codes of both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub question: String,
    pub answer: String,
}

/// Who asks a reporter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Display, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum By {
    /// 回访中心.
    #[default]
    Centre,
    /// 首问单位.
    FirstContact,
    /// 自动链接: the reporter themselves.
    Link,
    /// The platform that sent the request.
    Platform,
}

impl By {
    pub(super) fn is_centre(&self) -> bool {
        *self == Self::Centre
    }
}

impl Verdict {
    /// Wholly solved and not unsatisfied. Whether the unit got in touch counts in its rates, not here: a lamp that shines again is not
    /// reopened because nobody phoned.
    pub fn passes(&self) -> bool {
        match self.satisfaction {
            Satisfaction::VerySatisfied | Satisfaction::Satisfied | Satisfaction::Basically => {
                self.solved == Solved::Yes
            }
            Satisfaction::Unsatisfied | Satisfaction::VeryUnsatisfied => false,
        }
    }

    /// Why it does not pass: the reasons that were given, or else what was said to be wrong.
    pub fn why(&self) -> Vec<&str> {
        if self.passes() {
            return Vec::new();
        }
        if !self.reasons.is_empty() {
            return self.reasons.iter().map(|reason| reason.text.as_str()).collect();
        }
        let solved = match self.solved {
            Solved::Yes => None,
            Solved::Partly => Some("部分解决"),
            Solved::No => Some("未解决"),
        };
        let satisfied = match self.satisfaction {
            Satisfaction::VerySatisfied | Satisfaction::Satisfied | Satisfaction::Basically => None,
            Satisfaction::Unsatisfied => Some("不满意"),
            Satisfaction::VeryUnsatisfied => Some("非常不满意"),
        };
        solved.into_iter().chain(satisfied).collect()
    }
}

/// Solved is kept as the yes or no that it was in builds before, on which a column and its index stand; a no may be a half.
mod kept_solved {
    use huying_terms::Solved;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Kept {
        solved: bool,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        partly: bool,
    }

    pub(super) fn serialize<S: Serializer>(solved: &Solved, to: S) -> Result<S::Ok, S::Error> {
        Kept { solved: *solved == Solved::Yes, partly: *solved == Solved::Partly }.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Solved, D::Error> {
        Ok(match Kept::deserialize(from)? {
            Kept { solved: true, .. } => Solved::Yes,
            Kept { partly: true, .. } => Solved::Partly,
            Kept { .. } => Solved::No,
        })
    }
}
