//! How tables become a workbook.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, Timelike as _};
use huying_words::LONGEST_CELL;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use crate::{Change, Measure, Number, Unwritable, change, fit};

/// What a sheet holds at most, below its head.
const ROWS: usize = 1_000_000;
/// Widths of columns, in characters.
const NARROW: f64 = 12.0;
const WIDE: f64 = 36.0;
/// A4 in Excel's list of papers.
const A4: u8 = 9;

/// A sheet.
pub(super) struct Table<'a> {
    pub name: &'static str,
    pub heads: Vec<Head<'a>>,
    pub rows: Vec<Vec<Value<'a>>>,
}

/// A column's name and whether it holds long text.
pub(super) struct Head<'a> {
    pub name: &'a str,
    pub wide: bool,
}

/// What stands in a cell.
pub(super) enum Value<'a> {
    Text(&'a str),
    Owned(String),
    Count(u64),
    /// A rate's value; a score is written as points.
    Rate(Measure, Number),
    /// A number as it is: the part of a fraction.
    Number(Number),
    Change(Change),
    Day(NaiveDate),
    Nothing,
}

impl Value<'_> {
    pub fn count(value: Option<u64>) -> Self {
        value.map_or(Self::Nothing, Self::Count)
    }

    pub fn rate(measure: Measure, value: Option<Number>) -> Self {
        value.map_or(Self::Nothing, |value| Self::Rate(measure, value))
    }

    pub fn number(value: Option<Number>) -> Self {
        value.map_or(Self::Nothing, Self::Number)
    }

    pub fn change(value: Option<Change>) -> Self {
        value.map_or(Self::Nothing, Self::Change)
    }

    pub fn day(value: Option<NaiveDate>) -> Self {
        value.map_or(Self::Nothing, Self::Day)
    }
}

/// Narrow columns.
pub(super) fn heads<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Head<'a>> {
    names.into_iter().map(|name| Head { name, wide: false }).collect()
}

pub(super) fn write(as_of: &DateTime<FixedOffset>, tables: &[Table<'_>]) -> Result<Vec<u8>, Unwritable> {
    let mut book = Workbook::new();
    if let Some(at) = instant(as_of) {
        book.set_properties(&DocProperties::new().set_creation_datetime(&at));
    }
    for table in tables {
        put(book.add_worksheet(), table)?;
    }
    Ok(book.save_to_buffer()?)
}

fn put(sheet: &mut Worksheet, table: &Table<'_>) -> Result<(), XlsxError> {
    sheet.set_name(table.name)?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    let bold = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter);
    for (column, head) in (0_u16..).zip(&table.heads) {
        sheet.write_string_with_format(0, column, text(head.name), &bold)?;
        sheet.set_column_width(column, if head.wide { WIDE } else { NARROW })?;
    }
    for (row, values) in (1_u32..).zip(table.rows.iter().take(ROWS)) {
        for (column, value) in (0_u16..).zip(values) {
            cell(sheet, (row, column), value)?;
        }
    }
    Ok(())
}

fn cell(sheet: &mut Worksheet, at: (u32, u16), value: &Value<'_>) -> Result<(), XlsxError> {
    match value {
        Value::Nothing => Ok(()),
        Value::Text(it) => string(sheet, at, it),
        Value::Owned(it) => string(sheet, at, it),
        Value::Count(count) => figure(sheet, at, *count as f64, "#,##0"),
        Value::Number(number) => figure(sheet, at, number.get(), "#,##0.##"),
        Value::Rate(Measure::Share, share) => figure(sheet, at, share.get(), "0.0%"),
        Value::Rate(Measure::Score, score) => figure(sheet, at, score.get() * 100.0, "0.0"),
        Value::Rate(Measure::Days, days) => figure(sheet, at, days.get(), "0.0"),
        Value::Change(change) => match change.unit {
            change::Unit::Percent => figure(sheet, at, change.by, "+0.0%;-0.0%;0.0%"),
            change::Unit::Points => {
                figure(sheet, at, change.by * 100.0, "+0.0\"个百分点\";-0.0\"个百分点\";0.0\"个百分点\"")
            }
            change::Unit::Score => figure(sheet, at, change.by * 100.0, "+0.0;-0.0;0.0"),
            change::Unit::Days => figure(sheet, at, change.by, "+0.0;-0.0;0.0"),
        },
        Value::Day(day) => match date(*day) {
            Some(date) => {
                let format = Format::new().set_num_format("yyyy-mm-dd");
                sheet.write_datetime_with_format(at.0, at.1, &date, &format).map(|_| ())
            }
            None => string(sheet, at, &day.to_string()),
        },
    }
}

fn figure(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    value: f64,
    format: &str,
) -> Result<(), XlsxError> {
    let format = Format::new().set_num_format(format);
    sheet.write_number_with_format(row, column, value, &format).map(|_| ())
}

fn string(sheet: &mut Worksheet, (row, column): (u32, u16), it: &str) -> Result<(), XlsxError> {
    let it = text(it);
    if it.is_empty() { Ok(()) } else { sheet.write_string(row, column, it).map(|_| ()) }
}

/// What a cell can hold of a text.
fn text(text: &str) -> String {
    fit::shown(text).chars().take(LONGEST_CELL).collect()
}

/// `None` for days that a workbook does not know.
fn date(day: NaiveDate) -> Option<ExcelDateTime> {
    let (month, of_month) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    ExcelDateTime::from_ymd(u16::try_from(day.year()).ok()?, month, of_month).ok()
}

fn instant(at: &DateTime<FixedOffset>) -> Option<ExcelDateTime> {
    let (hour, minute) = (u16::try_from(at.hour()).ok()?, u8::try_from(at.minute()).ok()?);
    date(at.date_naive())?.and_hms(hour, minute, 0.0).ok()
}
