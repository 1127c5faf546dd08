//! 措施: what is to be done about a topic, by whom and until when.

use chrono::{DateTime, NaiveDate, Utc, serde::ts_microseconds};
use serde::{Deserialize, Serialize};

use super::TopicError;

/// Most measures of a topic.
pub const MOST: usize = 50;

/// A measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// From 1; never used again.
    pub number: i32,
    pub text: String,
    /// Who does it.
    pub unit: String,
    pub due: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<WasDone>,
}

/// That it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WasDone {
    /// The district's day.
    pub on: NaiveDate,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
    pub note: String,
}

/// A measure as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// None: it is new.
    pub number: Option<i32>,
    pub text: String,
    pub unit: String,
    pub due: NaiveDate,
}

impl Planned {
    fn numbered(&self, number: i32) -> Measure {
        let Self { number: _, text, unit, due } = self.clone();
        Measure { number, text, unit, due, done: None }
    }
}

/// The measures of a new topic.
pub fn first(planned: &[Planned]) -> Vec<Measure> {
    (1..).zip(planned).map(|(number, it)| it.numbered(number)).collect()
}

/// Those that are done, and what is planned instead of the others. New ones get the numbers after the highest that there ever was.
///
/// # Errors
/// `UnknownMeasures`, `TooManyMeasures`.
pub fn replaced(there: &[Measure], highest: i32, planned: &[Planned]) -> Result<Vec<Measure>, TopicError> {
    let open = |number: i32| there.iter().any(|it| it.number == number && it.done.is_none());
    let named = planned.iter().filter_map(|it| it.number);
    let numbers: Vec<i32> = named.filter(|number| !open(*number)).collect();
    if !numbers.is_empty() {
        return Err(TopicError::UnknownMeasures { numbers });
    }
    let mut measures: Vec<Measure> = there.iter().filter(|it| it.done.is_some()).cloned().collect();
    let mut next = highest;
    for it in planned {
        let number = it.number.unwrap_or_else(|| {
            next += 1;
            next
        });
        measures.push(it.numbered(number));
    }
    if measures.len() > MOST {
        return Err(TopicError::TooManyMeasures { there: measures.len() });
    }
    measures.sort_by_key(|it| it.number);
    Ok(measures)
}

/// Their numbers, as people read them.
pub fn listed(numbers: &[i32]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
