//! `huying dead-letters`: events a service could not apply, trying them again, and settling those that never will be. `huying log adopt`
//! and `disown` settle them by the same call.

use clap::{Args, Subcommand};
use huying_proto::log::v1::{
    DeadLetter, DeadLetterVerdict, GetDeadLetterRequest, ListDeadLettersRequest, RetryDeadLetterRequest,
    SettleDeadLetterRequest,
};
use serde::Serialize;

use super::Session;
use super::page::head;
use crate::client::Client;
use crate::failure::{refused, wrong};
use crate::services::NAMES;
use crate::words::Word as _;

/// Events that could not be applied; each parks its aggregate until it is retried or settled
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying dead-letters list
  huying dead-letters retry --all
  huying dead-letters dismiss 0198c0de-0000-7000-8000-000000000001 --reason 'the case was merged by hand'")]
pub enum Command {
    /// Newest failure first, of every service
    #[command(after_help = "\
examples:
  huying dead-letters list
  huying dead-letters list --service evaluation -o json")]
    List {
        #[command(flatten)]
        at: At,
    },
    /// One of them, with its event
    #[command(after_help = "\
examples:
  huying dead-letters show 0198c0de-0000-7000-8000-000000000001")]
    Show {
        /// The parked aggregate's id
        aggregate: String,
        #[command(flatten)]
        at: At,
    },
    /// Try again, and after it all that its aggregate has missed meanwhile
    #[command(after_help = "\
examples:
  huying dead-letters retry 0198c0de-0000-7000-8000-000000000001
  huying dead-letters retry --all --service casework")]
    Retry {
        /// The parked aggregate's id
        #[arg(required_unless_present = "all")]
        aggregate: Option<String>,
        /// All of them
        #[arg(long, conflicts_with = "aggregate")]
        all: bool,
        #[command(flatten)]
        at: At,
    },
    /// Pass over the event: it will not take effect, what comes after it will. Kept with the reason and who said so
    #[command(after_help = "\
examples:
  huying dead-letters dismiss 0198c0de-0000-7000-8000-000000000001 --reason 'the case was merged by hand'
  huying dead-letters dismiss 0198c0de-0000-7000-8000-000000000001 --service casework --reason 'test data, never a call'

of a poison or stuck letter; one that has diverged: huying log adopt, huying log disown")]
    Dismiss {
        #[command(flatten)]
        settled: Settled,
    },
}

#[derive(Args, Debug)]
pub struct At {
    /// Only this service
    #[arg(long, value_parser = NAMES)]
    service: Option<String>,
}

/// Whose dead letter is settled, and why.
#[derive(Args, Debug)]
pub struct Settled {
    /// The parked aggregate's id
    aggregate: String,
    /// Why, kept for ever with who said so
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    at: At,
}

/// A dead letter, and the service that could not apply it.
#[derive(Serialize)]
struct Parked {
    service: String,
    #[serde(flatten)]
    letter: DeadLetter,
}

/// What a retry or a settlement came to.
#[derive(Serialize)]
struct Outcome {
    service: String,
    aggregate: String,
    applied: i64,
    stuck: Option<DeadLetter>,
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        match self {
            Self::List { at } => {
                let letters = letters(&client, &at).await?;
                let header =
                    ["service", "from", "aggregate", "version", "reason", "tries", "last failed", "error"];
                head(session, &client, "dead letters")?;
                session.out.list(&header, &letters, |parked| row(&client, parked))
            }
            Self::Show { aggregate, at } => {
                let parked = one(letters(&client, &at).await?, &aggregate)?;
                let request = GetDeadLetterRequest { source: parked.letter.source, aggregate };
                let letter = client.log(&parked.service)?.get_dead_letter(request).await?.into_inner();
                head(session, &client, &letter.aggregate)?;
                session.out.one(&letter, |letter| fields(&client, letter))
            }
            Self::Retry { aggregate, at, all: _ } => {
                let mut parked = letters(&client, &at).await?;
                if let Some(aggregate) = aggregate {
                    parked = vec![one(parked, &aggregate)?];
                }
                retry(session, &client, parked).await
            }
            Self::Dismiss { settled } => settled.settle(session, DeadLetterVerdict::Dismissed).await,
        }
    }
}

impl Settled {
    /// Settles it; ends with 1 where the aggregate is stuck at what comes next.
    pub(super) async fn settle(self, session: &Session, verdict: DeadLetterVerdict) -> anyhow::Result<()> {
        let client = session.client()?;
        let Parked { service, letter } = one(letters(&client, &self.at).await?, &self.aggregate)?;
        let request = SettleDeadLetterRequest {
            source: letter.source,
            aggregate: letter.aggregate,
            verdict: verdict.into(),
            note: self.reason,
        };
        let answer = client.log(&service)?.settle_dead_letter(request).await?.into_inner();
        let (aggregate, applied, stuck) = (self.aggregate, answer.applied, answer.dead_letter);
        told(session, &[Outcome { service, aggregate, applied, stuck }])
    }
}

async fn letters(client: &Client, at: &At) -> anyhow::Result<Vec<Parked>> {
    let mut all = Vec::new();
    for service in NAMES.into_iter().filter(|name| at.service.as_deref().is_none_or(|chosen| chosen == *name))
    {
        all.extend(
            of_service(client, service)
                .await?
                .into_iter()
                .map(|letter| Parked { service: service.to_owned(), letter }),
        );
    }
    Ok(all)
}

/// All that one service has parked.
pub(super) async fn of_service(client: &Client, service: &str) -> anyhow::Result<Vec<DeadLetter>> {
    let mut log = client.log(service)?;
    let (mut letters, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListDeadLettersRequest { page_size: 1000, page_token };
        let page = log.list_dead_letters(request).await?.into_inner();
        letters.extend(page.dead_letters);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(letters);
        }
    }
}

fn one(letters: Vec<Parked>, aggregate: &str) -> anyhow::Result<Parked> {
    let mut found: Vec<Parked> =
        letters.into_iter().filter(|parked| parked.letter.aggregate == aggregate).collect();
    match (found.pop(), found.len()) {
        (Some(parked), 0) => Ok(parked),
        (Some(_), _) => Err(wrong("several services have parked this aggregate", "name one with --service")),
        (None, _) => Err(refused("no such aggregate is parked", "`huying dead-letters list` shows what is")),
    }
}

async fn retry(session: &Session, client: &Client, parked: Vec<Parked>) -> anyhow::Result<()> {
    let mut all = Vec::new();
    for Parked { service, letter } in parked {
        let request = RetryDeadLetterRequest { source: letter.source, aggregate: letter.aggregate.clone() };
        let answer = client.log(&service)?.retry_dead_letter(request).await?.into_inner();
        let (aggregate, applied, stuck) = (letter.aggregate, answer.applied, answer.dead_letter);
        all.push(Outcome { service, aggregate, applied, stuck });
    }
    told(session, &all)
}

fn told(session: &Session, all: &[Outcome]) -> anyhow::Result<()> {
    session.out.list(&["service", "aggregate", "applied", "stuck"], all, |one| {
        let stuck = one
            .stuck
            .as_ref()
            .map_or_else(|| "no".to_owned(), |stuck| format!("at {}: {}", stuck.version, stuck.error));
        vec![one.service.clone(), one.aggregate.clone(), one.applied.to_string(), stuck]
    })?;
    match all.iter().filter(|one| one.stuck.is_some()).count() {
        0 => Ok(()),
        count => {
            Err(refused(format!("{count} are stuck still"), "read the error, mend its cause, and retry"))
        }
    }
}

fn row(client: &Client, Parked { service, letter }: &Parked) -> Vec<String> {
    vec![
        service.clone(),
        letter.source.clone(),
        letter.aggregate.clone(),
        letter.version.to_string(),
        letter.reason().both(),
        letter.attempts.to_string(),
        client.when(letter.last_fail_time.as_ref()),
        letter.error.clone(),
    ]
}

fn fields(client: &Client, letter: &DeadLetter) -> Vec<(&'static str, String)> {
    vec![
        ("from", letter.source.clone()),
        ("aggregate", letter.aggregate.clone()),
        ("version", letter.version.to_string()),
        ("reason", letter.reason().both()),
        ("error", letter.error.clone()),
        ("tries", letter.attempts.to_string()),
        ("first failed", client.when(letter.first_fail_time.as_ref())),
        ("last failed", client.when(letter.last_fail_time.as_ref())),
        ("event", letter.event.clone()),
    ]
}
