//! `huying ledger`: 清单、台账, the named lists of a place: which there are, what is on one, how many, and into a file.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use huying_proto::casework::v1::{
    CaseState, CountLedgerRequest, ExportLedgerRequest, Ledger, LedgerCase, LedgerCount, LedgerSplit,
    ListLedgerCasesRequest, ListLedgersRequest, Outcome,
};
use huying_proto::common::v1::{Lamp, Tier};

use super::Session;
use super::names::{Names, named};
use super::page::{Most, head};
use crate::client::{Client, Who};
use crate::words::Word;

mod cell;
mod export;

/// Ledgers: named, always current lists of cases, as the profile has them (清单、台账)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying ledger list
  huying ledger count problems
  huying ledger show problems --area 420102003
  huying ledger export problems --to 问题清单.xlsx")]
pub enum Command {
    /// Which there are
    #[command(after_help = "\
examples:
  huying ledger list
  huying ledger list -o json")]
    List,
    /// The cases on one, in its order and with its columns
    #[command(after_help = "\
examples:
  huying ledger show problems
  huying ledger show responsibility --of S-420102003 -n 200
  huying ledger show led --of 王书记
  huying ledger show problems --area 420102003 -o json")]
    Show {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        most: Most,
    },
    /// How many are on one and how many of them are late, by area, unit or leader, whichever it is split by
    #[command(after_help = "\
examples:
  huying ledger count problems
  huying ledger count problems --area 420102003
  huying ledger count responsibility -o json")]
    Count(Which),
    /// All of one into a file for a spreadsheet: its name ends with .csv or .xlsx
    #[command(after_help = "\
examples:
  huying ledger export problems --to 问题清单.xlsx
  huying ledger export responsibility --of S-420102003 --to 一元街道.csv
  huying ledger export settled --area 420102003 --to settled.csv --unit S-420102003")]
    Export {
        #[command(flatten)]
        which: Which,
        /// The file, which is made anew
        #[arg(long, value_name = "FILE", value_parser = export::file)]
        to: PathBuf,
    },
}

#[derive(Args, Debug)]
pub struct Which {
    /// The ledger's code, as `huying ledger list` has it
    code: String,
    /// Only those in this area
    #[arg(long, value_name = "CODE", default_value = "")]
    area: String,
    /// Only of this one of what the ledger is split by: a unit's code, a leader's name, …
    #[arg(long, value_name = "WHICH", default_value = "")]
    of: String,
    /// The unit that looks; a leader of the district if not given
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
}

impl Which {
    async fn who(&self, client: &Client) -> anyhow::Result<Who> {
        match &self.unit {
            Some(unit) => client.of_unit(unit).await,
            None => client.reader(),
        }
    }
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        match self {
            Self::List => list(session, &client).await,
            Self::Show { which, most } => show(session, &client, which, most).await,
            Self::Count(which) => count(session, &client, which).await,
            Self::Export { which, to } => {
                let request = ExportLedgerRequest {
                    district: client.district()?,
                    ledger: which.code.clone(),
                    area: which.area.clone(),
                    of: which.of.clone(),
                    page_token: String::new(),
                };
                let who = which.who(&client).await?;
                let rows = Box::pin(export::run(&client, &who, request, &to)).await?;
                session.out.text(&format!("{} {rows}", to.display()))
            }
        }
    }
}

async fn list(session: &Session, client: &Client) -> anyhow::Result<()> {
    let request = ListLedgersRequest { district: client.district()? };
    let ledgers = client.ledgers(&client.reader()?)?.list_ledgers(request).await?.into_inner().ledgers;
    session.out.list(&["code", "name", "which", "split by", "order", "columns"], &ledgers, |it| {
        vec![
            it.code.clone(),
            it.name.clone(),
            conditions(it),
            it.split().chinese().to_owned(),
            it.order().chinese().to_owned(),
            it.columns().map(Word::chinese).collect::<Vec<_>>().join("、"),
        ]
    })
}

/// What it narrows by, in words.
fn conditions(it: &Ledger) -> String {
    let mut words = Vec::new();
    if it.state() != CaseState::Unspecified {
        words.push(it.state().chinese());
    }
    if it.outcome() != Outcome::Unspecified {
        words.push(it.outcome().chinese());
    }
    if it.tier() != Tier::Unspecified {
        words.push(it.tier().chinese());
    }
    if it.lamp() != Lamp::Unspecified {
        words.push(it.lamp().chinese());
    }
    for (asked, word) in [
        (it.open, "未销号"),
        (it.supervised, "督办件"),
        (it.hard, "疑难"),
        (it.led, "领导领办"),
        (it.whole, "不含拆分件"),
    ] {
        words.extend(asked.then_some(word));
    }
    words.extend([it.area.as_str(), it.category.as_str()].into_iter().filter(|code| !code.is_empty()));
    if words.is_empty() { "全部".to_owned() } else { words.join("、") }
}

/// A page of it for people; for programs the contract's own messages.
async fn show(session: &Session, client: &Client, which: Which, most: Most) -> anyhow::Result<()> {
    let mut ledgers = client.ledgers(&which.who(client).await?)?;
    let filter = ListLedgerCasesRequest {
        district: client.district()?,
        ledger: which.code,
        area: which.area,
        of: which.of,
        ..Default::default()
    };
    let first = ListLedgerCasesRequest { page_size: 1, ..filter.clone() };
    let ledger = ledgers.list_ledger_cases(first).await?.into_inner().ledger.unwrap_or_default();
    let rows: Vec<LedgerCase> = most
        .collect(async |page_size, page_token| {
            let page = ListLedgerCasesRequest { page_size, page_token, ..filter.clone() };
            let page = ledgers.list_ledger_cases(page).await?.into_inner();
            Ok((page.cases, page.next_page_token))
        })
        .await?;
    if session.out.is_json() {
        return session.out.list(&[], &rows, |_| Vec::new());
    }
    let mut names = Names::new(client)?;
    cell::learn(&mut names, &rows).await?;
    head(session, client, &title(&ledger))?;
    let header: Vec<&str> = ledger.columns().map(Word::chinese).collect();
    session.out.list(&header, &rows, |row| {
        ledger.columns().map(|column| cell::of(client, &names, row, column).short(client)).collect()
    })
}

/// `问题清单 problems`
fn title(ledger: &Ledger) -> String {
    format!("{} {}", ledger.name, ledger.code)
}

async fn count(session: &Session, client: &Client, which: Which) -> anyhow::Result<()> {
    let mut ledgers = client.ledgers(&which.who(client).await?)?;
    let mut request = CountLedgerRequest {
        district: client.district()?,
        ledger: which.code,
        area: which.area,
        of: which.of,
        page_token: String::new(),
    };
    let (mut counts, mut ledger): (Vec<LedgerCount>, _) = (Vec::new(), Ledger::default());
    loop {
        let page = ledgers.count_ledger(request.clone()).await?.into_inner();
        ledger = page.ledger.unwrap_or(ledger);
        page.counts.into_iter().for_each(|more| add(&mut counts, more));
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    counts.sort_by(|one, other| other.cases.cmp(&one.cases).then_with(|| one.of.cmp(&other.of)));
    if session.out.is_json() {
        return session.out.list(&[], &counts, |_| Vec::new());
    }
    name(client, &ledger, &mut counts).await?;
    let total = LedgerCount {
        of: "合计".to_owned(),
        cases: counts.iter().map(|it| it.cases).sum(),
        overdue: counts.iter().map(|it| it.overdue).sum(),
        ..Default::default()
    };
    if counts.len() != 1 || ledger.split() != LedgerSplit::Unspecified {
        counts.push(total);
    } else {
        counts = vec![total];
    }
    head(session, client, &title(&ledger))?;
    let split = if ledger.split() == LedgerSplit::Unspecified { "" } else { ledger.split().chinese() };
    session.out.list(&[split, "件数", "超期"], &counts, |it| {
        let of = if it.of.is_empty() { "-" } else { it.of.as_str() };
        vec![named(of, beside(&ledger, it)), it.cases.to_string(), it.overdue.to_string()]
    })
}

/// The names of areas, and of units that the cases do not name.
async fn name(client: &Client, ledger: &Ledger, counts: &mut [LedgerCount]) -> anyhow::Result<()> {
    let mut names = Names::new(client)?;
    for it in counts.iter_mut().filter(|it| it.name.is_empty()) {
        match ledger.split() {
            LedgerSplit::Area => names.learn_areas([&it.of]).await?,
            LedgerSplit::Holder | LedgerSplit::Arbiter | LedgerSplit::Verifier => {
                names.learn_units([&it.of]).await?;
            }
            LedgerSplit::Unspecified
            | LedgerSplit::Leader
            | LedgerSplit::Category
            | LedgerSplit::State
            | LedgerSplit::Outcome => continue,
        }
        names.of(&it.of).clone_into(&mut it.name);
    }
    Ok(())
}

/// What stands beside a code: the word of a state or an outcome, or the name.
fn beside<'a>(ledger: &Ledger, it: &'a LedgerCount) -> &'a str {
    let word = match ledger.split() {
        LedgerSplit::State => CaseState::parse(&it.of).map(Word::chinese),
        LedgerSplit::Outcome => Outcome::parse(&it.of).map(Word::chinese),
        LedgerSplit::Unspecified
        | LedgerSplit::Area
        | LedgerSplit::Holder
        | LedgerSplit::Leader
        | LedgerSplit::Arbiter
        | LedgerSplit::Verifier
        | LedgerSplit::Category => None,
    };
    word.unwrap_or(&it.name)
}

/// What a further answer says of the same one belongs to it.
fn add(counts: &mut Vec<LedgerCount>, more: LedgerCount) {
    match counts.iter_mut().find(|it| it.of == more.of) {
        Some(it) => {
            it.cases += more.cases;
            it.overdue += more.overdue;
        }
        None => counts.push(more),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_one_are_added_up() {
        let of =
            |of: &str, cases, overdue| LedgerCount { of: of.into(), cases, overdue, ..Default::default() };
        let mut counts = Vec::new();
        for more in [of("S-1", 2, 1), of("S-2", 1, 0), of("S-1", 3, 1)] {
            add(&mut counts, more);
        }
        assert_eq!(counts, [of("S-1", 5, 2), of("S-2", 1, 0)]);
    }

    #[test]
    fn what_it_narrows_by_is_said() {
        let ledger = Ledger { hard: true, tier: Tier::Street.into(), ..Default::default() };
        assert_eq!(conditions(&ledger), "街道、疑难");
        assert_eq!(conditions(&Ledger::default()), "全部");
    }
}
