//! `huying log verify`: replays every aggregate of the services' logs and compares it with its row.

use clap::Subcommand;
use huying_proto::log::v1::{LogFault, VerifyLogRequest};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::Session;
use crate::client::{Client, SERVICES};
use crate::failure::refused;

const PAGE: i32 = 500;

/// The services' logs
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying log verify
  huying log verify --service casework")]
pub enum Command {
    /// Replay every log and compare it with the rows; ends with 1 when something is wrong
    #[command(after_help = "\
examples:
  huying log verify
  huying log verify --service casework -o json")]
    Verify {
        /// Only this service
        #[arg(long, value_parser = SERVICES)]
        service: Option<String>,
    },
}

/// What the check of one kind of aggregates came to.
#[derive(Serialize)]
struct Checked {
    service: String,
    kind: String,
    checked: i64,
    replayed: i64,
    faults: Vec<LogFault>,
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let Self::Verify { service } = self;
        let client = session.client()?;
        // Draws on standard error, and only on a terminal.
        let bar = ProgressBar::no_length();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}  {human_pos} aggregates  {per_sec}")
        {
            bar.set_style(style);
        }
        let mut all = Vec::new();
        for service in
            SERVICES.into_iter().filter(|name| service.as_deref().is_none_or(|chosen| chosen == *name))
        {
            all.extend(verify(&client, service, &bar).await?);
        }
        bar.finish_and_clear();
        let header = ["service", "kind", "aggregates", "entries", "faults"];
        session.out.list(&header, &all, |one| {
            let faults = one.faults.iter().map(|fault| format!("{}: {}", fault.aggregate, fault.problem));
            let faults = faults.collect::<Vec<_>>().join("\n");
            let faults = if faults.is_empty() { "none".to_owned() } else { faults };
            vec![
                one.service.clone(),
                one.kind.clone(),
                one.checked.to_string(),
                one.replayed.to_string(),
                faults,
            ]
        })?;
        match all.iter().map(|one| one.faults.len()).sum::<usize>() {
            0 => Ok(()),
            count => Err(refused(
                format!("{count} aggregates differ from their logs"),
                "the log is the truth: keep a copy of both, stop the service, and mend the row from its log",
            )),
        }
    }
}

async fn verify(client: &Client, service: &str, bar: &ProgressBar) -> anyhow::Result<Vec<Checked>> {
    let mut log = client.log(service)?;
    let kinds = log.verify_log(VerifyLogRequest::default()).await?.into_inner().kinds;
    let mut all = Vec::new();
    for kind in kinds {
        bar.set_message(format!("{service} {kind}"));
        let mut one =
            Checked { service: service.to_owned(), kind, checked: 0, replayed: 0, faults: Vec::new() };
        let mut page_token = String::new();
        loop {
            let request = VerifyLogRequest { kind: one.kind.clone(), page_size: PAGE, page_token };
            let page = log.verify_log(request).await?.into_inner();
            one.checked += i64::from(page.checked);
            one.replayed += page.replayed;
            one.faults.extend(page.faults);
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
