//! `huying log`: `verify` replays every aggregate of the services' logs and compares it with its row, and the logs with their anchors, which
//! `anchors` lists; `adopt` and `disown` say how a follower
//! goes on whose source has another history than the one that took effect there.

mod anchors;

use std::collections::BTreeMap;

use clap::Subcommand;
use huying_proto::log::v1::{DeadLetterVerdict, LogAccount, LogFault, VerifyLogRequest};
use huying_words::set_in;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{Session, dead_letters::Settled};
use crate::client::Client;
use crate::failure::refused;
use crate::output::label;
use crate::services::NAMES;

const PAGE: i32 = 500;

/// The services' logs
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying log verify
  huying log verify --service casework
  huying log anchors
  huying log adopt 0198c0de-0000-7000-8000-000000000001 --service casework --reason 'routing was restored from last night'")]
pub enum Command {
    /// Replay every log and compare it with the rows and with its anchors; ends with 1 when something is wrong
    #[command(after_help = "\
examples:
  huying log verify
  huying log verify --service casework -o json")]
    Verify {
        /// Only this service
        #[arg(long, value_parser = NAMES)]
        service: Option<String>,
    },
    /// The anchors of the logs: signed roots over their entries, kept outside the databases
    #[command(after_help = "\
examples:
  huying log anchors
  huying log anchors --service casework -o jsonl")]
    Anchors {
        /// Only this service
        #[arg(long, value_parser = NAMES)]
        service: Option<String>,
    },
    /// Let a parked aggregate go on from the newest entry of its owner's log, whatever took effect here before
    #[command(after_help = "\
examples:
  huying log adopt 0198c0de-0000-7000-8000-000000000001 --reason 'routing was restored from last night'
  huying log adopt 0198c0de-0000-7000-8000-000000000001 --service casework --reason 'the entry cannot be told'

for an aggregate that its owner still has; --service is the follower that parked it (huying dead-letters list)")]
    Adopt {
        #[command(flatten)]
        settled: Settled,
    },
    /// Expect nothing more of a parked aggregate that its owner has no more; what took effect here stays
    #[command(after_help = "\
examples:
  huying log disown 0198c0de-0000-7000-8000-000000000001 --reason 'lost with the old server, entered anew as JA-20261126-000123'
  huying log disown 0198c0de-0000-7000-8000-000000000001 --service evaluation --reason 'casework was restored from last night'")]
    Disown {
        #[command(flatten)]
        settled: Settled,
    },
}

/// What the check of one kind of aggregates came to.
#[derive(Default, Serialize)]
struct Checked {
    service: String,
    kind: String,
    checked: i64,
    replayed: i64,
    faults: Vec<LogFault>,
    /// It is of anchors and their entries, not of aggregates.
    #[serde(skip)]
    of_anchors: bool,
    /// By district; only of what accounts are kept.
    accounts: BTreeMap<String, Account>,
}

/// 四账: entered = working + settled.
#[derive(Default, Serialize)]
struct Account {
    entered: i64,
    working: i64,
    settled: i64,
}

impl Account {
    fn add(&mut self, more: &LogAccount) {
        self.entered += more.entered;
        self.working += more.working;
        self.settled += more.settled;
    }

    fn is_balanced(&self) -> bool {
        self.entered == self.working + self.settled
    }

    fn in_words(&self, district: &str) -> String {
        let sign = if self.is_balanced() { "=" } else { "≠" };
        format!("{district}: {} {sign} {} + {}", self.entered, self.working, self.settled)
    }
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Verify { service } => verify_all(session, service.as_deref()).await,
            Self::Anchors { service } => anchors::list_all(session, service.as_deref()).await,
            Self::Adopt { settled } => settled.settle(session, DeadLetterVerdict::Adopted).await,
            Self::Disown { settled } => settled.settle(session, DeadLetterVerdict::Disowned).await,
        }
    }
}

async fn verify_all(session: &Session, service: Option<&str>) -> anyhow::Result<()> {
    let client = session.client()?;
    // Draws on standard error, and only on a terminal.
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}  {human_pos} aggregates  {per_sec}") {
        bar.set_style(style);
    }
    let mut all = Vec::new();
    for service in NAMES.into_iter().filter(|name| service.is_none_or(|chosen| chosen == *name)) {
        all.extend(verify(&client, service, &bar).await?);
        label(&bar, &format!("{service} anchors"));
        all.push(anchors::verify(&client, service).await?);
    }
    bar.finish_and_clear();
    let header = ["service", "kind", "checked", "entries", "entered = working + settled", "faults"];
    session.out.blocks(&header, &all, |one| {
        let faults =
            one.faults.iter().map(|fault| format!("{}: {}", fault.aggregate, set_in(&fault.problem)));
        let faults = faults.collect::<Vec<_>>().join("\n");
        let faults = if faults.is_empty() { "none".to_owned() } else { faults };
        let accounts = one.accounts.iter().map(|(district, account)| account.in_words(district));
        let accounts = accounts.collect::<Vec<_>>().join("\n");
        let (checked, replayed) = (one.checked.to_string(), one.replayed.to_string());
        vec![one.service.clone(), one.kind.clone(), checked, replayed, accounts, faults]
    })?;
    let unbalanced = all.iter().flat_map(|one| &one.accounts).filter(|(_, account)| !account.is_balanced());
    let unbalanced: Vec<&str> = unbalanced.map(|(district, _)| district.as_str()).collect();
    if !unbalanced.is_empty() {
        return Err(refused(
            format!(
                "the accounts of {} do not balance: entered is not working + settled",
                unbalanced.join(", ")
            ),
            "a row was lost or doubled: the faults name it; the log is the truth, keep a copy of both before you mend the row from it",
        ));
    }
    let faults = |of_anchors: bool| {
        all.iter().filter(|one| one.of_anchors == of_anchors).map(|one| one.faults.len()).sum::<usize>()
    };
    match (faults(false), faults(true)) {
        (0, 0) => Ok(()),
        (0, count) => Err(refused(
            format!("{count} times a log is not what was anchored"),
            "somebody has changed it, or it went back to a backup: keep copies of the database and of the file of anchors, and compare with a backup",
        )),
        (count, _) => Err(refused(
            format!("{count} aggregates differ from their logs"),
            "the log is the truth: keep a copy of both, stop the service, and mend the row from its log",
        )),
    }
}

async fn verify(client: &Client, service: &str, bar: &ProgressBar) -> anyhow::Result<Vec<Checked>> {
    let mut log = client.log(service)?;
    let kinds = log.verify_log(VerifyLogRequest::default()).await?.into_inner().kinds;
    let mut all = Vec::new();
    for kind in kinds {
        label(bar, &format!("{service} {kind}"));
        let mut one = Checked { service: service.to_owned(), kind, ..Checked::default() };
        let mut page_token = String::new();
        loop {
            let request = VerifyLogRequest { kind: one.kind.clone(), page_size: PAGE, page_token };
            let page = log.verify_log(request).await?.into_inner();
            one.checked += i64::from(page.checked);
            one.replayed += page.replayed;
            one.faults.extend(page.faults);
            for account in &page.accounts {
                one.accounts.entry(account.district.clone()).or_default().add(account);
            }
            bar.inc(u64::try_from(page.checked).unwrap_or(0));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        all.push(one);
    }
    Ok(all)
}
