//! What the four services hold, beside a limit, in one run on one cluster.
//!
//! `cargo run --release -p huying-tests --bin huying-bench -- --help` says what can be measured. Each measurement is one file and prints
//! its tables; figures are medians of several rounds, and rounds take turns, so that a noisy neighbour hits all of them. Beside each row
//! stands what others used of the processors meanwhile and how slow the disk was: only rows with the same surroundings can be compared.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod abuse;
mod alone;
mod args;
mod asked;
mod assigned;
mod bytes;
mod call;
mod cases;
mod chain;
mod classify;
mod clone;
mod disk;
mod events;
mod figures;
mod followed;
mod idle;
mod import;
mod life;
mod lives;
mod pgbench;
mod processes;
mod report;
mod settle;
mod stage;
mod steps;
mod table;
mod topics;
mod window;

use std::time::Duration;

use futures::future::BoxFuture;
use huying_chassis::{
    config::{self, NoSettings},
    telemetry,
};
use huying_tests::{SERVICES, reckon};
use indicatif::{ProgressBar, ProgressStyle};

use args::{Args, Name};
use stage::Stage;
use table::Table;

/// Before the first round: connections are made and statements planned.
const WARM_UP: Duration = Duration::from_secs(2);

/// A measurement that takes turns with the others.
trait Measure {
    fn round<'a>(&'a mut self, stage: &'a Stage) -> BoxFuture<'a, ()>;
    fn tables(&self) -> Vec<&Table>;
}

type Turn = (Name, Box<dyn Measure>);

fn main() {
    let args = Args::read();
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(run(args));
}

async fn run(args: Args) {
    // As in production: traces are off, the level is info.
    let settings = config::load::<NoSettings>("bench", "", None, []).unwrap();
    let telemetry = telemetry::init("bench", &settings.telemetry, &settings.tls).unwrap();
    // The benchmark's own panic ends the process before the log is written out: it goes to stderr as usual.
    drop(std::panic::take_hook());
    let mut turns = turns(&args);
    let style = ProgressStyle::with_template("{elapsed} {bar:40} {pos}/{len} {msg}").unwrap();
    let bar = ProgressBar::new(u64::from(args.rounds) * turns.len() as u64).with_style(style);
    let stage = Stage::open(&args, bar).await;
    stage.bar.set_message("warming up");
    lives::lives(&stage, 16, WARM_UP).await;
    for _ in 0..args.rounds {
        for (_, turn) in &mut turns {
            turn.round(&stage).await;
            stage.bar.inc(1);
        }
    }
    settle::settle(&stage).await;
    // Nothing was lost on the way, or the figures would be worth nothing.
    reckon::all_caught_up(&stage.world).await;
    let cases = match args.cases.filter(|_| args.wants(Name::Cases)) {
        Some(many) => Some(cases::measure(&stage, many, args.rounds).await),
        None => None,
    };
    for service in SERVICES.into_iter().filter(|service| *service != "intake") {
        stage.world.stop(service).await;
    }
    let alone = match args.wants(Name::Alone) {
        true => Some(alone::measure(&stage, args.rounds).await),
        false => None,
    };
    let chain = match args.wants(Name::Chain) {
        true => Some(chain::measure(&stage, args.rounds).await),
        false => None,
    };
    stage.world.stop("intake").await;
    stage.bar.finish_and_clear();
    report::print(&args, &turns, cases.as_ref(), [alone, chain]);
    stage.close().await;
    telemetry.flush().await;
}

fn turns(args: &Args) -> Vec<Turn> {
    let all: [Turn; 12] = [
        (Name::Idle, Box::new(idle::Idle::new())),
        (Name::Followed, Box::new(followed::Followed::new())),
        (Name::Pgbench, Box::new(pgbench::Pgbench::new())),
        (Name::Assigned, Box::new(assigned::Assigned::new())),
        (Name::Lives, Box::new(lives::Lives::new())),
        (Name::Steps, Box::new(steps::Steps::new())),
        (Name::Bytes, Box::new(bytes::Bytes::new())),
        (Name::Import, Box::new(import::Import::new())),
        (Name::Classify, Box::new(classify::Classify::new())),
        (Name::Figures, Box::new(figures::Figures::new(args.cases))),
        (Name::Topics, Box::new(topics::Topics::new())),
        (Name::Abuse, Box::new(abuse::Abuse::new())),
    ];
    all.into_iter().filter(|(name, _)| args.wants(*name)).collect()
}
