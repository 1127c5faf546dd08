//! `huying keys`: the keys that seal who called. They are in a file; names alone are shown.

use std::{path::PathBuf, time::Duration};

use clap::Subcommand;
use huying_chassis::{peers::Peer, seal::add_key, status::reason};
use huying_proto::intake::v1::{
    ListKeysRequest, ListKeysResponse, RotateKeysRequest, RotateKeysResponse,
    privacy_service_client::PrivacyServiceClient,
};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use tonic::{Response, Status};
use tonic_types::StatusExt as _;

use super::Session;
use crate::{
    client::{Client, Who},
    failure::unavailable,
    output::label,
};

/// Data keys looked at in one call.
const STEP: i32 = 1000;
/// Times over all of them: more than two only where something comes between.
const PASSES: usize = 10;
/// Of one call, while a replica has not read the newer file yet, and how long between two.
const TRIES: usize = 5;
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(10);

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
    /// Wrap all data keys by the newest key; it may be stopped and begun again. What no key of the file opens stays as it is, and is told
    #[command(after_help = "\
examples:
  huying keys rotate

begin 5 seconds after `huying keys new` at the earliest: until then a replica may not have read the file again. An old key stays in the file
until nothing is told that does not unwrap")]
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
    /// Data keys that no key of the file opens.
    unopened: i64,
    /// Keys that data keys name and that are not in the file.
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

/// Again and again over all of them, until there was nothing to do: while it goes on, a newer key may come, and a replica that has not read of
/// it yet, or a commit that was open, may wrap by an older one.
async fn rotate(session: &Session) -> anyhow::Result<()> {
    let client = session.client()?;
    let mut privacy = client.privacy(&Who::Operator)?;
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} keys wrapped by {msg}  {per_sec}")
    {
        bar.set_style(style);
    }
    let mut all = Rotated::default();
    for _ in 0..PASSES {
        if pass(&mut privacy, &bar, &mut all).await? {
            bar.finish_and_clear();
            return session.out.one(&all, told);
        }
    }
    bar.finish_and_clear();
    Err(unavailable(
        format!("after {PASSES} times over all data keys some were still wrapped by another than the newest"),
        "look whether all replicas read the same file of keys, and rotate again",
    ))
}

/// Once over all of them. True: there was nothing to do.
async fn pass(
    privacy: &mut PrivacyServiceClient<Peer>,
    bar: &ProgressBar,
    all: &mut Rotated,
) -> anyhow::Result<bool> {
    let mut request = RotateKeysRequest { at_most: STEP, ..Default::default() };
    let mut is_done = true;
    all.unopened = 0;
    loop {
        let step = step(privacy, &request).await?;
        request.page_token.clone_from(&step.next_page_token);
        is_done &= all.take(step);
        label(bar, &all.newest);
        bar.set_position(u64::try_from(all.rewrapped).unwrap_or_default());
        if request.page_token.is_empty() {
            return Ok(is_done);
        }
    }
}

/// Asked for again while the replica that answers has not read of the newest key yet.
async fn step(
    privacy: &mut PrivacyServiceClient<Peer>,
    request: &RotateKeysRequest,
) -> Result<RotateKeysResponse, Status> {
    for _ in 1..TRIES {
        match privacy.rotate_keys(request.clone()).await {
            Err(status) if reason(&status).as_deref() == Some("SEAL_KEY_MISSING") => {
                let asked = status.get_details_retry_info().and_then(|it| it.retry_delay);
                tokio::time::sleep(asked.unwrap_or_default().clamp(SHORTEST, LONGEST)).await;
            }
            answer => return answer.map(Response::into_inner),
        }
    }
    privacy.rotate_keys(request.clone()).await.map(Response::into_inner)
}

impl Rotated {
    /// Takes what a step came to. True: there was nothing to do, and the newest key is the one that it was.
    fn take(&mut self, step: RotateKeysResponse) -> bool {
        let is_same = self.newest.is_empty() || self.newest == step.newest;
        if !is_same {
            // What another key wraps is to be wrapped again.
            self.rewrapped = 0;
        }
        self.newest = step.newest;
        self.rewrapped += step.rewrapped;
        self.unopened += step.unopened;
        self.missing = step.missing;
        is_same && step.rewrapped == 0
    }
}

/// What is left only where something is.
fn told(all: &Rotated) -> Vec<(&'static str, String)> {
    let mut lines = vec![("newest", all.newest.clone()), ("wrapped anew", all.rewrapped.to_string())];
    if all.unopened > 0 {
        let words = "no key of the file opens them; the service's log names them. Keep the old keys until none is told here";
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
        assert!(told[2].1.starts_with("2: no key of the file opens them"), "{told:?}");
        assert!(told[3].1.starts_with("20251129, rare: "), "{told:?}");
    }
    #[test]
    fn a_pass_has_nothing_to_do_only_for_the_same_newest_key() {
        let step = |newest: &str, rewrapped, unopened| RotateKeysResponse {
            newest: newest.to_owned(),
            rewrapped,
            unopened,
            ..Default::default()
        };
        let mut all = Rotated::default();
        assert!(all.take(step("2", 0, 0)), "there was nothing to do at all");
        assert!(!all.take(step("2", 5, 1)));
        assert!(all.take(step("2", 0, 0)));
        assert_eq!((all.rewrapped, all.unopened), (5, 1));
        assert!(!all.take(step("3", 0, 0)), "a newer one has come: those five are to be wrapped again");
        assert!(!all.take(step("3", 5, 0)));
        assert!(all.take(step("3", 0, 0)));
        assert_eq!((all.newest.as_str(), all.rewrapped), ("3", 5));
    }
}
