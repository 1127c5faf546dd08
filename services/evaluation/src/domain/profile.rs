//! Evaluation's part of a district's profile: how long a reporter may be looked for, and how the three rates weigh.

use huying_chassis::profile::Part;
use huying_terms::{Calendar, Limit, LimitKind};
use serde::{Deserialize, Serialize};

use super::rates::Weights;

/// How far the three weights' sum may be from 1: they are written with a few decimals.
const ROUNDING: f64 = 1e-6;

/// The part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluationProfile {
    /// The district's area code; a town without a district has 9 digits.
    pub district: String,
    pub calendar: Calendar,
    /// Time to reach the reporter.
    pub callback: Limit,
    #[serde(flatten)]
    pub weights: Weights,
}

impl EvaluationProfile {
    /// What holds for a district whose profile has not been applied yet, so that no resolved case is lost: five natural days in
    /// China's one zone, and the usual weights.
    pub fn default_of(district: &str) -> Self {
        Self {
            district: district.to_owned(),
            calendar: Calendar::default(),
            callback: Limit { kind: LimitKind::NaturalDay, amount: 5 },
            weights: Weights::default(),
        }
    }

    /// Everything that is wrong with it: the field, and what it must be.
    pub fn check(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        if !matches!(self.district.len(), 6 | 9) || !self.district.bytes().all(|b| b.is_ascii_digit()) {
            wrong.push((
                "district",
                "must be a district's area code of 6 digits, or a town's of 9".to_owned(),
            ));
        }
        if let Err(error) = self.calendar.check() {
            wrong.push(("calendar", format!("must be usable: {error}")));
        }
        if let Err(error) = Limit::new(self.callback.kind, self.callback.amount) {
            wrong.push(("callback", format!("must be a limit: {error}")));
        }
        let Weights { basically, response, resolution, satisfaction } = self.weights;
        let named = [
            ("basically_weight", basically),
            ("response_weight", response),
            ("resolution_weight", resolution),
            ("satisfaction_weight", satisfaction),
        ];
        // NaN is in no range.
        for (field, _) in named.iter().filter(|(_, weight)| !(0.0..=1.0).contains(weight)) {
            wrong.push((field, "must be from 0 to 1".to_owned()));
        }
        let sum = response + resolution + satisfaction;
        if sum.is_finite() && (sum - 1.0).abs() > ROUNDING {
            wrong.push(("response_weight", format!("must add up to 1 with the other two, not {sum:.4}")));
        }
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
