//! Any report: every field takes what its type allows.

use chrono::{FixedOffset, NaiveDate, TimeZone as _, Utc};
use huying_report::{
    Age, Better, Cell, Count, Definition, Issue, Line, Measure, Named, Number, Period, Rate, Report, Row,
    Series, Step, Tier, Unit,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

/// What people write, and what would break out.
fn text() -> impl Strategy<Value = String> {
    let hostile = [
        "<script>alert(1)</script>",
        "\"><svg onload=x>",
        "'&amp;]]>",
        "\u{202e}江岸\u{2066}",
        "=1+1",
        "",
        " \n\t",
        "</style></svg>",
    ];
    prop_oneof![any::<String>(), "\\PC{0,40}", select(hostile.map(str::to_owned).to_vec())]
}

/// Few codes, so that they meet.
fn code() -> impl Strategy<Value = String> {
    prop_oneof![select(vec!["a", "b", "c", "d"]).prop_map(str::to_owned), text()]
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<f64>().prop_filter_map("no number", Number::of),
        (0.0..=1.0_f64).prop_filter_map("no number", Number::of),
        select(vec![0.0, 1.0, -0.0, 1e15, 1e-300, 0.99999]).prop_filter_map("no number", Number::of),
    ]
}

fn day() -> impl Strategy<Value = NaiveDate> {
    prop_oneof![
        (0..4000_i64).prop_map(|n| NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + chrono::Duration::days(n)),
        select(vec![NaiveDate::MIN, NaiveDate::MAX]),
    ]
}

fn named() -> impl Strategy<Value = Named> {
    (code(), text()).prop_map(|(code, name)| Named { code, name })
}

fn period() -> impl Strategy<Value = Period> {
    (day(), day()).prop_map(|(from, to)| Period { from, to })
}

fn better() -> impl Strategy<Value = Better> {
    select(vec![Better::Higher, Better::Lower, Better::Neither])
}

fn count() -> impl Strategy<Value = Count> {
    let told = (any::<u64>(), option::of(any::<u64>()), option::of(any::<u64>()));
    let better = (better(), any::<bool>());
    (code(), text(), text(), told, better, text()).prop_map(
        |(code, name, unit, told, (better, left_out), definition)| {
            let (value, before, last_year) = told;
            Count { code, name, unit, value, before, last_year, better, left_out, definition }
        },
    )
}

fn rate() -> impl Strategy<Value = Rate> {
    let told = (option::of(number()), option::of(number()), option::of(number()), option::of(number()));
    let measure = select(vec![Measure::Share, Measure::Share, Measure::Score, Measure::Days]);
    let definition = (text(), text(), text());
    (code(), text(), measure, told, better(), definition).prop_map(
        |(code, name, measure, told, better, words)| {
            let (value, numerator, before, last_year) = told;
            let (numerator_words, denominator, exclusions) = words;
            Rate {
                code,
                name,
                measure,
                value,
                numerator,
                denominator: numerator,
                before,
                last_year,
                better,
                definition: Definition { numerator: numerator_words, denominator, exclusions },
            }
        },
    )
}

fn series() -> impl Strategy<Value = Series> {
    let line = (code(), vec(option::of(number()), 0..50)).prop_map(|(rate, values)| Line { rate, values });
    let step = select(vec![Step::Day, Step::Week, Step::Month]);
    (step, vec(day(), 0..50), vec(line, 0..6)).prop_map(|(step, starts, lines)| Series {
        step,
        starts,
        lines,
    })
}

fn row() -> impl Strategy<Value = Row> {
    let counts = proptest::collection::btree_map(code(), any::<u64>(), 0..5);
    let rates = proptest::collection::btree_map(code(), number(), 0..5);
    (code(), text(), counts, rates).prop_map(|(code, name, counts, rates)| Row { code, name, counts, rates })
}

fn unit() -> impl Strategy<Value = Unit> {
    (row(), text(), option::of(0..5_u32), text()).prop_map(|(row, kind, rank, grade)| Unit {
        row,
        kind,
        rank,
        grade,
    })
}

fn tier() -> impl Strategy<Value = Tier> {
    (code(), text(), any::<[u64; 4]>(), option::of(number())).prop_map(|(code, name, counts, own_rate)| {
        let [received, open, settled, own] = counts;
        Tier { code, name, received, open, settled, own, own_rate }
    })
}

fn issue() -> impl Strategy<Value = Issue> {
    let days = (option::of(day()), option::of(day()));
    let counts = (any::<u32>(), option::of(any::<u64>()), any::<u64>(), vec(any::<u64>(), 0..40));
    (vec(text(), 0..12), text(), text(), days, counts).prop_map(|(words, place, measures, days, counts)| {
        let ((first, last), (rank, people, cases, trend)) = (days, counts);
        Issue { rank, words, place, people, cases, first, last, trend, measures }
    })
}

fn cells() -> impl Strategy<Value = Vec<Cell>> {
    let cell = (code(), code(), prop_oneof![0..100_u64, any::<u64>()]);
    vec(cell.prop_map(|(area, category, count)| Cell { area, category, count }), 0..40)
}

/// Any report.
pub fn report() -> impl Strategy<Value = Report> {
    let before = (option::of(period()), option::of(period()));
    let head = (text(), named(), named(), period(), before, text());
    let as_of = (0..4_000_000_000_i64, -800..800_i32);
    let figures =
        (vec(count(), 0..6), vec(rate(), 0..6), series(), option::of(vec(tier(), 0..8)), vec(unit(), 0..12));
    let age = (code(), text(), any::<u64>()).prop_map(|(code, name, count)| Age { code, name, count });
    let rest = (vec(row(), 0..6), vec(row(), 0..6), option::of(cells()), vec(age, 0..10), vec(issue(), 0..6));
    (head, as_of, figures, rest, vec(text(), 0..3)).prop_map(|(head, as_of, figures, rest, notes)| {
        let (title, district, area, period, (before, last_year), grade) = head;
        let (counts, rates, series, tiers, units) = figures;
        let (areas, categories, heat, ages, issues) = rest;
        let zone = FixedOffset::east_opt(60 * as_of.1).unwrap();
        let as_of = Utc.timestamp_opt(as_of.0, 0).unwrap().with_timezone(&zone);
        Report {
            title,
            district,
            area,
            period,
            before,
            last_year,
            as_of,
            counts,
            rates,
            grade,
            series,
            tiers,
            units,
            areas,
            categories,
            heat,
            ages,
            issues,
            notes,
        }
    })
}
