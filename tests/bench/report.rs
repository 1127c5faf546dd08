//! What is printed at the end: each measurement's tables, and what of one stands beside another.

use super::{
    Turn,
    args::{Args, Name},
    cases::P99,
    pgbench::{CPU, RATE},
    table::Table,
};

/// A column of a table.
type Figures<'a> = (&'a Table, &'a str);

pub fn print(args: &Args, turns: &[Turn], cases: Option<&[Table; 2]>, last: [Option<Table>; 2]) {
    println!("medians of {} rounds of {} s", args.rounds, args.span().as_secs());
    let last = cases.into_iter().flatten().chain(last.iter().flatten());
    turns.iter().flat_map(|turn| turn.1.tables()).chain(last).for_each(Table::print);
    println!();
    let of = |name| turns.iter().find(|turn| turn.0 == name).map(|turn| turn.1.tables());
    let pgbench = of(Name::Pgbench);
    if let (Some(followed), Some(pgbench)) = (of(Name::Followed), &pgbench) {
        let (ours, limit) = ((followed[0], "followed/s"), (pgbench[0], RATE));
        beside("followed beside pgbench, by callers", ours, limit, f64::max);
    }
    if let (Some(lives), Some(pgbench)) = (of(Name::Lives), &pgbench) {
        let (ours, limit) = ((lives[1], "all"), (pgbench[0], CPU));
        beside(
            "a life beside a transaction of pgbench in processor time, by lives at once",
            ours,
            limit,
            f64::min,
        );
    }
    if let Some(steps) = of(Name::Steps) {
        beside("steps beside pgbench, by callers", (steps[0], "steps/s"), (steps[1], RATE), f64::max);
    }
    if let Some([few, many]) = cases {
        beside("p99 with many cases beside few (aim: at most 1.20×)", (many, P99), (few, P99), f64::min);
    }
}

/// Medians beside those of the same rows; where there is no such row, beside the best.
fn beside(what: &str, (ours, column): Figures, (limit, of): Figures, best: fn(f64, f64) -> f64) {
    let limits = limit.medians(of);
    let best = limits.iter().map(|(_, figure)| *figure).reduce(best).unwrap_or(f64::NAN);
    let ratios = ours.medians(column).into_iter().map(|(row, figure)| {
        let limit = limits.iter().find(|(same, _)| *same == row).map_or(best, |(_, figure)| *figure);
        format!("{row}: {:.2}×", figure / limit)
    });
    println!("{what}: {}", ratios.collect::<Vec<_>>().join("; "));
}
