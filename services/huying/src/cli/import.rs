//! `huying import`: a platform's file as requests.

use std::{
    collections::BTreeMap,
    io::IsTerminal as _,
    path::{Path, PathBuf},
};

use clap::Args;
use huying_chassis::peers::Peer;
use huying_proto::intake::v1::{Channel, SubmitRequestRequest, request_service_client::RequestServiceClient};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use tonic::Status;

use super::Session;
use crate::client::{Client, Who};
use crate::import::{
    AT_ONCE, Job,
    map::Map,
    send,
    state::{State, Wrongs},
    table::Table,
};
use crate::output::note;
use crate::words::Word as _;

/// Rows after which it is written how far it has come.
const NOTED: usize = 1000;

/// Take a platform's file of requests, or its history (导入)
#[derive(Args, Debug)]
#[command(
    long_about = "\
Take a platform's file of requests: CSV (UTF-8), XLSX, or JSON lines, by its ending.

A mapping says which of the platform's columns is which field of ours, what its values mean, and how it writes times. Whatever is
wrong with it is told before anything is sent. A row that says when it was closed is history: it is taken as answered, without a
route and without a case.

What is refused goes to a table of errors beside the file: row, column, reason, text; and so does what could not be read of a row that
is taken all the same, which is kept as given. How far it has come stands beside the file too, so the same command goes on where it
stopped, and sends nothing that is done. A row is one command by what it says: sent again, also with --anew or in a file in which other
rows were mended, it gets its first answer. A day on which something was closed means its end.",
    after_help = "\
examples:
  huying import orders.csv --map deploy/imports/hotline.toml --check
  huying import orders.csv --map deploy/imports/hotline.toml
  huying import 2025.xlsx --map deploy/imports/hotline.toml --errors 2025.errors.csv --at-once 64

a mapping, such as deploy/imports/hotline.toml:
  zone = \"Asia/Shanghai\"            # of times that do not say it
  times = [\"%Y年%m月%d日 %H:%M\"]     # besides 2026-11-27 10:00:00 and the like
  [columns]                          # our field = their column
  external_id = \"工单编号\"
  content = \"诉求内容\"
  [fixed]                            # what every row says that says nothing itself
  channel = \"hotline\"
  [values.type]                      # their value = ours
  咨询类 = \"consultation\"
  [extensions]                       # whatever else is to be kept = their column
  工单级别 = \"级别\""
)]
pub struct Import {
    /// A file that ends in .csv, .xlsx or .jsonl
    file: PathBuf,
    /// Which column is which field
    #[arg(long, value_name = "FILE")]
    map: PathBuf,
    /// The unit that takes them and owes the answers; the platform does if not given
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// Where errors go; beside the file if not given
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// Where it stands how far it has come; beside the file if not given
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Send all rows again, whatever is done: nothing is taken twice
    #[arg(long)]
    anew: bool,
    /// Only look at the file and the mapping
    #[arg(long)]
    check: bool,
    /// How many rows are under way at once
    #[arg(long, default_value_t = AT_ONCE, value_name = "COUNT", value_parser = at_once)]
    at_once: usize,
}

fn at_once(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|count| (1..=1024).contains(count)).ok_or("write 1 to 1024".to_owned())
}

#[derive(Serialize)]
struct Report {
    rows: usize,
    taken: usize,
    refused: usize,
    /// Of those that are taken: something could not be read.
    unread: usize,
    errors: String,
}

impl Import {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let map = Map::read(&self.map)?;
        let table = Table::open(&self.file, map.sheet())?;
        let placed = map.on(&table.columns)?;
        if self.check {
            return note(&format!("{} rows, and the mapping fits", table.rows));
        }
        let client = session.client()?;
        let district = client.district()?;
        let senders = self.senders(&client, &district).await?;
        let beside = |ending: &str| PathBuf::from(format!("{}.{ending}", self.file.display()));
        let noted = self.state.clone().unwrap_or_else(|| beside("import.json"));
        let errors = self.errors.clone().unwrap_or_else(|| beside("errors.csv"));
        let digest: String = table.digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let state = State::read(&noted, digest.clone())?;
        let state = if self.anew { State { digest, ..State::default() } } else { state };
        let job =
            Job { table: &table, map: &placed, district: &district, skip: state.done, at_once: self.at_once };
        let state = sent(&job, &senders, state, (&noted, &errors)).await?;
        let report = Report {
            rows: table.rows,
            taken: state.done - state.refused,
            refused: state.refused,
            unread: state.unread,
            errors: errors.display().to_string(),
        };
        session.out.one(&report, |report| {
            vec![
                ("rows", report.rows.to_string()),
                ("taken", report.taken.to_string()),
                ("refused", report.refused.to_string()),
                ("not all read", report.unread.to_string()),
                (
                    "errors",
                    if report.refused + report.unread > 0 { report.errors.clone() } else { String::new() },
                ),
            ]
        })
    }

    /// Whoever sends by each door.
    async fn senders(&self, client: &Client, district: &str) -> anyhow::Result<Senders> {
        let unit = match &self.unit {
            Some(unit) => Some(client.of_unit(unit).await?),
            None => None,
        };
        let mut senders = BTreeMap::new();
        for (door, channel) in Channel::ALL {
            let platform = || Who::Platform { area: district.to_owned(), door };
            let who = unit.clone().unwrap_or_else(platform);
            senders.insert(i32::from(*channel), client.requests(&who)?);
        }
        Ok(senders)
    }
}

type Senders = BTreeMap<i32, RequestServiceClient<Peer>>;

/// Sends what is not done yet; how far it has come is written also where it stops.
async fn sent(
    job: &Job<'_>,
    senders: &Senders,
    mut state: State,
    (noted, errors): (&Path, &Path),
) -> anyhow::Result<State> {
    if state.done > 0 {
        note(&format!("{} rows are done already; --anew sends them again", state.done))?;
    }
    let mut wrongs = Wrongs::open(errors, state.line)?;
    let bar = bar(job.table.rows as u64);
    bar.set_position(state.done as u64);
    let take = async |request: SubmitRequestRequest| {
        let sender = senders.get(&request.channel).cloned();
        let mut sender = sender.ok_or_else(unknown_door)?;
        sender.submit_request(request).await.map(drop)
    };
    let ended = send(job, take, |done| {
        state.done += 1;
        state.line = done.line;
        state.refused += usize::from(done.refused);
        state.unread += usize::from(!done.refused && !done.wrong.is_empty());
        done.wrong.iter().try_for_each(|wrong| wrongs.add(done.line, wrong))?;
        bar.set_position(state.done as u64);
        if state.done.is_multiple_of(NOTED) {
            wrongs.flush()?;
            state.write(noted)?;
        }
        Ok(())
    })
    .await;
    bar.finish_and_clear();
    wrongs.flush()?;
    state.write(noted)?;
    if ended.is_err() {
        note(&format!("stopped after {} rows: the same command goes on from there", state.done))?;
    }
    ended.map(|()| state)
}

#[allow(clippy::disallowed_methods, reason = "nobody answered: it is no refusal of a service")]
fn unknown_door() -> Status {
    Status::internal("a row has no door")
}

/// Shown only where somebody looks.
fn bar(rows: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} rows  {per_sec}  {eta} left");
    ProgressBar::new(rows).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
