//! Evaluation's part of a district's profile: who is asked, how long a reporter may be looked for, and what units are judged by.

use huying_chassis::profile::Part;
use huying_terms::{Calendar, Limit, LimitKind};
use serde::{Deserialize, Serialize};

use super::{
    figure::{
        rate::{self, Grade, Rate},
        standing::Rules,
        usual,
    },
    rules::CallbackRules,
};

/// The part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluationProfile {
    /// The district's area code; a town without a district has 9 digits.
    pub district: String,
    pub calendar: Calendar,
    /// Time to reach the reporter.
    pub callback: Limit,
    /// None: the usual ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<Rate>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grades: Vec<Grade>,
    /// What builds before had instead of rates.
    #[serde(flatten)]
    pub weights: Option<Weights>,
    /// Who is asked, by whom and what.
    #[serde(default)]
    pub callbacks: CallbackRules,
}

/// How the usual three rates weigh, each 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// What a basically satisfied reporter counts.
    #[serde(rename = "basically_weight")]
    pub basically: f64,
    /// The three of the score; they add up to 1.
    #[serde(rename = "response_weight")]
    pub response: f64,
    #[serde(rename = "resolution_weight")]
    pub resolution: f64,
    #[serde(rename = "satisfaction_weight")]
    pub satisfaction: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self { basically: 0.9, response: 0.1, resolution: 0.5, satisfaction: 0.4 }
    }
}

impl EvaluationProfile {
    /// What holds for a district whose profile has not been applied yet, so that no resolved case is lost: five natural days in
    /// China's one zone, and the usual weights.
    pub fn default_of(district: &str) -> Self {
        Self {
            district: district.to_owned(),
            calendar: Calendar::default(),
            callback: Limit { kind: LimitKind::NaturalDay, amount: 5 },
            rates: Vec::new(),
            grades: Vec::new(),
            weights: None,
            callbacks: CallbackRules::default(),
        }
    }

    /// What units are judged by.
    pub fn rules(&self) -> Rules {
        let usual = usual::rules(&self.weights.unwrap_or_default());
        Rules {
            rates: if self.rates.is_empty() { usual.rates } else { self.rates.clone() },
            grades: if self.grades.is_empty() { usual.grades } else { self.grades.clone() },
        }
    }

    /// Everything that is wrong with it: the field, and what it must be.
    pub fn check(&self) -> Vec<(String, String)> {
        let mut wrong = Vec::new();
        let mut add = |field: &str, what: String| wrong.push((field.to_owned(), what));
        if !matches!(self.district.len(), 6 | 9) || !self.district.bytes().all(|b| b.is_ascii_digit()) {
            add("district", "must be a district's area code of 6 digits, or a town's of 9".to_owned());
        }
        if let Err(error) = self.calendar.check() {
            add("calendar", format!("must be usable: {error}"));
        }
        if let Err(error) = Limit::new(self.callback.kind, self.callback.amount) {
            add("callback", format!("must be a limit: {error}"));
        }
        wrong.extend(rate::check(&self.rates, &self.grades));
        wrong.extend(self.callbacks.check().into_iter().map(|(field, what)| (field.to_owned(), what)));
        wrong
    }
}

impl Part for EvaluationProfile {
    type Index = Self;

    fn district(&self) -> &str {
        &self.district
    }

    fn index(self) -> Result<Self, String> {
        let wrong: Vec<String> =
            self.check().into_iter().map(|(field, what)| format!("{field} {what}")).collect();
        if wrong.is_empty() { Ok(self) } else { Err(wrong.join("; ")) }
    }
}
