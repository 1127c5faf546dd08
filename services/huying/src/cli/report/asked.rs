//! What evaluation is asked for a report: a question for each thing that figures are told by, and for each point of time and each area.

use chrono::{Months, NaiveDate};
use huying_evaluation::domain::figure::{
    has_categories,
    period::{Period, month},
};
use huying_proto::evaluation::v1::{
    CountOverdueRequest, CountOverdueResponse, GetRatesRequest, GetRatesResponse, ListTopicsRequest, RatesBy,
    Topic,
};
use huying_terms::Tier;

use super::{
    clusters::{self, Found},
    told::number,
};
use crate::{
    cli::{page::Most, topic},
    client::Client,
};

/// Months that the rates are told over, up to the end of the period.
const POINTS: u32 = 12;
/// Topics that are looked through for those of the period, the newest first.
const TOPICS: Most = Most { limit: 2_000 };
/// Areas whose categories are told one by one.
const HEATED: usize = 30;

/// The answers.
pub struct Asked {
    pub span: Period,
    pub area: String,
    /// The time of the same length before, and the same days a year ago.
    pub before: Option<(Period, GetRatesResponse)>,
    pub last_year: Option<(Period, GetRatesResponse)>,
    pub units: GetRatesResponse,
    pub areas: GetRatesResponse,
    /// None where cases are counted by no category.
    pub categories: Option<GetRatesResponse>,
    /// Of the whole district alone.
    pub tiers: Option<GetRatesResponse>,
    /// By the first day of each month, the oldest first.
    pub months: Vec<(NaiveDate, GetRatesResponse)>,
    /// By area, the categories of those that most came from; of the whole district alone, since further down cases are counted by none.
    pub heat: Option<Vec<(String, GetRatesResponse)>>,
    /// How old what was overdue at the end is.
    pub overdue: CountOverdueResponse,
    /// Topics of the area. Of a community there are none.
    pub topics: Vec<Topic>,
    /// What no topic is opened about; of the whole district alone.
    pub clusters: Found,
}

/// Asks for all of it.
///
/// # Errors
/// Evaluation's refusal.
pub async fn ask(client: &Client, span: Period, area: &str) -> anyhow::Result<Asked> {
    let district = client.district()?;
    let mut rates = client.rates(&client.reader()?)?;
    let mut get = async |by: RatesBy, span: Period, area: &str| -> anyhow::Result<GetRatesResponse> {
        let request = GetRatesRequest {
            district: district.clone(),
            from_date: span.from.to_string(),
            to_date: span.to.to_string(),
            by: by.into(),
            area: area.to_owned(),
            ..Default::default()
        };
        Ok(rates.get_rates(request).await?.into_inner())
    };
    let units = get(RatesBy::Unit, span, area).await?;
    let areas = get(RatesBy::Area, span, area).await?;
    let mut then = [None, None];
    for (then, earlier) in then.iter_mut().zip([span.before(), span.last_year()]) {
        if let Some(earlier) = earlier {
            *then = Some((earlier, get(RatesBy::Unit, earlier, area).await?));
        }
    }
    let [before, last_year] = then;
    let categories = match has_categories(&district, area) {
        true => Some(get(RatesBy::Category, span, area).await?),
        false => None,
    };
    let is_district = area.is_empty() || area == district;
    let tiers = if is_district { Some(get(RatesBy::Tier, span, area).await?) } else { None };
    let mut months = Vec::new();
    for month in months_of(span) {
        months.push((month.from, get(RatesBy::Unit, month, area).await?));
    }
    let mut heat = is_district.then(Vec::new);
    if let Some(heat) = &mut heat {
        for area in heated(&district, &areas) {
            heat.push((area.to_owned(), get(RatesBy::Category, span, area).await?));
        }
    }
    let (to_date, unit) = (span.to.to_string(), String::new());
    let overdue = CountOverdueRequest { district: district.clone(), area: area.to_owned(), unit, to_date };
    let overdue = client.overdue(&client.reader()?)?.count_overdue(overdue).await?.into_inner();
    let topics =
        if area.len() >= Tier::Community.code_len() { Vec::new() } else { topics(client, area).await? };
    let clusters =
        if is_district { Box::pin(clusters::find(client, span, &topics)).await? } else { Found::default() };
    Ok(Asked {
        span,
        area: area.to_owned(),
        before,
        last_year,
        units,
        areas,
        categories,
        tiers,
        months,
        heat,
        overdue,
        topics,
        clusters,
    })
}

/// Those that most came from, as far as cases are counted by category there.
fn heated<'a>(district: &str, areas: &'a GetRatesResponse) -> Vec<&'a str> {
    let mut areas: Vec<_> = areas.standings.iter().filter(|it| has_categories(district, &it.key)).collect();
    areas.sort_by_key(|it| std::cmp::Reverse(number(it, "opened")));
    areas.into_iter().take(HEATED).map(|it| it.key.as_str()).collect()
}

async fn topics(client: &Client, area: &str) -> anyhow::Result<Vec<Topic>> {
    let (district, area) = (client.district()?, area.to_owned());
    topic::list_of(client, ListTopicsRequest { district, area, ..Default::default() }, TOPICS).await
}

/// The twelve months up to the last day, the oldest first; of the last, its days until then.
fn months_of(span: Period) -> Vec<Period> {
    let last = span.to.pred_opt().unwrap_or(span.to);
    let last = month(last);
    let back = |back| {
        let from = last.checked_sub_months(Months::new(back))?;
        Some(Period { from, to: from.checked_add_months(Months::new(1))?.min(span.to) })
    };
    (0..POINTS).rev().filter_map(back).collect()
}

#[cfg(test)]
mod tests {
    use huying_proto::evaluation::v1::{Count, GetRatesResponse, Standing};

    use super::heated;

    fn areas(told: &[(&str, i64)]) -> GetRatesResponse {
        let standing = |(key, number): &(&str, i64)| Standing {
            key: (*key).to_owned(),
            counts: vec![Count { measure: "opened".to_owned(), number: *number }],
            ..Default::default()
        };
        GetRatesResponse { standings: told.iter().map(standing).collect(), ..Default::default() }
    }

    #[test]
    fn categories_are_asked_of_the_areas_next_below_the_district() {
        let streets = areas(&[("420102003", 2), ("420102004", 5), ("420102005001", 9)]);
        assert_eq!(heated("420102", &streets), ["420102004", "420102003"], "the most first");
        let villages = areas(&[("341802107001", 2), ("341802107002", 5)]);
        assert_eq!(heated("341802107", &villages), ["341802107002", "341802107001"], "of a town");
        assert!(heated("341802", &villages).is_empty());
    }
}
