//! Rates, and how they are made, on the wire.

use huying_chassis::page;
use huying_proto::evaluation::v1 as pb;
use huying_wire::instant;

use crate::domain::figure::{
    By, Measure,
    board::{Board, Compared, Recount, Recounted, Simulated},
    rate::{Grade, Rate, Sum, Told},
    standing::Standing,
};

/// Of an answer with two boards each has so many bytes.
const HALF: usize = page::WHOLE / 2;

/// None: by area.
pub fn by(by: pb::RatesBy) -> Option<By> {
    match by {
        pb::RatesBy::Unspecified | pb::RatesBy::Unit => Some(By::Unit),
        pb::RatesBy::Area => None,
        pb::RatesBy::Category => Some(By::Category),
        pb::RatesBy::Tier => Some(By::Tier),
        pb::RatesBy::Channel => Some(By::Channel),
    }
}

/// In so many bytes at most; where they are too few, those that stand last are left out.
pub fn board(board: Board, most: usize) -> pb::GetRatesResponse {
    let mut standings: Vec<_> = board.standings.into_iter().map(compared).collect();
    standings.truncate(page::fitting(&standings, most));
    pb::GetRatesResponse {
        total: Some(compared(board.total)),
        standings,
        definitions: board.rules.rates.iter().map(definition).collect(),
        counted_time: Some(instant::write(board.counted_at)),
    }
}

fn compared(Compared { now, before, last_year }: Compared) -> pb::Standing {
    let Standing { key, counts, rates, score, grade, rank } = now;
    let value = |then: &Standing, at: usize| then.rates.get(at).and_then(|told| told.value);
    let rates = rates.into_iter().enumerate();
    pb::Standing {
        key,
        counts: counts
            .told()
            .map(|(measure, number)| pb::Count { measure: measure.name().to_owned(), number })
            .collect(),
        rates: rates.map(|(at, told)| rate(told, value(&before, at), value(&last_year, at))).collect(),
        score,
        grade,
        rank: rank.unwrap_or_default(),
    }
}

fn rate(told: Told, before: Option<f64>, last_year: Option<f64>) -> pb::Rate {
    let Told { code, value, numerator, denominator } = told;
    pb::Rate { code, value, numerator, denominator, before, last_year }
}

fn definition(rate: &Rate) -> pb::RateDefinition {
    let terms = |sum: &Sum| {
        let term = |(measure, worth): (&Measure, &f64)| pb::Term {
            measure: measure.name().to_owned(),
            worth: *worth,
        };
        sum.iter().map(term).collect()
    };
    pb::RateDefinition {
        code: rate.code.clone(),
        name: rate.name.clone(),
        numerator: terms(&rate.numerator),
        denominator: terms(&rate.denominator),
        exclusions: rate.exclusions.clone(),
        weight: rate.weight,
    }
}

/// A definition as it was sent; or what nobody counts, by its field.
///
/// # Errors
/// The terms that name nothing that is counted, each by its field.
pub fn read_definition(sent: pb::RateDefinition) -> Result<Rate, Vec<(String, String)>> {
    let mut wrong = Vec::new();
    let mut sum = |field: &str, terms: Vec<pb::Term>| -> Sum {
        let mut sum = Sum::new();
        for (at, pb::Term { measure, worth }) in terms.into_iter().enumerate() {
            match measure.parse::<Measure>() {
                Ok(measure) => drop(sum.insert(measure, worth)),
                Err(_) => {
                    let names: Vec<&str> = Measure::ALL.iter().map(|it| it.name()).collect();
                    wrong.push((
                        format!("{field}[{at}].measure"),
                        format!("must be one of {}", names.join(", ")),
                    ));
                }
            }
        }
        sum
    };
    let (numerator, denominator) = (sum("numerator", sent.numerator), sum("denominator", sent.denominator));
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let pb::RateDefinition { code, name, exclusions, weight, .. } = sent;
    Ok(Rate { code, name, numerator, denominator, exclusions, weight })
}

pub fn read_grade(sent: pb::Grade) -> Grade {
    Grade { name: sent.name, from: sent.from }
}

pub fn simulated(told: Simulated) -> pb::SimulateRatesResponse {
    match told {
        Simulated::LookedAt(looked_at) => pb::SimulateRatesResponse { looked_at, ..Default::default() },
        Simulated::Done { looked_at, now, would_be } => {
            let (now, would_be) = (Some(board(*now, HALF)), Some(board(*would_be, HALF)));
            pb::SimulateRatesResponse { looked_at, done: true, now, would_be }
        }
    }
}

pub fn recount(told: Recount) -> pb::RecountResponse {
    match told {
        Recount::LookedAt(looked_at) => pb::RecountResponse { looked_at, ..Default::default() },
        Recount::Done(Recounted { looked_at, figures, different, differences }) => {
            pb::RecountResponse { looked_at, done: true, figures, different, differences }
        }
    }
}
