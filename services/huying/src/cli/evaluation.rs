//! `huying evaluation`: whether its figures are right.

use clap::Subcommand;
use huying_proto::evaluation::v1::{RecountRequest, RecountResponse};
use indicatif::{ProgressBar, ProgressStyle};

use super::Session;
use crate::client::Who;
use crate::failure::refused;

/// Counts the figures anew
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying evaluation recount --check
  huying evaluation recount")]
pub enum Command {
    /// Count all cases and callbacks of the district anew, beside the figures that are told; what differs is put right
    #[command(after_help = "\
examples:
  huying evaluation recount --check
  huying evaluation recount -o json")]
    Recount {
        /// Only say what differs, and end with 1 if anything does
        #[arg(long)]
        check: bool,
    },
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Recount { check } => recount(session, check).await,
        }
    }
}

async fn recount(session: &Session, check: bool) -> anyhow::Result<()> {
    let client = session.client()?;
    let request = RecountRequest { district: client.district()?, check };
    let mut answers = client.rates(&Who::Operator)?.recount(request).await?.into_inner();
    // Draws on standard error, and only on a terminal.
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} cases and callbacks  {per_sec}") {
        bar.set_style(style);
    }
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
