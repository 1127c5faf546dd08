//! What came to each tier, and where it was settled.

use huying_evaluation::domain::figure::Measure;
use huying_proto::evaluation::v1::{GetRatesResponse, Standing};
use huying_report::{Number, Tier};

use super::told::number;

/// From the lowest up.
pub fn of(told: &GetRatesResponse) -> Vec<Tier> {
    let tier = |tier: huying_terms::Tier| {
        let standing = told.standings.iter().find(|it| it.key == tier.as_str()).cloned().unwrap_or_default();
        Tier {
            code: tier.as_str().to_owned(),
            name: tier.chinese().to_owned(),
            received: Measure::IN_HAND.iter().map(|it| number(&standing, it.name())).sum(),
            open: number(&standing, "open"),
            settled: number(&standing, "settled"),
            own: number(&standing, "self_settled"),
            own_rate: own_rate(&standing),
        }
    };
    huying_terms::Tier::ALL.into_iter().map(tier).collect()
}

/// By the district's own definition, where it has one.
fn own_rate(standing: &Standing) -> Option<Number> {
    let rate = standing.rates.iter().find(|it| it.code == "self_settled")?;
    rate.value.and_then(Number::of)
}

#[cfg(test)]
mod tests {
    use huying_proto::evaluation::v1::{Count, GetRatesResponse, Rate, Standing};

    use super::of;

    #[test]
    fn what_came_to_a_tier_is_settled_open_or_gone_on() {
        let counts = [
            ("settled", 5),
            ("self_settled", 3),
            ("open", 2),
            ("handed_on", 4),
            ("escalated", 3),
            ("returned", 1),
            ("withdrawn", 2),
        ];
        let counts = counts.map(|(measure, number)| Count { measure: measure.to_owned(), number });
        let rate = Rate { code: "self_settled".to_owned(), value: Some(0.6), ..Default::default() };
        let grid = Standing {
            key: "grid".to_owned(),
            counts: counts.into(),
            rates: vec![rate],
            ..Default::default()
        };
        let tiers = of(&GetRatesResponse { standings: vec![grid], ..Default::default() });
        let told = |at: usize| (tiers[at].received, tiers[at].settled, tiers[at].own, tiers[at].open);
        assert_eq!((told(0), told(1)), ((13, 5, 3, 2), (0, 0, 0, 0)));
        let own: Vec<_> = tiers.iter().map(|it| it.own_rate.map(f64::from)).collect();
        assert_eq!(own, [Some(0.6), None, None, None], "by the district's own definition, or not at all");
    }
}
