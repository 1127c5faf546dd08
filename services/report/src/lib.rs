//! A period's figures as something to read: a page on paper, a workbook, a table, a value. What evaluation counts comes in as one [`Report`]
//! and is not counted again here.
//!
//! Pure: no I/O, no clock, no randomness, so the same report makes the same bytes.
//!
//! A tour, in the order of a report's way:
//!
//! - [`Report`]: all that is told, with the definition of each figure beside it. Counts and rates are data with a code and a name, so a
//!   profile may have other rates than these three. A [`Number`] is finite, and a figure that has none is absent.
//! - [`Change`]: 环比 and 同比. Where there is nothing to compare there is none, and it is written –.
//! - [`say`] writes numbers and dates, [`fit`] measures and cuts text, [`mark`] builds tags: the one place where text is escaped.
//! - [`plot`]: each plot as SVG, readable without colours. [`bounds`]: how much of a report is shown, and the rest in one row, 其他.
//! - [`html`]: the page, in Chinese, A4; nothing is fetched when it is opened. [`xlsx`]: all rows, numbers as numbers. [`csv`]: one long table.
//!   [`json`]: the value itself.
//!
//! Guaranteed: for any report each of them is written, a page takes less than 2 MB, is well-formed XML as well as HTML, and what people
//! wrote stays text in it.

pub mod bounds;
pub mod change;
mod csv;
pub mod fit;
pub mod mark;
mod number;
mod page;
pub mod plot;
mod report;
pub mod say;
mod xlsx;

pub use change::{Change, Tone};
pub use csv::csv;
pub use number::Number;
pub use page::html;
pub use report::{
    Age, Better, Cell, Count, Definition, Issue, Line, Measure, Named, Period, Rate, Report, Row, Series,
    Step, Tier, Unit,
};
pub use xlsx::xlsx;

/// A report that could not be written. None is known that can't.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    #[error("the table")]
    Csv(#[from] ::csv::Error),
    #[error("the workbook")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    #[error("the value")]
    Json(#[from] serde_json::Error),
}

/// The value itself, whose field names are those of [`Report`].
///
/// # Errors
/// None is known.
pub fn json(report: &Report) -> Result<String, Unwritable> {
    Ok(serde_json::to_string_pretty(report)? + "\n")
}
