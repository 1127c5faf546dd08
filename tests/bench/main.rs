//! What the four services hold, beside a limit, in one run on one cluster.
//!
//! `cargo run --release -p huying-tests --bin huying-bench -- --help` says what can be measured. Each measurement is one file and prints
//! its tables; figures are medians of several rounds, and rounds take turns, so that a noisy neighbour hits all of them. Beside each row
//! stands what others used of the processors meanwhile and how slow the disk was: only rows with the same surroundings can be compared.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod alone;
mod args;
mod assigned;
mod bytes;
mod call;
mod cases;
mod clone;
mod disk;
mod events;
mod followed;
mod idle;
mod life;
mod lives;
mod pgbench;
mod processes;
mod settle;
mod stage;
mod table;
mod window;

use std::time::Duration;

use clap::Parser;
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

fn main() {
    let args = Args::parse();
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(run(args));
}

async fn run(args: Args) {
    // As in production: traces are off, the level is info.
    let settings = config::load::<NoSettings>("bench", "", None, []).unwrap();
    let telemetry = telemetry::init("bench", &settings.telemetry).unwrap();
    // The benchmark's own panic ends the process before the log is written out: it goes to stderr as usual.
    drop(std::panic::take_hook());
    let mut turns = turns(&args);
    let style = ProgressStyle::with_template("{elapsed} {bar:40} {pos}/{len} {msg}").unwrap();
    let bar = ProgressBar::new(u64::from(args.rounds) * turns.len() as u64).with_style(style);
    let stage = Stage::open(args.span(), bar).await;
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
    let cases = match args.cases {
        Some(wanted) => Some(cases::measure(&stage, wanted, args.rounds).await),
        None => None,
    };
    for service in SERVICES.into_iter().filter(|service| *service != "intake") {
        stage.world.stop(service).await;
    }
    let alone = match args.wants(Name::Alone) {
        true => Some(alone::measure(&stage, args.rounds).await),
        false => None,
    };
    stage.world.stop("intake").await;
    stage.bar.finish_and_clear();
    report(&args, &turns, cases.iter().chain(&alone));
    stage.close().await;
    telemetry.flush().await;
}

fn turns(args: &Args) -> Vec<(Name, Box<dyn Measure>)> {
    let all: [(Name, Box<dyn Measure>); 6] = [
        (Name::Idle, Box::new(idle::Idle::new())),
        (Name::Followed, Box::new(followed::Followed::new())),
        (Name::Pgbench, Box::new(pgbench::Pgbench::new())),
        (Name::Assigned, Box::new(assigned::Assigned::new())),
        (Name::Lives, Box::new(lives::Lives::new())),
        (Name::Bytes, Box::new(bytes::Bytes::new())),
    ];
    all.into_iter().filter(|(name, _)| args.wants(*name)).collect()
}

fn report<'a>(args: &Args, turns: &'a [(Name, Box<dyn Measure>)], last: impl Iterator<Item = &'a Table>) {
    println!("medians of {} rounds of {} s", args.rounds, args.span().as_secs());
    let of = |name| turns.iter().find(|turn| turn.0 == name).map(|turn| turn.1.tables()[0]);
    turns.iter().flat_map(|turn| turn.1.tables()).chain(last).for_each(Table::print);
    if let (Some(followed), Some(pgbench)) = (of(Name::Followed), of(Name::Pgbench)) {
        beside(followed, pgbench);
    }
}

/// What is followed beside the same number of pgbench's clients; where there is none, beside its best.
fn beside(followed: &Table, pgbench: &Table) {
    let limits = pgbench.medians("submissions/s");
    let best = limits.iter().map(|(_, rate)| *rate).fold(0.0, f64::max);
    let ratios = followed.medians("followed/s").into_iter().map(|(callers, rate)| {
        let limit = limits.iter().find(|(clients, _)| *clients == callers).map_or(best, |(_, rate)| *rate);
        format!("{callers}: {:.2}×", rate / limit)
    });
    println!("\nfollowed beside pgbench, by callers: {}", ratios.collect::<Vec<_>>().join(", "));
}
