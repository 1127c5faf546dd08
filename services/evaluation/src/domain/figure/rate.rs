//! 指标口径: what a rate is, as data: one sum of counts over another, what is left out of it, and how much it weighs in the score.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Counts, Measure};

/// Most rates and grades of a profile.
pub const MOST: usize = 50;
/// Characters of a name, and of what is said to be left out.
const NAME: usize = 40;
const WORDS: usize = 200;
/// How far the weights' sum may be from 1: they are written with a few decimals.
const ROUNDING: f64 = 1e-6;

/// How much each count is worth in a sum.
pub type Sum = BTreeMap<Measure, f64>;

/// A rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    pub code: String,
    /// What people call it.
    pub name: String,
    pub numerator: Sum,
    pub denominator: Sum,
    /// What is left out, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub exclusions: String,
    /// What it weighs in the score, 0 to 1; those of all rates add up to 1.
    #[serde(default)]
    pub weight: f64,
}

/// 等次: what a score of so much or more is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grade {
    pub name: String,
    /// 0 to 1.
    pub from: f64,
}

/// A rate of some counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub code: String,
    /// None: there is nothing to divide by. That is not 0.
    pub value: Option<f64>,
    pub numerator: f64,
    pub denominator: f64,
}

impl Rate {
    pub fn of(&self, counts: &Counts) -> Told {
        let sum =
            |sum: &Sum| sum.iter().map(|(measure, worth)| counts.get(*measure) as f64 * worth).sum::<f64>();
        let (numerator, denominator) = (sum(&self.numerator), sum(&self.denominator));
        let value = (denominator > 0.0).then(|| numerator / denominator);
        Told { code: self.code.clone(), value, numerator, denominator }
    }

    /// Everything that is wrong with it, each with its field.
    fn check(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        let mut need = |field, holds: bool, what: String| {
            if !holds {
                wrong.push((field, what));
            }
        };
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let code = (1..=64).contains(&self.code.len()) && self.code.bytes().all(plain);
        need("code", code, "must have 1 to 64 lower-case letters, digits or '_'".to_owned());
        need("name", is_line(&self.name, 1, NAME), format!("must be a line of 1 to {NAME} characters"));
        need(
            "exclusions",
            is_line(&self.exclusions, 0, WORDS),
            format!("must be a line of at most {WORDS} characters"),
        );
        for (field, sum) in [("numerator", &self.numerator), ("denominator", &self.denominator)] {
            need(field, !sum.is_empty(), "must name what is counted".to_owned());
            // NaN is in no range.
            need(
                field,
                sum.values().all(|worth| (-1.0..=1.0).contains(worth)),
                "must be worth -1 to 1 each".to_owned(),
            );
        }
        need("weight", (0.0..=1.0).contains(&self.weight), "must be from 0 to 1".to_owned());
        wrong
    }
}

/// Everything that is wrong with a profile's rates and grades, each with its field.
pub fn check(rates: &[Rate], grades: &[Grade]) -> Vec<(String, String)> {
    let mut wrong = Vec::new();
    for (name, number) in [("rates", rates.len()), ("grades", grades.len())] {
        if number > MOST {
            wrong.push((name.to_owned(), format!("must be at most {MOST}")));
        }
    }
    for (at, rate) in rates.iter().enumerate() {
        wrong.extend(rate.check().into_iter().map(|(field, what)| (format!("rates[{at}].{field}"), what)));
        if rates.iter().take(at).any(|other| other.code == rate.code) {
            wrong.push((format!("rates[{at}].code"), format!("{} is there twice", rate.code)));
        }
    }
    let sum: f64 = rates.iter().map(|rate| rate.weight).sum();
    if !rates.is_empty() && sum.is_finite() && (sum - 1.0).abs() > ROUNDING {
        wrong.push(("rates".to_owned(), format!("must have weights that add up to 1, not {sum:.4}")));
    }
    for (at, grade) in grades.iter().enumerate() {
        if !is_line(&grade.name, 1, NAME) {
            wrong.push((format!("grades[{at}].name"), format!("must be a line of 1 to {NAME} characters")));
        }
        let falls = grades.iter().take(at).all(|other| other.from > grade.from);
        if !(0.0..=1.0).contains(&grade.from) || !falls {
            wrong.push((
                format!("grades[{at}].from"),
                "must be from 0 to 1 and less than those before it".to_owned(),
            ));
        }
    }
    wrong
}

fn is_line(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.chars().count())
        && huying_words::unfit_line(text).is_none()
        && (least == 0 || !text.trim().is_empty())
}
