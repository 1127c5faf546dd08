//! Evaluation's answers as a report, with the names that routing has for units, areas and categories.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate};
use huying_chassis::clock::system_now;
use huying_evaluation::domain::figure::period::Period;
use huying_proto::{
    evaluation::v1::{GetRatesResponse, RateDefinition, Standing},
    routing::v1::ListCategoriesRequest,
};
use huying_report::{
    Better, Cell, Count, Definition, Line, Measure, Named, Number, Rate, Report, Row, Series, Step, Tier,
    Unit,
};
use huying_wire::instant;

use super::{asked::Asked, issues};
use crate::{
    cli::{names::Names, rates::sum},
    client::Client,
};

/// What is told of how many, with what it is called, which way is better and what counts.
const COUNTS: [(&str, &str, Better, &str); 9] = [
    ("opened", "受理", Better::Neither, "期内立案的件数，按立案当日计"),
    ("settled", "办结", Better::Neither, "期内销号的件数；销号后又重办的从当日减去"),
    ("open", "在办", Better::Neither, "期末仍在办的件数"),
    ("overdue_open", "超期未办结", Better::Lower, "期末超过办理时限仍未办结的件数"),
    ("reopened", "重办", Better::Lower, "期内退回重办的次数，记在原办结单位"),
    ("returned", "退件", Better::Lower, "期内承办单位认为不属本单位而退回的次数"),
    ("escalated", "上报", Better::Neither, "期内上报上一级的次数"),
    ("withdrawn", "撤回", Better::Neither, "期内诉求人撤回的件数，不计入各率"),
    ("declined", "不予受理", Better::Neither, "期内按公布的理由不予受理的件数，不计入各率"),
];
/// Rates of which less is better.
const LESS: [&str; 5] = ["rework", "return", "declined", "withdrawn", "excluded"];
/// Categories asked for at a time.
const LARGEST: i32 = 200;

/// # Errors
/// Routing's refusal.
pub async fn report(client: &Client, asked: Asked) -> anyhow::Result<Report> {
    let district = client.district()?;
    let area = if asked.area.is_empty() { district.clone() } else { asked.area.clone() };
    let mut names = Names::new(client)?;
    names.learn_units(asked.units.standings.iter().map(|it| &it.key)).await?;
    names.learn_areas(asked.areas.standings.iter().map(|it| &it.key).chain([&district, &area])).await?;
    names.learn_units(asked.topics.iter().map(|it| &it.owner)).await?;
    names.learn_areas(asked.topics.iter().map(|it| &it.area)).await?;
    let categories = category_names(client, &district).await?;
    let named = |code: &str| Named { code: code.to_owned(), name: names.of(code).to_owned() };
    let total = asked.units.total.clone().unwrap_or_default();
    let counted = asked.units.counted_time.as_ref().and_then(instant::read).unwrap_or_else(system_now);
    Ok(Report {
        title: "民呼我应 指标报告".to_owned(),
        district: named(&district),
        area: named(&area),
        period: days(asked.span),
        before: asked.before.as_ref().map(|(span, _)| days(*span)),
        last_year: asked.last_year.as_ref().map(|(span, _)| days(*span)),
        as_of: client.local(counted, "%Y-%m-%dT%H:%M:%S%:z").parse::<DateTime<FixedOffset>>()?,
        counts: COUNTS
            .iter()
            .map(|it| count(&total, (then(&asked.before), then(&asked.last_year)), it))
            .collect(),
        rates: rates(&total, &asked.units.definitions),
        series: series(&asked.months, &asked.units.definitions),
        tiers: asked.tiers.as_ref().map(tiers).unwrap_or_default(),
        units: asked.units.standings.iter().map(|it| unit(it, names.of(&it.key))).collect(),
        areas: asked.areas.standings.iter().map(|it| row(it, names.of(&it.key))).collect(),
        categories: asked
            .categories
            .iter()
            .flat_map(|it| &it.standings)
            .map(|it| row(it, called(&categories, &it.key)))
            .collect(),
        heat: asked.heat.iter().flat_map(|(area, told)| heat(area, told)).collect(),
        ages: Vec::new(),
        issues: issues::of(client, asked.span, &asked.topics, &names),
        notes: Vec::new(),
    })
}

async fn category_names(client: &Client, district: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let mut directory = client.directory(&client.reader()?)?;
    let (mut names, mut page_token) = (BTreeMap::new(), String::new());
    loop {
        let request = ListCategoriesRequest {
            district: district.to_owned(),
            page_size: LARGEST,
            page_token,
            ..Default::default()
        };
        let page = directory.list_categories(request).await?.into_inner();
        names.extend(page.categories.into_iter().map(|it| (it.code, it.name)));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(names);
        }
    }
}

fn called<'a>(names: &'a BTreeMap<String, String>, code: &str) -> &'a str {
    names.get(code).map_or("", String::as_str)
}

fn number(standing: &Standing, measure: &str) -> u64 {
    let found = standing.counts.iter().find(|it| it.measure == measure);
    found.and_then(|it| u64::try_from(it.number).ok()).unwrap_or_default()
}

/// The last day is in it.
fn days(span: Period) -> huying_report::Period {
    huying_report::Period { from: span.from, to: span.to.pred_opt().unwrap_or(span.to) }
}

/// What there was in another time; none where nothing was counted then.
fn then(answer: &Option<(Period, GetRatesResponse)>) -> Option<&Standing> {
    let total = answer.as_ref().and_then(|(_, told)| told.total.as_ref());
    total.filter(|total| !total.counts.is_empty())
}

fn count(
    total: &Standing,
    (before, last_year): (Option<&Standing>, Option<&Standing>),
    (code, name, better, definition): &(&str, &str, Better, &str),
) -> Count {
    Count {
        code: (*code).to_owned(),
        name: (*name).to_owned(),
        unit: "件".to_owned(),
        value: number(total, code),
        before: before.map(|then| number(then, code)),
        last_year: last_year.map(|then| number(then, code)),
        better: *better,
        definition: (*definition).to_owned(),
    }
}

fn rates(total: &Standing, definitions: &[RateDefinition]) -> Vec<Rate> {
    let rates = definitions.iter().zip(&total.rates).map(|(definition, rate)| Rate {
        code: rate.code.clone(),
        name: definition.name.clone(),
        measure: Measure::Share,
        value: rate.value.and_then(Number::of),
        numerator: Number::of(rate.numerator),
        denominator: Number::of(rate.denominator),
        before: rate.before.and_then(Number::of),
        last_year: rate.last_year.and_then(Number::of),
        better: if LESS.contains(&rate.code.as_str()) { Better::Lower } else { Better::Higher },
        definition: Definition {
            numerator: sum(&definition.numerator),
            denominator: sum(&definition.denominator),
            exclusions: definition.exclusions.clone(),
        },
    });
    rates.collect()
}

/// Those that make the score, month by month.
fn series(months: &[(NaiveDate, GetRatesResponse)], definitions: &[RateDefinition]) -> Series {
    let weighing = definitions.iter().enumerate().filter(|(_, it)| it.weight > 0.0);
    let value =
        |told: &GetRatesResponse, at: usize| told.total.as_ref()?.rates.get(at)?.value.and_then(Number::of);
    Series {
        step: Step::Month,
        starts: months.iter().map(|(first, _)| *first).collect(),
        lines: weighing
            .map(|(at, definition)| Line {
                rate: definition.code.clone(),
                values: months.iter().map(|(_, told)| value(told, at)).collect(),
            })
            .collect(),
    }
}

/// What came to each tier: what was settled there, and what it sent up.
fn tiers(told: &GetRatesResponse) -> Vec<Tier> {
    let tier = |tier: huying_terms::Tier| {
        let standing = told.standings.iter().find(|it| it.key == tier.as_str()).cloned().unwrap_or_default();
        let [settled, own, up] = ["settled", "self_settled", "escalated"].map(|it| number(&standing, it));
        let received = settled + up;
        Tier {
            code: tier.as_str().to_owned(),
            name: tier.chinese().to_owned(),
            received,
            settled,
            own,
            own_rate: (received > 0).then(|| own as f64 / received as f64).and_then(Number::of),
        }
    };
    huying_terms::Tier::ALL.into_iter().map(tier).collect()
}

fn row(standing: &Standing, name: &str) -> Row {
    let counts = standing.counts.iter();
    let counts = counts.filter_map(|it| Some((it.measure.clone(), u64::try_from(it.number).ok()?)));
    let rates = standing.rates.iter();
    let rates = rates.filter_map(|it| Some((it.code.clone(), it.value.and_then(Number::of)?)));
    let score = standing.score.and_then(Number::of).map(|score| ("score".to_owned(), score));
    Row {
        code: standing.key.clone(),
        name: name.to_owned(),
        counts: counts.collect(),
        rates: rates.chain(score).collect(),
    }
}

fn unit(standing: &Standing, name: &str) -> Unit {
    Unit {
        row: row(standing, name),
        kind: String::new(),
        rank: (standing.rank > 0).then_some(standing.rank),
        grade: standing.grade.clone(),
    }
}

fn heat(area: &str, told: &GetRatesResponse) -> Vec<Cell> {
    let cells = told.standings.iter().map(|it| Cell {
        area: area.to_owned(),
        category: it.key.clone(),
        count: number(it, "opened"),
    });
    cells.filter(|cell| cell.count > 0).collect()
}
