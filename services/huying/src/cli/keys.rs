//! `huying keys`: the keys that seal who called. They are in a file; names alone are shown.

use std::path::PathBuf;

use clap::Subcommand;
use huying_chassis::seal::add_key;
use huying_proto::intake::v1::{ListKeysRequest, ListKeysResponse, RotateKeysRequest, RotateKeysResponse};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::Session;
use crate::client::{Client, Who};

/// Data keys wrapped anew in one call.
const STEP: i32 = 500;

/// The keys that seal who called
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying keys new /etc/huying/seal.keys
  huying keys rotate
  huying keys list")]
pub enum Command {
    /// Put a new key first in a file of keys, which is made where there is none; shows its name alone
    #[command(after_help = "\
examples:
  huying keys new /etc/huying/seal.keys

every replica needs the same file; it is read again within seconds. Back it up apart from the database: without it nobody opens what it seals")]
    New {
        /// The file, its owner's alone
        file: PathBuf,
    },
    /// The keys by name, the newest first, and which of them are used; one that is not can be taken out of the file
    #[command(after_help = "\
examples:
  huying keys list
  huying keys list -o json")]
    List,
    /// Wrap all data keys by the newest key; it may be stopped and goes on where it was
    #[command(after_help = "\
examples:
  huying keys rotate")]
    Rotate,
}

#[derive(Serialize)]
struct Key {
    name: String,
    newest: bool,
    used: bool,
    /// It is in the file.
    there: bool,
}

#[derive(Serialize)]
struct Rotated {
    newest: String,
    rewrapped: i64,
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::New { file } => session.out.text(&add_key(&file)?),
            Self::List => list(session).await,
            Self::Rotate => rotate(session).await,
        }
    }
}

/// The keys of a running intake.
pub(super) async fn names(client: &Client) -> anyhow::Result<ListKeysResponse> {
    Ok(client.privacy(&Who::Operator)?.list_keys(ListKeysRequest {}).await?.into_inner())
}

async fn list(session: &Session) -> anyhow::Result<()> {
    let ListKeysResponse { names, used } = names(&session.client()?).await?;
    let lost = used.iter().filter(|name| !names.contains(name));
    let keys: Vec<Key> = names
        .iter()
        .chain(lost)
        .map(|name| Key {
            name: name.clone(),
            newest: names.first() == Some(name),
            used: used.contains(name),
            there: names.contains(name),
        })
        .collect();
    session.out.list(&["name", "newest", "used", "in the file"], &keys, |key| {
        let yes = |it: bool| if it { "yes".to_owned() } else { "no".to_owned() };
        vec![key.name.clone(), yes(key.newest), yes(key.used), yes(key.there)]
    })
}

async fn rotate(session: &Session) -> anyhow::Result<()> {
    let client = session.client()?;
    let mut privacy = client.privacy(&Who::Operator)?;
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} keys wrapped by {msg}  {per_sec}")
    {
        bar.set_style(style);
    }
    let mut rewrapped = 0;
    let newest = loop {
        let step = privacy.rotate_keys(RotateKeysRequest { at_most: STEP }).await?.into_inner();
        let RotateKeysResponse { newest, rewrapped: more, left } = step;
        rewrapped += more;
        bar.set_message(newest.clone());
        bar.set_position(u64::try_from(rewrapped).unwrap_or_default());
        if left.is_empty() {
            break newest;
        }
    };
    bar.finish_and_clear();
    session.out.one(&Rotated { newest, rewrapped }, |it| {
        vec![("newest", it.newest.clone()), ("wrapped anew", it.rewrapped.to_string())]
    })
}
