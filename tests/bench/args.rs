//! What can be asked of the benchmark.

use std::time::Duration;

use clap::{CommandFactory as _, Parser, ValueEnum, error::ErrorKind, value_parser};

const EXAMPLES: &str = "\
Examples:
  huying-bench                                     everything but a large database, about eight minutes
  huying-bench --only followed,pgbench             the rate that the whole holds, beside the limit
  huying-bench --only lives,pgbench                what a whole life costs, in transactions of pgbench
  huying-bench --only steps                        steps a second and the time of one, beside the limit
  huying-bench --only import                       rows of an import a second, beside submissions
  huying-bench --only figures --cases 1000000      figures counted, counted anew and read, with a million cases
  huying-bench --only abuse                        what honest callers notice of somebody who does not behave
  huying-bench --only chain --rounds 20            what the chained log costs: each round takes half a minute
  huying-bench --only idle --rounds 1              what it costs when nothing happens
  huying-bench --span 1 --rounds 1                 a quick look: no figure to quote
  huying-bench --only cases --cases 1000000        the cost of a call with ten thousand cases there and with a million; wants about 12 GB of disk

Starts its own PostgreSQL and NATS in a directory for temporary files (TMPDIR), and removes them at the end.";

/// Measures the four services, with their callers, in one process on one private PostgreSQL and NATS.
#[derive(Parser)]
#[command(name = "huying-bench", after_help = EXAMPLES)]
pub struct Args {
    /// Measure only these.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "NAME")]
    pub only: Vec<Name>,
    /// Rounds, which take turns; figures are medians of them.
    #[arg(long, default_value_t = 3, value_parser = value_parser!(u32).range(1..))]
    pub rounds: u32,
    /// Length of one measurement; idleness and steady rates are watched twice as long.
    #[arg(long, default_value_t = 5, value_name = "SECONDS", value_parser = value_parser!(u64).range(1..))]
    span: u64,
    /// Clone so many cases, and measure what calls cost with ten thousand there (with a tenth of them where that is less), and with all.
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(400..=1_000_000_000), required_if_eq("only", "cases"))]
    pub cases: Option<u32>,
    /// Over TLS, everybody showing a certificate: what that costs.
    #[arg(long)]
    pub tls: bool,
    /// Every log is anchored each second, sixty times as often as usual: what that costs. Without chain, which compares that with never.
    #[arg(long)]
    pub anchors: bool,
}

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Name {
    /// Processor and wake-ups while nothing happens.
    Idle,
    /// Submissions a second: what the door accepts, and what every service has followed.
    Followed,
    /// From a call to the event of its assigned case, at steady rates.
    Assigned,
    /// Whole lives a second, from the call to the account struck off, and the processor time of one; with pgbench, in its transactions too.
    Lives,
    /// Steps on cases a second, of one caller and of 64, and the time of one, beside pgbench updating the row and inserting the entry.
    Steps,
    /// Bytes that a life leaves behind, and the write-ahead log it makes.
    Bytes,
    /// Rows of an import a second, beside submissions of as many callers; the ratio is to be 0.8 at least.
    Import,
    /// Messages that the learned classifier tells in a second on one core, with few labels and with many.
    Classify,
    /// Events of cases counted in a second, a recount, and a scoreboard with ten thousand cases and with ten times as many, or with --cases.
    Figures,
    /// Messages a second that common issues are found among on one core, of ten thousand and of a hundred thousand.
    Topics,
    /// What 64 honest callers notice of idle streams, unfinished bodies, large ones of one platform, a flood, one of health checks, rapid resets, wrong tokens, unread lists, lists and silent connections: p99 beside that without, to be 2 at most.
    Abuse,
    /// The limit: pgbench inserting a submission's rows with one statement.
    Pgbench,
    /// Lists, boards, ledgers, reading and accepting a case, with few cases there and with many: how many, --cases says, and without it nothing of it is measured.
    Cases,
    /// Submissions a second with only intake running.
    Alone,
    /// The same with the log anchored each second, sixty times as often as usual, beside the same without; the ratio is to be 0.97 at least.
    Chain,
}

impl Args {
    /// Those of the command line; the process ends where they make no sense.
    pub fn read() -> Self {
        let args = Self::parse();
        if args.anchors && args.only.contains(&Name::Chain) {
            let what = "--anchors cannot be used with chain: intake would anchor in the turns without, too";
            Self::command().error(ErrorKind::ArgumentConflict, what).exit();
        }
        args
    }

    pub fn wants(&self, name: Name) -> bool {
        let is_said = self.only.contains(&name);
        is_said || (self.only.is_empty() && !(name == Name::Chain && self.anchors))
    }

    pub fn span(&self) -> Duration {
        Duration::from_secs(self.span)
    }
}
