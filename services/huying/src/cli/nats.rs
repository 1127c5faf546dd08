//! `huying nats`: who may do what on a NATS of one's own.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};

use super::{Session, events};
use crate::nats::{Unit, Users, units};
use crate::output::note;
use crate::profile::Profile;

/// Users of a NATS of one's own: who may publish and read what
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying nats config --out deploy/secrets/nats --profile deploy/profiles/jiangan
  huying nats units --profile deploy/profiles/jiangan --nats nats://nats:4222 --nats-key deploy/secrets/nats/keys/operator.nk")]
pub enum Command {
    Config(Config),
    Units(Units),
}

/// Write down users and their keys: users.conf, which nats-server's configuration includes, and a seed for each
///
/// One user for each service, one for each department, response group and utility of the places, and one for the operator's tools. Keys
/// that are there already are kept, and so are units of other places.
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying nats config --out deploy/secrets/nats --profile deploy/profiles/jiangan
  huying nats config --out deploy/secrets/nats --profile deploy/profiles/jiangan --profile deploy/profiles/haishu")]
pub struct Config {
    /// Where to write them: users.conf, and the seeds under keys/
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// A place's folder, whose departments get users (repeat for several)
    #[arg(long, value_name = "DIR")]
    profile: Vec<PathBuf>,
}

/// Make the consumers that departments read their dispatches from, where they are missing
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying nats units --profile deploy/profiles/jiangan
  huying nats units --profile deploy/profiles/jiangan --nats nats://nats:4222 --nats-key deploy/secrets/nats/keys/operator.nk")]
pub struct Units {
    /// A place's folder (repeat for several)
    #[arg(long, value_name = "DIR", required = true)]
    profile: Vec<PathBuf>,
    #[command(flatten)]
    at: events::At,
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Config(config) => config.run(),
            Self::Units(units) => units.run(session).await,
        }
    }
}

impl Config {
    fn run(self) -> anyhow::Result<()> {
        let keys = self.out.join("keys");
        let users = Users::open(&keys, units_of(&self.profile)?)?;
        let path = self.out.join("users.conf");
        fs::write(&path, users.config()).with_context(|| format!("{} cannot be written", path.display()))?;
        note(&format!(
            "{} says who may do what, to {} units among others; their seeds are in {}: give each to whom it is named after, and nobody else",
            path.display(),
            users.units().len(),
            keys.display()
        ))?;
        Ok(())
    }
}

impl Units {
    async fn run(self, session: &Session) -> anyhow::Result<()> {
        let wanted = units_of(&self.profile)?;
        let jetstream = self.at.connect(session).await?;
        units::make(&jetstream, &wanted).await?;
        note(&format!("{} units have a consumer to read their dispatches from", wanted.len()))?;
        Ok(())
    }
}

fn units_of(folders: &[PathBuf]) -> anyhow::Result<Vec<Unit>> {
    let mut units = Vec::new();
    for folder in folders {
        units.extend(Unit::of(&Profile::load(folder)?));
    }
    Ok(units)
}
