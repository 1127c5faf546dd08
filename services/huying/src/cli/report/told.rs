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
    Better, Cell, Count, Definition, Line, Measure, Named, Number, Rate, Report, Row, Series, Step, Unit,
};
use huying_wire::instant;

use super::{ages, asked::Asked, issues, score, tiers, words};
use crate::{cli::names::Names, client::Client};

/// What is told of how many: its code and name, which way is better, and what counts.
const COUNTS: [(&str, &str, Better, &str); 8] = [
    ("opened", "受理", Better::Neither, "期内立案的件数，按立案当日计"),
    ("settled", "办结", Better::Neither, "期内销号的件数；销号后又重办的从当日减去"),
    ("open", "在办", Better::Neither, "期末仍在办的件数"),
    ("overdue_open", "逾期未结", Better::Lower, "期末超过办理时限仍未办结的件数；期末是今天的，算到此刻"),
    ("reopened", "重办", Better::Lower, "期内答复办结、后来又退回重办的次数，记在原办结单位、办结当日"),
    ("returned", "退件", Better::Lower, "期内承办单位认为不属本单位而退回的次数"),
    (
        "climbed",
        "超时自动上升",
        Better::Lower,
        "期内到签收时限无人签收、自动上升一级的次数，记在未签收的单位",
    ),
    ("escalated", "上报", Better::Neither, "期内承办单位上报上一级的次数，超时未签收自动上升的不计"),
];
/// The same of what no rate counts.
const LEFT_OUT: [(&str, &str, Better, &str); 4] = [
    ("withdrawn", "撤回", Better::Neither, "期内诉求人撤回的件数，不计入各率"),
    ("declined", "不予受理", Better::Neither, "期内按公布的理由、经批准不予受理的件数，不计入各率"),
    ("merged", "并案", Better::Neither, "期内并入另一件办理的件数，只计并入的那一件"),
    ("excluded", "申诉剔除", Better::Neither, "期内因申诉成立而不计入各率的回访"),
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
    names.learn_areas(asked.clusters.issues.iter().map(|it| &it.place).filter(|it| is_code(it))).await?;
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
        counts: counts(&total, (then(&asked.before), then(&asked.last_year))),
        rates: rates(&total, &asked),
        grade: total.grade.clone(),
        series: series(&asked.months, &asked.units.definitions),
        tiers: asked.tiers.as_ref().map(tiers::of),
        units: asked.units.standings.iter().map(|it| unit(it, names.of(&it.key))).collect(),
        areas: asked.areas.standings.iter().map(|it| row(it, names.of(&it.key))).collect(),
        categories: asked
            .categories
            .iter()
            .flat_map(|it| &it.standings)
            .map(|it| row(it, called(&categories, &it.key)))
            .collect(),
        heat: asked.heat.as_ref().map(|of| of.iter().flat_map(|(area, told)| heat(area, told)).collect()),
        ages: ages::of(&asked.overdue),
        issues: issues::of(client, &asked, &names),
        notes: ages::note(client, &asked.overdue).into_iter().chain(asked.clusters.notes).collect(),
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

/// An area's code rather than the name of a place.
fn is_code(place: &str) -> bool {
    place.len() >= 6 && place.bytes().all(|it| it.is_ascii_digit())
}

/// How many of one thing there were.
pub fn number(standing: &Standing, measure: &str) -> u64 {
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

fn counts(total: &Standing, (before, last_year): (Option<&Standing>, Option<&Standing>)) -> Vec<Count> {
    let count = |left_out, (code, name, better, definition): &(&str, &str, Better, &str)| Count {
        code: (*code).to_owned(),
        name: (*name).to_owned(),
        unit: "件".to_owned(),
        value: number(total, code),
        before: before.map(|then| number(then, code)),
        last_year: last_year.map(|then| number(then, code)),
        better: *better,
        left_out,
        definition: (*definition).to_owned(),
    };
    let told = COUNTS.iter().map(|it| count(false, it));
    told.chain(LEFT_OUT.iter().map(|it| count(true, it))).collect()
}

/// The rates, with the score behind the three.
fn rates(total: &Standing, asked: &Asked) -> Vec<Rate> {
    let rates = asked.units.definitions.iter().zip(&total.rates).map(|(definition, rate)| Rate {
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
            numerator: words::sum(&definition.numerator),
            denominator: words::sum(&definition.denominator),
            exclusions: definition.exclusions.clone(),
        },
    });
    let mut rates: Vec<Rate> = rates.collect();
    let behind = rates.len().min(3);
    rates.splice(behind..behind, score::of(asked));
    rates
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

/// Of what is not told there was none.
fn row(standing: &Standing, name: &str) -> Row {
    let counts =
        COUNTS.iter().chain(&LEFT_OUT).map(|(code, ..)| ((*code).to_owned(), number(standing, code)));
    let rates = standing.rates.iter();
    let rates = rates.filter_map(|it| Some((it.code.clone(), it.value.and_then(Number::of)?)));
    let score = standing.score.and_then(Number::of).map(|score| (score::CODE.to_owned(), score));
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
