//! `huying rates`: 指标, the rates of a period by unit, area, category, tier or channel.

use chrono::{Days, NaiveDate};
use clap::{Args, ValueEnum};
use huying_chassis::clock::system_now;
use huying_proto::evaluation::v1::{self as pb, GetRatesRequest, RatesBy};
use huying_wire::instant;

use super::Session;
use super::names::Names;
use super::page::head;

/// Days that are told of if nobody says which.
const USUAL: Days = Days::new(29);

/// Rates (三率 and more) by unit, area, category, tier or channel, with score, grade and rank
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying rates
  huying rates --from 2026-11-01 --to 2026-12-01
  huying rates --by area --all
  huying rates --area 420102003 --by category
  huying rates --by channel
  huying rates --unit S-420102003 -o json")]
pub struct Rates {
    /// The first day, as the district has it; 29 days ago if not given
    #[arg(long, value_name = "DAY")]
    from: Option<NaiveDate>,
    /// The day after the last; tomorrow if not given
    #[arg(long, value_name = "DAY")]
    to: Option<NaiveDate>,
    /// Only this street or community
    #[arg(long, value_name = "CODE", default_value = "")]
    area: String,
    /// What they are told by
    #[arg(long, value_enum, default_value_t = By::Unit)]
    by: By,
    /// Only this unit
    #[arg(long, value_name = "CODE", default_value = "")]
    unit: String,
    /// Every rate, not only those that make the score; and how each is made
    #[arg(long)]
    all: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    Unit,
    Area,
    Category,
    Tier,
    Channel,
}

impl Rates {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let today: NaiveDate = client.local(system_now(), "%Y-%m-%d").parse()?;
        let to = self.to.or_else(|| today.succ_opt()).unwrap_or(today);
        let from = self.from.or_else(|| today.checked_sub_days(USUAL)).unwrap_or(today);
        let by = match self.by {
            By::Unit => RatesBy::Unit,
            By::Area => RatesBy::Area,
            By::Category => RatesBy::Category,
            By::Tier => RatesBy::Tier,
            By::Channel => RatesBy::Channel,
        };
        let request = GetRatesRequest {
            district: client.district()?,
            unit: self.unit,
            from_date: from.to_string(),
            to_date: to.to_string(),
            by: by.into(),
            area: self.area,
        };
        let told = client.rates(&client.reader()?)?.get_rates(request).await?.into_inner();
        if session.out.is_json() {
            return session.out.one(&told, |_| Vec::new());
        }
        let mut names = Names::new(&client)?;
        if matches!(self.by, By::Unit) {
            names.learn_units(told.standings.iter().map(|it| &it.key)).await?;
        }
        let last = to.pred_opt().unwrap_or(to);
        let counted = told.counted_time.as_ref().and_then(instant::read);
        let counted = counted
            .map_or_else(String::new, |at| format!("，统计到 {}", client.local(at, "%Y-%m-%d %H:%M:%S")));
        head(session, &client, &format!("rates 指标 {from} – {last}{counted}"))?;
        let shown: Vec<usize> =
            (0..told.definitions.len()).filter(|at| self.all || told.definitions[*at].weight > 0.0).collect();
        let rates = shown.iter().filter_map(|at| told.definitions.get(*at));
        let header: Vec<&str> =
            ["rank", "", "score", "grade"].into_iter().chain(rates.map(|it| it.name.as_str())).collect();
        let rows: Vec<pb::Standing> = told.total.into_iter().chain(told.standings).collect();
        session.out.list(&header, &rows, |it| {
            let rank = by_rank(it);
            let name = if it.key.is_empty() { "全部".to_owned() } else { names.beside(&it.key) };
            let rates = shown.iter().filter_map(|at| it.rates.get(*at)).map(beside_before);
            [rank, name, percent(it.score), it.grade.clone()].into_iter().chain(rates).collect()
        })?;
        let definitions = told.definitions.iter().filter(|_| self.all).map(in_words);
        definitions.into_iter().try_for_each(|line| session.out.text(&line))
    }
}

/// Nothing without a rank.
pub(super) fn by_rank(it: &pb::Standing) -> String {
    if it.rank == 0 { String::new() } else { it.rank.to_string() }
}

/// A dash where there is nothing to divide by.
pub(super) fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{:.1} %", value * 100.0))
}

/// A rate, and how many points more or less than in the time before.
fn beside_before(rate: &pb::Rate) -> String {
    let change = rate.value.zip(rate.before).map(|(now, before)| (now - before) * 100.0);
    match change {
        Some(points) if points.abs() >= 0.05 => format!("{} ({points:+.1})", percent(rate.value)),
        Some(_) | None => percent(rate.value),
    }
}

/// How a rate is made.
pub(super) fn in_words(it: &pb::RateDefinition) -> String {
    let left_out = if it.exclusions.is_empty() { String::new() } else { format!("；{}", it.exclusions) };
    format!("{} = ({}) / ({}){left_out}", it.name, sum(&it.numerator), sum(&it.denominator))
}

/// A sum in words: `very_satisfied + satisfied + 0.9 × basically`.
fn sum(terms: &[pb::Term]) -> String {
    let term = |it: &pb::Term| match it.worth {
        1.0 => it.measure.clone(),
        worth => format!("{worth} × {}", it.measure),
    };
    terms.iter().map(term).collect::<Vec<_>>().join(" + ")
}
