//! How numbers and days are written.

use chrono::{DateTime, Datelike as _, Days, FixedOffset, Months, NaiveDate};

use crate::{Measure, Named, Number, Period, Step, fit};

/// Nothing to tell, which is not 0.
pub const NONE: &str = "–";

/// 12,345.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count within so many em, in 万 or 亿 where it would not fit.
pub fn short(value: u64, most: f64) -> String {
    let text = count(value);
    if fit::width(&text) <= most {
        return text;
    }
    match value {
        0..=9_999 => value.to_string(),
        10_000..=999_999 => format!("{:.1}万", value as f64 / 1e4),
        1_000_000..=99_999_999 => format!("{:.0}万", value as f64 / 1e4),
        100_000_000..=999_999_999_999 => format!("{:.0}亿", value as f64 / 1e8),
        _ => "≥万亿".to_owned(),
    }
}

/// A number with at most so many digits behind the point; never −0.
pub fn decimal(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|c| c == b'0' || c == b'.') => rest.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

/// A part of a fraction: 1,203, or 1,203.6.
pub fn part(value: Number) -> String {
    let value = value.get();
    let text = decimal(value, 1);
    match text.split_once('.') {
        Some((_, "0")) if value >= 0.0 => count(value.round() as u64),
        Some((_, tenth)) if value >= 0.0 => format!("{}.{tenth}", count(value as u64)),
        _ => text,
    }
}

/// A value with its unit: 92.3%, 88.1分, 2.4天.
pub fn value(measure: Measure, value: Option<Number>) -> String {
    value.map_or(NONE.to_owned(), |it| bare(measure, it) + unit(measure))
}

/// As [`value`], where the unit stands elsewhere; a percentage keeps its sign.
pub fn bare(measure: Measure, value: Number) -> String {
    let value = value.get();
    match measure {
        Measure::Share => percent(value),
        Measure::Score => decimal(value * 100.0, 1),
        Measure::Days => decimal(value, 1),
    }
}

/// The unit that [`bare`] leaves out.
pub fn unit(measure: Measure) -> &'static str {
    match measure {
        Measure::Share => "",
        Measure::Score => "分",
        Measure::Days => "天",
    }
}

/// 0.1 % and 99.9 % are the least and the most that is neither nothing nor all.
pub fn percent(share: f64) -> String {
    let text = decimal(share * 100.0, 1);
    match text.as_str() {
        "0.0" if share > 0.0 => "<0.1%".to_owned(),
        "100.0" if share < 1.0 => ">99.9%".to_owned(),
        text => format!("{text}%"),
    }
}

/// 2026年10月 for a whole month; years and quarters likewise.
pub fn period(it: &Period) -> String {
    let (from, to) = (it.from, it.to);
    let lasts = |months| {
        from.checked_add_months(Months::new(months)).and_then(|next| next.checked_sub_days(Days::new(1)))
            == Some(to)
    };
    let year = from.year();
    match (from.day(), from.month0()) {
        (1, 0) if lasts(12) => format!("{year}年"),
        (1, month) if month % 3 == 0 && lasts(3) => format!("{year}年第{}季度", month / 3 + 1),
        (1, month) if lasts(1) => format!("{year}年{}月", month + 1),
        _ if from == to => day(from),
        _ if to.year() == year => format!("{}至{}月{}日", day(from), to.month(), to.day()),
        _ => format!("{}至{}", day(from), day(to)),
    }
}

/// 2026年10月1日.
pub fn day(it: NaiveDate) -> String {
    format!("{}年{}月{}日", it.year(), it.month(), it.day())
}

/// 2026年11月1日 08:30.
pub fn instant(it: &DateTime<FixedOffset>) -> String {
    format!("{} {}", day(it.date_naive()), it.format("%H:%M"))
}

/// A point of a series: 10/5, or 2026-10. A week is named by its first day.
pub fn point(step: Step, start: NaiveDate) -> String {
    match step {
        Step::Day | Step::Week => format!("{}/{}", start.month(), start.day()),
        Step::Month => format!("{}-{:02}", start.year(), start.month()),
    }
}

/// What a step is called.
pub fn step(it: Step) -> &'static str {
    match it {
        Step::Day => "日",
        Step::Week => "周",
        Step::Month => "月",
    }
}

/// The name, or the code where there is none.
pub fn name<'a>(code: &'a str, name: &'a str) -> &'a str {
    if huying_words::is_blank(name) { code } else { name }
}

impl Named {
    /// As [`name`].
    pub fn said(&self) -> &str {
        name(&self.code, &self.name)
    }
}
