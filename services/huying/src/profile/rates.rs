//! `rates.toml`: 指标口径, what units are judged by. What of it evaluation cannot use it says when it is asked.

use std::collections::BTreeMap;

use huying_proto::{common::v1 as common, evaluation::v1 as evaluation};
use serde::Deserialize;

use super::{fault::Faults, folder::Folder, toml_file::TomlFile};

const FILE: &str = "rates.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RatesToml {
    rate: Vec<RateToml>,
    grade: Vec<GradeToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RateToml {
    code: String,
    name: String,
    /// How much each count is worth.
    numerator: BTreeMap<String, f64>,
    denominator: BTreeMap<String, f64>,
    #[serde(default)]
    exclusions: String,
    #[serde(default)]
    weight: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GradeToml {
    name: String,
    from: f64,
}

/// What scores are made of, and what they are called.
#[derive(Default)]
pub(super) struct Rates {
    pub(super) rates: Vec<evaluation::RateDefinition>,
    pub(super) grades: Vec<evaluation::Grade>,
}

impl Rates {
    /// Evaluation's part: these, who is called back, and how long that may take by which calendar.
    pub(super) fn evaluation(
        self,
        district: &str,
        calendar: Option<common::Calendar>,
        callback: Option<common::Limit>,
        callbacks: Option<evaluation::CallbackRules>,
    ) -> evaluation::EvaluationProfile {
        let Self { rates, grades } = self;
        let district = district.to_owned();
        evaluation::EvaluationProfile { district, calendar, callback, callbacks, rates, grades }
    }
}

pub(super) fn read(folder: &Folder, faults: &mut Faults) -> Rates {
    let Some(toml) = TomlFile::<RatesToml>::read(folder, FILE, faults) else { return Rates::default() };
    let terms = |sum: BTreeMap<String, f64>| {
        sum.into_iter().map(|(measure, worth)| evaluation::Term { measure, worth }).collect()
    };
    let rate = |it: RateToml| evaluation::RateDefinition {
        code: it.code,
        name: it.name,
        numerator: terms(it.numerator),
        denominator: terms(it.denominator),
        exclusions: it.exclusions,
        weight: it.weight,
    };
    let grade = |it: GradeToml| evaluation::Grade { name: it.name, from: it.from };
    Rates {
        rates: toml.it.rate.into_iter().map(rate).collect(),
        grades: toml.it.grade.into_iter().map(grade).collect(),
    }
}
