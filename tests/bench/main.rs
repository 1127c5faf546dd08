//! How fast, beside a limit, in one run on one cluster.
//!
//! `cargo run --release -p huying-tests --bin huying-bench` prints two tables: durable submissions a second beside `pgbench` inserting the
//! same rows with one statement each, and the time from a call to its assigned case. Figures are medians of several rounds; rounds take
//! turns, so that a noisy neighbour hits both sides.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod latency;
mod pgbench;
mod submit;

use std::time::Duration;

use huying_chassis::telemetry;
use huying_tests::{Options, World};
use indicatif::{ProgressBar, ProgressStyle};

/// Rounds of each measurement.
const ROUNDS: usize = 3;
/// Of each round.
const SPAN: Duration = Duration::from_secs(5);
/// Callers, and the clients of pgbench that stand beside them. More clients than 64 only make pgbench slower, so 256 callers stand beside its best.
const CALLERS: [usize; 3] = [1, 64, 256];
const CLIENTS: [usize; 4] = [1, 16, 32, 64];

fn main() {
    if std::env::args().any(|argument| argument == "--help") {
        println!(
            "usage: huying-bench\n\nStarts its own PostgreSQL and NATS, measures for about two minutes, and prints the tables of services/README.md."
        );
        return;
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(run());
}

async fn run() {
    // As in production: traces are off, the level is info.
    let telemetry = telemetry::init(
        "bench",
        &huying_chassis::config::load::<huying_chassis::config::NoSettings>("bench", "", None, [])
            .unwrap()
            .telemetry,
    )
    .unwrap();
    let world = World::open(Options { own_postgres: true, ..Options::default() }).await;
    let bar = ProgressBar::new((ROUNDS * (2 * CALLERS.len() + CLIENTS.len()) + latency::RATES.len()) as u64)
        .with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}").unwrap());

    let mut pgbench: Vec<Vec<f64>> = vec![Vec::new(); CLIENTS.len()];
    let mut alone: Vec<Vec<f64>> = vec![Vec::new(); CALLERS.len()];
    let mut whole: Vec<Vec<f64>> = vec![Vec::new(); CALLERS.len()];
    let mut times = Vec::new();
    for rate in latency::RATES {
        bar.set_message(format!("call to case at {rate}/s"));
        times.push((rate, latency::measure(&world, rate).await));
        bar.inc(1);
    }
    for round in 0..ROUNDS {
        for (n, callers) in CALLERS.into_iter().enumerate() {
            bar.set_message(format!("round {}: {callers} callers, all services", round + 1));
            whole[n].push(submit::measure(&world, callers, SPAN).await);
            bar.inc(1);
        }
        submit::settle(&world).await;
    }
    for service in ["routing", "casework", "evaluation"] {
        world.stop(service).await;
    }
    for round in 0..ROUNDS {
        for (n, clients) in CLIENTS.into_iter().enumerate() {
            bar.set_message(format!("round {}: pgbench, {clients} clients", round + 1));
            pgbench[n].push(pgbench::measure(&world, clients, SPAN).await);
            bar.inc(1);
        }
        for (n, callers) in CALLERS.into_iter().enumerate() {
            bar.set_message(format!("round {}: {callers} callers, intake and its relay", round + 1));
            alone[n].push(submit::measure(&world, callers, SPAN).await);
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    report(pgbench, alone, whole, &times);
    world.stop("intake").await;
    telemetry.flush().await;
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn report(
    pgbench: Vec<Vec<f64>>,
    alone: Vec<Vec<f64>>,
    whole: Vec<Vec<f64>>,
    times: &[(u32, latency::Times)],
) {
    let pgbench: Vec<f64> = pgbench.into_iter().map(median).collect();
    let best = pgbench.iter().copied().fold(0.0, f64::max);
    let beside = CALLERS
        .map(|callers| CLIENTS.iter().position(|clients| *clients == callers).map_or(best, |n| pgbench[n]));
    println!("durable submissions a second, medians of {ROUNDS} rounds of {} s", SPAN.as_secs());
    println!("{:>8} {:>10} {:>26} {:>26}", "callers", "pgbench", "intake and its relay", "all four services");
    for (n, (alone, whole)) in alone.into_iter().zip(whole).enumerate() {
        let (alone, whole) = (median(alone), median(whole));
        println!(
            "{:>8} {:>10.0} {alone:>18.0} ({:>4.2}×) {whole:>18.0} ({:>4.2}×)",
            CALLERS[n],
            beside[n],
            alone / beside[n],
            whole / beside[n]
        );
    }
    println!(
        "pgbench by clients: {}",
        CLIENTS
            .iter()
            .zip(&pgbench)
            .map(|(clients, rate)| format!("{clients}: {rate:.0}"))
            .collect::<Vec<_>>()
            .join(", ")
    );
    println!("\nfrom a call to the event that its case is assigned, ms");
    println!("{:>8} {:>8} {:>8} {:>8} {:>8}", "calls/s", "calls", "p50", "p99", "most");
    for (rate, times) in times {
        println!("{rate:>8} {:>8} {:>8.2} {:>8.2} {:>8.2}", times.calls, times.p50, times.p99, times.most);
    }
}
