//! A district's learned classifier: the model that its operator has applied, made ready.

use std::collections::HashSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use huying_chassis::profile::Part;
use huying_learn::{Message, Model};
use huying_terms::AreaCode;
use serde::{Deserialize, Serialize};

use super::{Error, decision::Guess, index::Index};

/// Most labels that a refusal names.
const NAMED: usize = 32;

/// The model as applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    pub district: AreaCode,
    /// Of the model, which its bytes end with.
    pub model: String,
    /// The model's file, in Base64.
    bytes: String,
}

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

    /// Whether what it tells are categories of the district.
    ///
    /// # Errors
    /// Labels that are none, the first 32 named.
    pub fn check(&self, index: &Index) -> Result<(), Error> {
        let classifier = self.clone().index().map_err(|why| Error::NoModel { why })?;
        let known: HashSet<&str> = index.categories().map(|it| it.code.as_str()).collect();
        let labels = classifier.model.labels().iter().filter(|label| !known.contains(label.as_str()));
        let unknown: Vec<&str> = labels.take(NAMED).map(String::as_str).collect();
        if unknown.is_empty() { Ok(()) } else { Err(Error::UnknownCategory { category: unknown.join(", ") }) }
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

impl Classifier {
    /// What a message is likeliest about, best first; up to four.
    pub fn guesses(&self, message: Message<'_>) -> Vec<Guess> {
        let answer = self.model.classify(message);
        let choices = std::iter::once(&answer.best).chain(&answer.alternatives);
        let rounded = |confidence: f32| (f64::from(confidence) * 10_000.0).round() / 10_000.0;
        let guess = |it: &huying_learn::Choice<'_>| Guess {
            category: it.label.to_owned(),
            confidence: rounded(it.confidence),
        };
        choices.map(guess).collect()
    }
}
