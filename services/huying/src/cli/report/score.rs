//! 综合得分: what the rates come to by their weights.

use huying_evaluation::domain::figure::period::Period;
use huying_proto::evaluation::v1::{GetRatesResponse, RateDefinition};
use huying_report::{Better, Definition, Measure, Number, Rate};

use super::asked::Asked;

/// What it is called among the rates: a row has its own under this code.
pub const CODE: &str = "score";

/// None where no rate weighs.
pub fn of(asked: &Asked) -> Option<Rate> {
    let weighing: Vec<&RateDefinition> =
        asked.units.definitions.iter().filter(|it| it.weight > 0.0).collect();
    let parts: Vec<String> = weighing.iter().map(|it| format!("{}×{}", it.name, it.weight)).collect();
    let then = |then: &Option<(Period, GetRatesResponse)>| then.as_ref().and_then(|(_, told)| score(told));
    (!parts.is_empty()).then(|| Rate {
        code: CODE.to_owned(),
        name: "综合得分".to_owned(),
        measure: Measure::Score,
        value: score(&asked.units),
        numerator: None,
        denominator: None,
        before: then(&asked.before),
        last_year: then(&asked.last_year),
        better: Better::Higher,
        definition: Definition {
            numerator: parts.join("＋"),
            denominator: String::new(),
            exclusions: "其中一项没有样本的，不计分、不排名".to_owned(),
        },
    })
}

fn score(told: &GetRatesResponse) -> Option<Number> {
    told.total.as_ref().and_then(|total| total.score).and_then(Number::of)
}
