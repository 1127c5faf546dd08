//! `huying story`: what happens to cases, told by playing it.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use huying_chassis::shutdown::Shutdown;
use serde::Serialize;

use super::Session;
use crate::output::is_for_a_screen;
use crate::story::{self, TALES, Tale, Voice, private};

/// Milliseconds in which a step is read.
const REST: u64 = 600;

/// Stories of cases, played step by step through real services
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying story list
  huying story play late       a called department is late: lamps turn, it is urged
  huying story play a --here   through the services that run")]
pub enum Command {
    /// Which stories there are
    #[command(after_help = "\
examples:
  huying story list
  huying story list -o json")]
    List,
    Play(Play),
}

/// Play a story on an installation of its own, whose clock the story moves: days pass in a moment
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying story play late        a called department is late: lamps turn amber and red, it is urged
  huying story play suspended   weeks on the list of hard cases, reviewed, resumed
  huying story play all --rest 0   as fast as they go
  huying story play a --here    through the services that run, by their own time

nothing is left behind, and what runs already is not touched, unless it is played --here;
ends with 1 when anything is not as told")]
pub struct Play {
    /// Which; `huying story list` tells
    #[arg(value_name = "NAME", value_parser = names())]
    which: String,
    /// Milliseconds of rest after each step, to read along; 600 on a terminal, else none
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(..=60_000))]
    rest: Option<u64>,
    /// Through the services that run, and stay: only where no day must pass
    #[arg(long)]
    here: bool,
    /// The folder of places, for an installation of its own
    #[arg(long, value_name = "DIR", default_value = "deploy/profiles", conflicts_with = "here")]
    profiles: PathBuf,
}

fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(TALES.iter().map(|tale| tale.name).chain(["all"]))
}

/// A line of the list.
#[derive(Serialize)]
struct Line {
    name: &'static str,
    chinese: &'static str,
    title: &'static str,
    /// The folder of the place it plays in.
    place: &'static str,
    /// Time must pass in it.
    moves_the_clock: bool,
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::List => list(session),
            Self::Play(play) => Box::pin(play.run(session)).await,
        }
    }
}

fn list(session: &Session) -> anyhow::Result<()> {
    let line = |tale: &&'static Tale| Line {
        name: tale.name,
        chinese: tale.chinese,
        title: tale.title,
        place: tale.place.folder,
        moves_the_clock: tale.needs_clock(),
    };
    let lines: Vec<Line> = TALES.iter().map(line).collect();
    session.out.blocks(&["name", "place", "clock", "story"], &lines, |line| {
        let clock = if line.moves_the_clock { "moved" } else { "any" };
        vec![
            line.name.to_owned(),
            line.place.to_owned(),
            clock.to_owned(),
            format!("{}\n{}", line.chinese, line.title),
        ]
    })
}

impl Play {
    async fn run(self, session: &Session) -> anyhow::Result<()> {
        let rest = self.rest.unwrap_or(if is_for_a_screen() { REST } else { 0 });
        let voice = Voice::Aloud(Duration::from_millis(rest));
        let all = self.which == "all";
        let chosen = TALES.iter().copied().filter(|tale| all || tale.name == self.which);
        if self.here {
            let client = session.client()?;
            let district = client.district()?;
            let fits = |tale: &&Tale| !all || (!tale.needs_clock() && tale.place.district == district);
            for tale in chosen.filter(fits) {
                Box::pin(story::play(&client, tale, None, voice)).await?;
            }
            return Ok(());
        }
        let stop = Shutdown::new();
        let signals = tokio::spawn(stop.clone().on_signals());
        for tale in chosen {
            if !stop.has_begun() {
                Box::pin(private::tell(tale, &self.profiles.join(tale.place.folder), voice, &stop)).await?;
            }
        }
        signals.abort();
        Ok(())
    }
}
