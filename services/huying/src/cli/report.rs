//! `huying report`: a period's figures as a page, a workbook, a table or a value. Evaluation counts, routing names, and nothing is counted here.

mod asked;
mod issues;
mod told;

use std::{fs, path::PathBuf};

use anyhow::Context as _;
use chrono::{Datelike as _, Days, Months, NaiveDate};
use clap::{Args, ValueEnum};
use huying_chassis::clock::system_now;
use huying_evaluation::domain::figure::period::Period;

use super::Session;
use crate::output::note;

/// A period's figures to read: rates, units, areas, categories and tiers, with plots
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying report --period 2026-10 --to 月报.html
  huying report --period 2026 --area 420102003 --to 年报.xlsx
  huying report --from 2026-10-01 --until 2026-10-15 --format csv")]
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
    /// How it is written; by the name of the file if not given, else as a page
    #[arg(long, value_enum)]
    format: Option<Form>,
    /// The file to write; printed if not given
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A page that a browser shows and prints
    Html,
    /// A workbook
    Xlsx,
    /// The figures for a program
    Json,
    /// One long table
    Csv,
}

impl Report {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let today: NaiveDate = client.local(system_now(), "%Y-%m-%d").parse()?;
        let span = self.span(today).context("name a period that there is")?;
        let form = self.form(session.out.is_json());
        let asked = asked::ask(&client, span, &self.area).await?;
        let report = told::report(&client, asked).await?;
        let bytes = match form {
            Form::Html => huying_report::html(&report).into_bytes(),
            Form::Xlsx => huying_report::xlsx(&report)?,
            Form::Json => huying_report::json(&report)?.into_bytes(),
            Form::Csv => huying_report::csv(&report)?,
        };
        match &self.to {
            Some(file) => {
                fs::write(file, bytes).with_context(|| format!("{} cannot be written", file.display()))?;
                note(&format!("{} written: {} – {}", file.display(), report.period.from, report.period.to))
            }
            None if form == Form::Xlsx => {
                anyhow::bail!("a workbook is not for a terminal: name a file by --to")
            }
            None => session.out.text(String::from_utf8(bytes)?.trim_end()),
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

    fn form(&self, json: bool) -> Form {
        let named = self.to.as_ref().and_then(|file| file.extension()?.to_str());
        let by_name = named.and_then(|name| Form::from_str(name, true).ok());
        self.format.or(by_name).unwrap_or(if json { Form::Json } else { Form::Html })
    }
}

/// A month, `2026-10`, or a year, `2026`.
fn period(text: &str) -> Result<Period, String> {
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
