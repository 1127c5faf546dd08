//! `huying profile`: a place's folder, compared with what the services have, and sent to them.

use std::path::PathBuf;

use clap::Subcommand;
use huying_chassis::clock::system_now;
use serde::Serialize;

use super::Session;
use crate::output::note;
use crate::profile::Profile;
use crate::up::apply::{self, Part};

/// Profiles: a place as a folder of plain files
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying profile diff deploy/profiles/jiangan
  huying profile apply deploy/profiles/jiangan")]
pub enum Command {
    /// Check the folder, show the difference, send what differs
    #[command(after_help = "\
examples:
  huying profile apply deploy/profiles/jiangan
  huying profile apply deploy/profiles/jiangan -o json")]
    Apply {
        /// The folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Check the folder and show what would differ; change nothing
    #[command(after_help = "\
examples:
  huying profile diff deploy/profiles/jiangan")]
    Diff {
        /// The folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

#[derive(Serialize)]
struct Shown<'a> {
    service: &'a str,
    version: i64,
    differences: &'a [String],
    changed: u32,
    unfinished: bool,
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let (folder, dry_run) = match self {
            Self::Apply { folder } => (folder, false),
            Self::Diff { folder } => (folder, true),
        };
        let profile = Profile::load(&folder)?;
        for warning in profile.warnings(system_now().date_naive()) {
            note(&format!("warning: {warning}"))?;
        }
        let parts = apply::apply(&session.client()?, &profile, dry_run).await?;
        if session.out.is_json() {
            let shown = |part: &Part| {
                serde_json::to_value(Shown {
                    service: part.service,
                    version: part.version,
                    differences: &part.differences,
                    changed: part.changed,
                    unfinished: part.unfinished,
                })
            };
            let shown = parts.iter().map(shown).collect::<Result<Vec<_>, _>>()?;
            return session.out.text(&serde_json::to_string_pretty(&shown)?);
        }
        for part in &parts {
            let state = match (part.differences.len(), dry_run) {
                (0, _) => "nothing differs".to_owned(),
                (count, true) => format!("{count} differences"),
                (count, false) => format!("{count} differences applied"),
            };
            session.out.text(&format!("{}: version {}, {state}", part.service, part.version))?;
            for line in &part.differences {
                session.out.text(&format!("  {line}"))?;
            }
            if part.changed > 0 || part.unfinished {
                let rest = if part.unfinished { "; the service goes on with the rest by itself" } else { "" };
                let changed = part.changed;
                session.out.text(&format!("  under way: {changed} changed{rest}"))?;
            }
        }
        Ok(())
    }
}
