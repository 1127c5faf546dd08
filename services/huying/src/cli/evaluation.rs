//! `huying evaluation`: whether its figures are right, and what they would have been.

mod simulate;
mod times;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Subcommand;
use huying_evaluation::domain::figure::period::Period;
use huying_proto::evaluation::v1::{RecountRequest, RecountResponse};
use indicatif::{ProgressBar, ProgressStyle};

use super::Session;
use crate::client::Who;
use crate::failure::refused;

/// Counts the figures anew, or tries another rule book on them
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying evaluation recount --check
  huying evaluation simulate deploy/profiles/jiangan")]
pub enum Command {
    /// Count all cases, callbacks and requests of the district anew, beside the figures that are told; what differs is put right
    #[command(after_help = "\
examples:
  huying evaluation recount --check
  huying evaluation recount -o json")]
    Recount {
        /// Only say what differs, and end with 1 if anything does
        #[arg(long)]
        check: bool,
    },
    /// What every unit's figures would have been by a folder's rates, weights, grades, calendar, times and grounds for declining; changes nothing
    #[command(after_help = "\
examples:
  huying evaluation simulate deploy/profiles/jiangan
  huying evaluation simulate deploy/profiles/jiangan --period 2026-Q3 -o json

a case is tried with its first attempt: what it was extended by is given again, and it stood still when it did;
what it was given by its own words, by a danger, by its platform or by a row of the authority table is not known to a trial")]
    Simulate {
        /// The folder with the rule book
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// A quarter, a month or a year; the last whole quarter if not given
        #[arg(long, value_name = "YYYY-Qn", value_parser = simulate::period, conflicts_with_all = ["from", "to"])]
        period: Option<Period>,
        /// The first day
        #[arg(long, value_name = "DAY", requires = "to")]
        from: Option<NaiveDate>,
        /// The day after the last
        #[arg(long, value_name = "DAY", requires = "from")]
        to: Option<NaiveDate>,
    },
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Recount { check } => recount(session, check).await,
            Self::Simulate { folder, period, from, to } => {
                let days = from.zip(to).map(|(from, to)| Period { from, to });
                simulate::run(session, &folder, period.or(days)).await
            }
        }
    }
}

/// Draws on standard error, and only on a terminal.
fn progress() -> ProgressBar {
    let bar = ProgressBar::no_length();
    if let Ok(style) =
        ProgressStyle::with_template("{spinner} {human_pos} cases, callbacks and requests  {per_sec}")
    {
        bar.set_style(style);
    }
    bar
}

async fn recount(session: &Session, check: bool) -> anyhow::Result<()> {
    let client = session.client()?;
    let request = RecountRequest { district: client.district()?, check };
    let mut answers = client.rates(&Who::Operator)?.recount(request).await?.into_inner();
    let bar = progress();
    let mut last = RecountResponse::default();
    while let Some(answer) = answers.message().await? {
        bar.set_position(u64::try_from(answer.looked_at).unwrap_or_default());
        last = answer;
    }
    bar.finish_and_clear();
    session.out.one(&last, |it| {
        vec![
            ("looked at", it.looked_at.to_string()),
            ("figures", it.figures.to_string()),
            ("different", it.different.to_string()),
            ("such as", it.differences.join("\n")),
        ]
    })?;
    match last.different {
        0 => Ok(()),
        number if check => Err(refused(
            format!("{number} figures differ from what was counted anew"),
            "put them right: huying evaluation recount",
        )),
        _ => Ok(()),
    }
}
