//! Numbers that can be printed.

use serde::{Deserialize, Serialize};

/// Above it a double no longer counts in ones.
const LARGEST: f64 = 1e15;

/// A number that is one: finite, and within ±10¹⁵.
///
/// What is divided by nothing has none: `Number::of(3.0 / 0.0)` is `None`, which a report writes as –.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Number(f64);

impl Number {
    pub fn of(value: f64) -> Option<Self> {
        (value.is_finite() && value.abs() <= LARGEST).then_some(Self(value))
    }

    pub fn get(self) -> f64 {
        self.0
    }
}

impl From<Number> for f64 {
    fn from(number: Number) -> Self {
        number.0
    }
}

impl TryFrom<f64> for Number {
    type Error = NotANumber;

    fn try_from(value: f64) -> Result<Self, NotANumber> {
        Self::of(value).ok_or(NotANumber)
    }
}

/// Not finite, or beyond ±10¹⁵.
#[derive(Debug, thiserror::Error)]
#[error("a number is finite and within ±1e15")]
pub struct NotANumber;
