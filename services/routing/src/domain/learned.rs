//! What a district has learned from its own decisions: the models that its operator has applied, made ready, and where roads led.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use huying_chassis::profile::Part;
use huying_learn::{Message, Model};
use huying_terms::AreaCode;
use serde::{Deserialize, Serialize};

use super::{
    Error,
    decision::{Guess, Suggestion},
    house::Past,
    index::Index,
};

/// Most labels that a refusal names.
const NAMED: usize = 32;
/// Most guesses of a category.
const GUESSES: usize = 4;

/// What a model tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Category,
    Unit,
}

/// What is known from before, as far as it bears on a request.
#[derive(Clone, Copy, Default)]
pub struct Memory<'a> {
    /// The model of categories, and the one of units.
    pub categories: Option<&'a Classifier>,
    pub units: Option<&'a Classifier>,
    /// Where its road led, where that is all that is known of its place.
    pub past: &'a [Past],
}

/// The model as applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    pub district: AreaCode,
    /// Of the model, which its bytes end with.
    pub model: String,
    /// The model's file, in Base64.
    bytes: String,
}

/// The same of units: a kind of its own, so that a district has one of each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LearnedUnits(pub Learned);

/// The model, as used.
pub struct Classifier {
    /// Tells models apart.
    pub version: String,
    pub model: Model,
}

impl Learned {
    /// The model in these bytes.
    ///
    /// # Errors
    /// They are no model.
    pub fn new(district: AreaCode, bytes: &[u8]) -> Result<Self, Error> {
        Model::from_bytes(bytes).map_err(|why| Error::NoModel { why: why.to_string() })?;
        Ok(Self { district, model: Model::version(bytes), bytes: STANDARD.encode(bytes) })
    }

    /// Whether what it tells are categories of the district, or units.
    ///
    /// # Errors
    /// Labels that are none, the first 32 named.
    pub fn check(&self, of: Of, index: &Index) -> Result<(), Error> {
        let classifier = self.clone().index().map_err(|why| Error::NoModel { why })?;
        let is_known = |label: &&String| match of {
            Of::Category => index.category(label).is_some(),
            Of::Unit => index.unit(label).is_some(),
        };
        let labels = classifier.model.labels().iter().filter(|label| !is_known(label));
        let unknown: Vec<&str> = labels.take(NAMED).map(String::as_str).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let unknown = unknown.join(", ");
        Err(match of {
            Of::Category => Error::UnknownCategory { category: unknown },
            Of::Unit => Error::UnknownUnit { unit: unknown },
        })
    }
}

impl Part for Learned {
    const KIND: &'static str = "model";
    type Index = Classifier;

    fn district(&self) -> &str {
        self.district.as_str()
    }

    fn index(self) -> Result<Classifier, String> {
        let bytes = STANDARD.decode(&self.bytes).map_err(|why| why.to_string())?;
        let model = Model::from_bytes(&bytes).map_err(|why| why.to_string())?;
        Ok(Classifier { version: self.model, model })
    }
}

impl Part for LearnedUnits {
    const KIND: &'static str = "unit_model";
    type Index = Classifier;

    fn district(&self) -> &str {
        self.0.district.as_str()
    }

    fn index(self) -> Result<Classifier, String> {
        self.0.index()
    }
}

impl Classifier {
    /// What a message is likeliest about, best first; up to four.
    pub fn guesses(&self, message: Message<'_>) -> Vec<Guess> {
        let choices = self.choices(message).into_iter().take(GUESSES);
        choices.map(|(label, confidence)| Guess { category: label.to_owned(), confidence }).collect()
    }

    /// How sure it is of a category; none: it never learned of it.
    pub fn holds(&self, message: Message<'_>, category: &str) -> Option<f64> {
        let is_known = self.model.labels().iter().any(|label| label == category);
        let choices = is_known.then(|| self.choices(message))?;
        Some(choices.into_iter().find(|(label, _)| *label == category).map_or(0.0, |(_, it)| it))
    }

    /// Whose business a message likeliest is, best first.
    pub fn units(&self, message: Message<'_>) -> Vec<Suggestion> {
        let choices = self.choices(message).into_iter();
        choices.map(|(label, confidence)| Suggestion { unit: label.to_owned(), confidence }).collect()
    }

    fn choices(&self, message: Message<'_>) -> Vec<(&str, f64)> {
        let rounded = |confidence: f32| (f64::from(confidence) * 10_000.0).round() / 10_000.0;
        let choices = self.model.choices(message).into_iter();
        choices.map(|it| (it.label, rounded(it.confidence))).collect()
    }
}
