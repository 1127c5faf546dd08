//! `huying evaluation`: whether its figures are right, and what they would have been.

mod simulate;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Subcommand;
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
    /// What every unit's figures would have been by a folder's rates, weights, grades and times to resolve; changes nothing
    #[command(after_help = "\
examples:
  huying evaluation simulate deploy/profiles/jiangan
  huying evaluation simulate deploy/profiles/jiangan --from 2026-07-01 --to 2026-10-01 -o json

the time runs once, from the opening to the first resolution: extensions and pauses are not counted in")]
    Simulate {
        /// The folder with the rule book
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// The first day; that of the last whole quarter if not given
        #[arg(long, value_name = "DAY")]
        from: Option<NaiveDate>,
        /// The day after the last; the first of this quarter if not given
        #[arg(long, value_name = "DAY")]
        to: Option<NaiveDate>,
    },
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Recount { check } => recount(session, check).await,
            Self::Simulate { folder, from, to } => simulate::run(session, &folder, (from, to)).await,
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
