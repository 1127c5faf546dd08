//! `huying evaluation simulate`: what every unit's figures would have been by another rule book.

use std::path::Path;

use chrono::{Datelike as _, Months, NaiveDate};
use huying_casework::domain::policies::Policies;
use huying_chassis::clock::system_now;
use huying_evaluation::domain::figure::period::Period;
use huying_proto::{
    casework::v1::DeclineGround,
    evaluation::v1::{
        GetRatesResponse, GroundsOnTrial, RateDefinition, SimulateRatesRequest, SimulateRatesResponse,
        Standing,
    },
};

use super::{progress, times};
use crate::cli::{
    Session,
    names::Names,
    page::head,
    rates::{by_rank, in_words, percent},
};
use crate::client::{Client, Who};
use crate::profile::Profile;

/// A unit, as it stands and as it would have stood.
#[derive(serde::Serialize)]
struct Row<'a> {
    unit: &'a str,
    now: Option<&'a Standing>,
    would_be: Option<&'a Standing>,
}

pub(super) async fn run(session: &Session, folder: &Path, period: Option<Period>) -> anyhow::Result<()> {
    let client = session.client()?;
    let profile = Profile::load(folder)?;
    let today: NaiveDate = client.local(system_now(), "%Y-%m-%d").parse()?;
    let period = period.unwrap_or_else(|| last_quarter(today));
    let request = asking(&client, profile, period).await?;
    let mut answers = client.rates(&Who::Operator)?.simulate_rates(request).await?.into_inner();
    let bar = progress();
    let mut last = SimulateRatesResponse::default();
    while let Some(answer) = answers.message().await? {
        bar.set_position(u64::try_from(answer.looked_at).unwrap_or_default());
        last = answer;
    }
    bar.finish_and_clear();
    let (now, would_be) = (last.now.unwrap_or_default(), last.would_be.unwrap_or_default());
    let mut names = Names::new(&client)?;
    if !session.out.is_json() {
        names.learn_units(now.standings.iter().chain(&would_be.standings).map(|it| &it.key)).await?;
    }
    let Period { from, to } = period;
    head(session, &client, &format!("试行 {} {from} – {}", folder.display(), to.pred_opt().unwrap_or(to)))?;
    told(session, (&now, &would_be), &names)
}

/// All of the folder that evaluation can try.
async fn asking(
    client: &Client,
    profile: Profile,
    Period { from, to }: Period,
) -> anyhow::Result<SimulateRatesRequest> {
    let (routing, evaluation) = (profile.routing, profile.evaluation);
    let codes = grounds(profile.casework.decline_grounds);
    Ok(SimulateRatesRequest {
        district: client.district()?,
        from_date: from.to_string(),
        to_date: to.to_string(),
        rates: evaluation.rates,
        grades: evaluation.grades,
        limits: times::on_trial(client, routing.categories, routing.defaults).await?,
        calendar: evaluation.calendar,
        grounds: Some(GroundsOnTrial { codes }),
        callback: evaluation.callback,
    })
}

/// A place that lists none has the usual ones.
fn grounds(listed: Vec<DeclineGround>) -> Vec<String> {
    if listed.is_empty() {
        return Policies::default().decline_grounds.into_iter().map(|it| it.code).collect();
    }
    listed.into_iter().map(|it| it.code).collect()
}

/// A unit a line, and how those rates are made that are made otherwise.
fn told(
    session: &Session,
    (now, would_be): (&GetRatesResponse, &GetRatesResponse),
    names: &Names,
) -> anyhow::Result<()> {
    let rows = beside(now, would_be);
    let shown = shown(now, would_be, &rows);
    let header: Vec<&str> = ["unit", "rank", "score", "grade"]
        .into_iter()
        .chain(shown.iter().map(|it| it.name.as_str()))
        .collect();
    session.out.list(&header, &rows, |row| {
        let name = if row.unit.is_empty() { "全部".to_owned() } else { names.beside(row.unit) };
        let rates = shown.iter().map(|it| row.change(|standing| percent(value(standing, &it.code))));
        let rank = row.change(|it| it.map_or_else(String::new, by_rank));
        let score = row.change(|it| percent(it.and_then(|it| it.score)));
        let grade = row.change(|it| it.map_or_else(String::new, |it| it.grade.clone()));
        [name, rank, score, grade].into_iter().chain(rates).collect()
    })?;
    if session.out.is_json() {
        return Ok(());
    }
    let other = would_be.definitions.iter().filter(|it| !now.definitions.contains(it));
    other.map(in_words).try_for_each(|line| session.out.text(&line))
}

impl Row<'_> {
    /// As it is and as it would have been; once where both are the same.
    fn change(&self, text: impl Fn(Option<&Standing>) -> String) -> String {
        let (now, then) = (text(self.now), text(self.would_be));
        let dash = |text: String| if text.is_empty() { "–".to_owned() } else { text };
        if now == then { now } else { format!("{} → {}", dash(now), dash(then)) }
    }
}

/// All units of which anything was counted, as they would have stood.
fn beside<'a>(now: &'a GetRatesResponse, would_be: &'a GetRatesResponse) -> Vec<Row<'a>> {
    let all = |it: &'a GetRatesResponse| it.total.iter().chain(&it.standings);
    let held = |key: &str| all(now).find(|it| it.key == key);
    let tried = all(would_be).map(|it| Row { unit: &it.key, now: held(&it.key), would_be: Some(it) });
    let gone = all(now).filter(|it| all(would_be).all(|other| other.key != it.key));
    tried.chain(gone.map(|it| Row { unit: &it.key, now: Some(it), would_be: None })).collect()
}

/// The rates that weigh, before or then, and those that differ for anybody.
fn shown<'a>(
    now: &'a GetRatesResponse,
    would_be: &'a GetRatesResponse,
    rows: &[Row],
) -> Vec<&'a RateDefinition> {
    let gone = |it: &&RateDefinition| would_be.definitions.iter().all(|other| other.code != it.code);
    let all = would_be.definitions.iter().chain(now.definitions.iter().filter(gone));
    let weighed = |it: &RateDefinition| {
        let both = now.definitions.iter().chain(&would_be.definitions);
        both.filter(|other| other.code == it.code).any(|other| other.weight > 0.0)
    };
    let differs = |it: &RateDefinition| {
        rows.iter().any(|row| value(row.now, &it.code) != value(row.would_be, &it.code))
    };
    all.filter(|it| weighed(it) || differs(it)).collect()
}

fn value(standing: Option<&Standing>, code: &str) -> Option<f64> {
    standing?.rates.iter().find(|rate| rate.code == code)?.value
}

/// The last one that is over.
fn last_quarter(today: NaiveDate) -> Period {
    let to = NaiveDate::from_ymd_opt(today.year(), today.month0() / 3 * 3 + 1, 1).unwrap_or(today);
    Period { from: to.checked_sub_months(Months::new(3)).unwrap_or(to), to }
}

/// A quarter, `2026-Q3`, a month or a year.
pub(super) fn period(text: &str) -> Result<Period, String> {
    let Some((year, quarter)) = text.split_once("-Q") else { return crate::cli::report::period(text) };
    let first = quarter
        .parse::<u32>()
        .ok()
        .filter(|quarter| (1..=4).contains(quarter))
        .filter(|_| quarter.len() == 1);
    let first = first.zip(year.parse().ok().filter(|_| year.len() == 4));
    let from = first.and_then(|(quarter, year)| NaiveDate::from_ymd_opt(year, quarter * 3 - 2, 1));
    let span = from.and_then(|from| Some(Period { from, to: from.checked_add_months(Months::new(3))? }));
    span.ok_or_else(|| format!("'{text}' is no quarter: write one such as 2026-Q3"))
}

#[cfg(test)]
mod tests {
    use huying_proto::evaluation::v1::Rate;

    use super::*;

    #[test]
    fn the_last_quarter_is_the_one_that_is_over() {
        for (of, quarter) in [
            ("2026-01-01", "2025-Q4"),
            ("2026-03-31", "2025-Q4"),
            ("2026-11-28", "2026-Q3"),
            ("2026-04-01", "2026-Q1"),
        ] {
            assert_eq!(Ok(last_quarter(of.parse().unwrap())), period(quarter), "{of}");
        }
        assert_eq!(period("2026-07").unwrap().to, period("2026-Q3").unwrap().from + chrono::Days::new(31));
        for wrong in ["2026-Q0", "2026-Q5", "2026-Q03", "26-Q1", "2026-q3", "2026-Q", "-Q1"] {
            assert!(period(wrong).is_err(), "{wrong}");
        }
    }

    fn standing(key: &str, rates: &[(&str, Option<f64>)]) -> Standing {
        let rate = |(code, value): &(&str, Option<f64>)| Rate {
            code: (*code).into(),
            value: *value,
            ..Default::default()
        };
        Standing { key: key.into(), rates: rates.iter().map(rate).collect(), ..Default::default() }
    }

    fn board(definitions: &[(&str, f64)], standings: Vec<Standing>) -> GetRatesResponse {
        let definition = |(code, weight): &(&str, f64)| RateDefinition {
            code: (*code).into(),
            weight: *weight,
            ..Default::default()
        };
        let definitions = definitions.iter().map(definition).collect();
        GetRatesResponse { total: Some(Standing::default()), standings, definitions, ..Default::default() }
    }

    #[test]
    fn a_unit_that_is_in_one_of_both_is_told() {
        let of = |keys: &[&str]| board(&[], keys.iter().map(|key| standing(key, &[])).collect());
        let (now, would_be) = (of(&["a", "b"]), of(&["b", "c"]));
        let told = beside(&now, &would_be);
        let told: Vec<_> = told.iter().map(|it| (it.unit, it.now.is_some(), it.would_be.is_some())).collect();
        assert_eq!(told, [("", true, true), ("b", true, true), ("c", false, true), ("a", true, false)]);
    }

    #[test]
    fn rates_that_weigh_or_differ_are_shown() {
        let all = |gone: Option<f64>, same, other| {
            vec![standing("a", &[("gone", gone), ("weighed", same), ("same", same), ("other", other)])]
        };
        let now = board(
            &[("gone", 0.5), ("weighed", 0.0), ("same", 0.0), ("other", 0.0)],
            all(Some(0.1), Some(0.5), Some(0.5)),
        );
        let would_be = board(&[("weighed", 1.0), ("same", 0.0), ("other", 0.0)], all(None, Some(0.5), None));
        let rows = beside(&now, &would_be);
        let codes: Vec<_> = shown(&now, &would_be, &rows).into_iter().map(|it| it.code.as_str()).collect();
        assert_eq!(codes, ["weighed", "other", "gone"]);
        let row = &rows[1];
        let text = |code: &str| row.change(|standing| percent(value(standing, code)));
        assert_eq!(["same", "other", "gone"].map(text), ["50.0 %", "50.0 % → –", "10.0 % → –"]);
    }

    #[test]
    fn a_place_that_lists_no_grounds_is_tried_with_the_usual_ones() {
        assert_eq!(grounds(Vec::new()).len(), 6);
        let own = DeclineGround { code: "repeat".into(), name: String::new() };
        assert_eq!(grounds(vec![own]), ["repeat"]);
    }
}
