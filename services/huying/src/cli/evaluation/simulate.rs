//! `huying evaluation simulate`: what every unit's figures would have been by another rule book.

use std::path::Path;

use chrono::{Datelike as _, Months, NaiveDate};
use huying_chassis::clock::system_now;
use huying_proto::evaluation::v1::{
    GetRatesResponse, ResolveLimit, SimulateRatesRequest, SimulateRatesResponse, Standing,
};

use super::progress;
use crate::cli::{
    Session,
    names::Names,
    page::head,
    rates::{by_rank, percent},
};
use crate::client::Who;
use crate::profile::Profile;

/// A unit, as it stands and as it would have stood.
#[derive(serde::Serialize)]
struct Row<'a> {
    unit: &'a str,
    now: Option<&'a Standing>,
    would_be: Option<&'a Standing>,
}

pub(super) async fn run(
    session: &Session,
    folder: &Path,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
) -> anyhow::Result<()> {
    let client = session.client()?;
    let profile = Profile::load(folder)?;
    let today: NaiveDate = client.local(system_now(), "%Y-%m-%d").parse()?;
    let this = quarter(today);
    let to = to.unwrap_or(this);
    let from = from.unwrap_or_else(|| this.checked_sub_months(Months::new(3)).unwrap_or(this));
    let categories = profile.routing.categories.iter();
    let limits = categories.filter_map(|it| {
        it.resolve.map(|limit| ResolveLimit { category: it.code.clone(), limit: Some(limit) })
    });
    let request = SimulateRatesRequest {
        district: client.district()?,
        from_date: from.to_string(),
        to_date: to.to_string(),
        rates: profile.evaluation.rates.clone(),
        grades: profile.evaluation.grades.clone(),
        limits: limits.collect(),
    };
    let mut answers = client.rates(&Who::Operator)?.simulate_rates(request).await?.into_inner();
    let bar = progress();
    let mut last = SimulateRatesResponse::default();
    while let Some(answer) = answers.message().await? {
        bar.set_position(u64::try_from(answer.looked_at).unwrap_or_default());
        last = answer;
    }
    bar.finish_and_clear();
    let (now, would_be) = (last.now.unwrap_or_default(), last.would_be.unwrap_or_default());
    let rows = beside(&now, &would_be);
    let mut names = Names::new(&client)?;
    names.learn_units(now.standings.iter().chain(&would_be.standings).map(|it| &it.key)).await?;
    head(session, &client, &format!("试行 {} {from} – {}", folder.display(), to.pred_opt().unwrap_or(to)))?;
    session.out.list(&["unit", "score", "would be", "rank", "would be", "grade", "would be"], &rows, |it| {
        let name = if it.unit.is_empty() { "全部".to_owned() } else { names.beside(it.unit) };
        let score = |it: Option<&Standing>| percent(it.and_then(|it| it.score));
        let rank = |it: Option<&Standing>| it.map_or_else(String::new, by_rank);
        let grade = |it: Option<&Standing>| it.map_or_else(String::new, |it| it.grade.clone());
        let [now, then] = [it.now, it.would_be];
        vec![name, score(now), score(then), rank(now), rank(then), grade(now), grade(then)]
    })
}

/// All units of which anything was counted, as they would have stood.
fn beside<'a>(now: &'a GetRatesResponse, would_be: &'a GetRatesResponse) -> Vec<Row<'a>> {
    let all = |it: &'a GetRatesResponse| it.total.iter().chain(&it.standings);
    let held = |key: &str| all(now).find(|it| it.key == key);
    let tried = all(would_be).map(|it| Row { unit: &it.key, now: held(&it.key), would_be: Some(it) });
    let gone = all(now).filter(|it| all(would_be).all(|other| other.key != it.key));
    tried.chain(gone.map(|it| Row { unit: &it.key, now: Some(it), would_be: None })).collect()
}

/// The first day of a day's quarter.
fn quarter(day: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_begins_in_january_april_july_and_october() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (of, first) in
            [("2026-01-01", "2026-01-01"), ("2026-03-31", "2026-01-01"), ("2026-11-28", "2026-10-01")]
        {
            assert_eq!(quarter(day(of)), day(first));
        }
    }

    #[test]
    fn a_unit_that_is_in_one_of_both_is_told() {
        let board = |keys: &[&str]| GetRatesResponse {
            total: Some(Standing::default()),
            standings: keys.iter().map(|key| Standing { key: (*key).into(), ..Default::default() }).collect(),
            ..Default::default()
        };
        let (now, would_be) = (board(&["a", "b"]), board(&["b", "c"]));
        let told = beside(&now, &would_be);
        let told: Vec<_> = told.iter().map(|it| (it.unit, it.now.is_some(), it.would_be.is_some())).collect();
        assert_eq!(told, [("", true, true), ("b", true, true), ("c", false, true), ("a", true, false)]);
    }
}
