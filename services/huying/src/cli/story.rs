//! `huying story`: the published cases, played through the services that run.

use clap::Args;

use super::Session;
use crate::story::{self, Voice};

/// Play published cases step by step through the running services
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying story a      a car blocks an exit: it never leaves the grid
  huying story b      a leaning tree climbs to the street, which calls two departments
  huying story c      an office park asks for a policy briefing: a response group answers
  huying story all

ends with 1 when anything is not as told")]
pub struct Story {
    /// Which
    #[arg(value_parser = ["a", "b", "c", "all"], default_value = "all")]
    which: String,
}

impl Story {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        Box::pin(story::play(&session.client()?, &self.which, Voice::Aloud)).await
    }
}
