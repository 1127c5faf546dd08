//! `huying profile`: a place's folder, compared with what the services have, and sent to them.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use huying_chassis::clock::system_now;
use huying_words::shown;
use serde::Serialize;

use super::Session;
use crate::output::note;
use crate::profile::Profile;
use crate::up::apply::{self, Part};

/// Profiles: a place as a folder of plain files
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying profile check deploy/profiles/sunbu
  huying profile diff deploy/profiles/jiangan
  huying profile apply deploy/profiles/jiangan")]
pub enum Command {
    /// Check the folder whole, as the services would; needs none of them
    #[command(after_help = "\
examples:
  huying profile check deploy/profiles/sunbu

each fault names file, line and what to do; ends with 64 when there is one")]
    Check {
        /// The folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
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
            Self::Check { folder } => return check(session, &folder),
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
            return session.out.pretty(&shown);
        }
        for part in &parts {
            let state = match (part.differences.len(), dry_run) {
                (0, _) => "nothing differs".to_owned(),
                (count, true) => format!("{count} differences"),
                (count, false) => format!("{count} differences applied"),
            };
            session.out.text(&format!("{}: version {}, {state}", part.service, part.version))?;
            for line in &part.differences {
                session.out.text(&format!("  {}", shown(line)))?;
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

/// How much of everything there is, so that whoever looks sees what was read.
#[derive(Serialize)]
struct Sound<'a> {
    district: &'a str,
    name: &'a str,
    areas: usize,
    units: usize,
    categories: usize,
    rules: usize,
    borders: usize,
    channels: usize,
    ledgers: usize,
    warnings: Vec<String>,
}

fn check(session: &Session, folder: &Path) -> anyhow::Result<()> {
    let profile = Profile::load(folder)?;
    let sound = Sound {
        district: &profile.district,
        name: &profile.name,
        areas: profile.routing.areas.len(),
        units: profile.routing.units.len(),
        categories: profile.routing.categories.len(),
        rules: profile.routing.rules.len(),
        borders: profile.routing.boundaries.len(),
        channels: profile.intake.channels.len(),
        ledgers: profile.casework.ledgers.len(),
        warnings: profile.warnings(system_now().date_naive()),
    };
    if session.out.is_json() {
        return session.out.pretty(&sound);
    }
    for warning in &sound.warnings {
        note(&format!("warning: {warning}"))?;
    }
    let Sound { district, name, areas, units, categories, rules, borders, channels, ledgers, .. } = sound;
    session.out.text(&format!(
        "{name} ({district}) is sound: {areas} areas, {units} units, {categories} categories, {rules} rules, {borders} borders, \
         {channels} channels, {ledgers} ledgers"
    ))
}
