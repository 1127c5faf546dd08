//! `huying report`: a period's figures as a page, a workbook, a table or a value. Evaluation counts, routing names, and nothing is counted here.

mod ages;
mod asked;
mod clusters;
mod issues;
mod score;
mod tiers;
mod told;
mod words;

use std::{fs, path::PathBuf};

use anyhow::Context as _;
use chrono::{Datelike as _, Days, Months, NaiveDate};
use clap::{Args, ValueEnum as _};
use huying_chassis::clock::system_now;
use huying_evaluation::domain::figure::period::Period;

use super::Session;
use crate::{
    failure::wrong,
    output::{Format, is_for_a_screen, note},
};

/// A period's figures to read: rates, units, areas, categories, tiers and what is overdue, with plots
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying report --period 2026-10 --area 420102 -o html > 月报.html
  huying report --period 2026-10 --to 月报.xlsx
  huying report --period 2026 --area 420102003 -o csv --to 年报.csv
  huying report --from 2026-10-01 --until 2026-10-15 -o json")]
pub struct Report {
    /// A month or a year; the month before this one if not given
    #[arg(long, value_name = "YYYY-MM", value_parser = period, conflicts_with_all = ["from", "until"])]
    period: Option<Period>,
    /// The first day
    #[arg(long, value_name = "DAY", requires = "until")]
    from: Option<NaiveDate>,
    /// The last day
    #[arg(long, value_name = "DAY", requires = "from")]
    until: Option<NaiveDate>,
    /// Only this street or community
    #[arg(long, value_name = "CODE", default_value = "")]
    area: String,
    /// The file to write; printed if not given. Without -o its name says as what (.html, .xlsx, .csv, .json), else it is a page
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

impl Report {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let form = self.form(session.out.format);
        if self.to.is_none() && form == Format::Xlsx && is_for_a_screen() {
            return Err(wrong("a workbook is not for a terminal", "name a file by --to, or send it on"));
        }
        let client = session.client()?.of_area(&self.area);
        let today: NaiveDate = client.local(system_now(), "%Y-%m-%d").parse()?;
        let span = self.span(today).context("name a period that there is")?;
        let asked = asked::ask(&client, until_today(span, today), &self.area).await?;
        let report = told::report(&client, asked).await?;
        let bytes = written(&report, form)?;
        match &self.to {
            Some(file) => {
                fs::write(file, bytes).with_context(|| format!("{} cannot be written", file.display()))?;
                note(&format!("{} written: {} – {}", file.display(), report.period.from, report.period.to))
            }
            None => session.out.bytes(&bytes),
        }
    }

    fn span(&self, today: NaiveDate) -> Option<Period> {
        match (self.period, self.from.zip(self.until)) {
            (Some(span), _) => Some(span),
            (None, Some((from, until))) => Some(Period { from, to: until.checked_add_days(Days::new(1))? }),
            (None, None) => {
                let to = today.with_day(1)?;
                Some(Period { from: to.checked_sub_months(Months::new(1))?, to })
            }
        }
    }

    /// As it is asked for; else as the file's name says, and a page if that says nothing.
    fn form(&self, asked: Format) -> Format {
        let named = self.to.as_ref().and_then(|file| file.extension()?.to_str());
        let named = named.and_then(|name| Format::from_str(name, true).ok());
        if asked == Format::Table { named.unwrap_or(Format::Html) } else { asked }
    }
}

fn written(report: &huying_report::Report, form: Format) -> anyhow::Result<Vec<u8>> {
    Ok(match form {
        Format::Html | Format::Table => huying_report::html(report).into_bytes(),
        Format::Xlsx => huying_report::xlsx(report)?,
        Format::Json => huying_report::json(report)?.into_bytes(),
        Format::Jsonl => (serde_json::to_string(report)? + "\n").into_bytes(),
        Format::Csv => huying_report::csv(report)?,
    })
}

/// Of a period that is not over, its days until today: what will be overdue by its end is not overdue yet.
fn until_today(span: Period, today: NaiveDate) -> Period {
    let tomorrow = today.succ_opt().unwrap_or(today);
    if span.from > today { span } else { Period { to: span.to.min(tomorrow), ..span } }
}

/// A month, `2026-10`, or a year, `2026`.
pub(super) fn period(text: &str) -> Result<Period, String> {
    let first = |text: String| text.parse::<NaiveDate>().ok();
    let (from, months) = match text.len() {
        4 => (first(format!("{text}-01-01")), 12),
        _ => (first(format!("{text}-01")), 1),
    };
    let span = from.and_then(|from| Some(Period { from, to: from.checked_add_months(Months::new(months))? }));
    span.ok_or_else(|| {
        format!("'{text}' is no period: write a month such as 2026-10, or a year such as 2026")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(from: &str, to: &str) -> Period {
        Period { from: day(from), to: day(to) }
    }

    #[test]
    fn a_period_is_a_month_or_a_year() {
        assert_eq!(period("2026"), Ok(days("2026-01-01", "2027-01-01")));
        assert_eq!(period("2026-10"), Ok(days("2026-10-01", "2026-11-01")));
        assert_eq!(period("2026-12"), Ok(days("2026-12-01", "2027-01-01")));
        for wrong in ["", "26", "2026-00", "2026-13", "2026-10-01", "October"] {
            let why = period(wrong).unwrap_err();
            assert!(why.contains(&format!("'{wrong}' is no period")), "{why}");
        }
    }

    #[test]
    fn the_month_before_is_told_of_if_nobody_says_which() {
        let nothing = Report { period: None, from: None, until: None, area: String::new(), to: None };
        for (today, before) in
            [("2026-01-01", "2025-12"), ("2026-03-31", "2026-02"), ("2026-11-28", "2026-10")]
        {
            assert_eq!(nothing.span(day(today)), period(before).ok(), "{today}");
        }
        let today = day("2026-11-28");
        let by_days = Report { from: Some(day("2026-10-01")), until: Some(day("2026-10-15")), ..nothing };
        assert_eq!(by_days.span(today), Some(days("2026-10-01", "2026-10-16")), "the last day is in it");
        let of_a_year = Report { period: period("2025").ok(), ..by_days };
        assert_eq!(of_a_year.span(today), Some(days("2025-01-01", "2026-01-01")));
    }

    #[test]
    fn of_what_is_not_over_no_day_to_come_is_told() {
        let told = |text: &str| until_today(period(text).unwrap(), day("2026-11-28"));
        assert_eq!(told("2026-11"), days("2026-11-01", "2026-11-29"));
        assert_eq!(Ok(told("2026-10")), period("2026-10"), "it is over");
        assert_eq!(Ok(told("2026-12")), period("2026-12"), "it has not begun");
    }
}
