//! `huying keys`: the keys that seal who called. They are in a file; names alone are shown.

use std::path::PathBuf;

use clap::Subcommand;
use huying_chassis::seal::add_key;
use huying_proto::intake::v1::{ListKeysRequest, ListKeysResponse, RotateKeysRequest, RotateKeysResponse};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::Session;
use crate::{
    client::{Client, Who},
    output::label,
};

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
    /// Wrap all data keys by the newest key; it may be stopped and begun again. What does not unwrap stays as it is, and is told
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

#[derive(Default, Serialize)]
struct Rotated {
    newest: String,
    rewrapped: i64,
    /// Data keys that no key unwraps.
    unopened: i64,
    /// Keys that wrap some and are not in the file.
    missing: Vec<String>,
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
    let (mut all, mut request) =
        (Rotated::default(), RotateKeysRequest { at_most: STEP, ..Default::default() });
    loop {
        let step = privacy.rotate_keys(request.clone()).await?.into_inner();
        let RotateKeysResponse { newest, rewrapped, left, next_page_token, unopened, missing } = step;
        all = Rotated {
            newest,
            rewrapped: all.rewrapped + rewrapped,
            unopened: all.unopened + unopened,
            missing,
        };
        label(&bar, &all.newest);
        bar.set_position(u64::try_from(all.rewrapped).unwrap_or_default());
        request.page_token = next_page_token;
        if left.is_empty() {
            break;
        }
    }
    bar.finish_and_clear();
    session.out.one(&all, told)
}

/// What is left only where something is.
fn told(all: &Rotated) -> Vec<(&'static str, String)> {
    let mut lines = vec![("newest", all.newest.clone()), ("wrapped anew", all.rewrapped.to_string())];
    if all.unopened > 0 {
        let words = "no key opens them any more; the service's log names them";
        lines.push(("do not unwrap", format!("{}: {words}", all.unopened)));
    }
    if !all.missing.is_empty() {
        let words = "what they wrap opens once they are in the file again";
        lines.push(("not in the file", format!("{}: {words}", all.missing.join(", "))));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_rotation_leaves_is_told() {
        let all = |unopened, missing: &[&str]| Rotated {
            newest: "20261129".to_owned(),
            rewrapped: 7,
            unopened,
            missing: missing.iter().map(|name| (*name).to_owned()).collect(),
        };
        let plain = [("newest", "20261129".to_owned()), ("wrapped anew", "7".to_owned())];
        assert_eq!(told(&all(0, &[])), plain);
        let told = told(&all(2, &["20251129", "rare"]));
        assert_eq!(told[..2], plain);
        assert!(told[2].1.starts_with("2: no key opens them"), "{told:?}");
        assert!(told[3].1.starts_with("20251129, rare: "), "{told:?}");
    }
}
