//! A workbook: a sheet for each part of a report, all rows, numbers as numbers. Its text is text, whatever it begins with.

mod book;
mod rows;
mod tables;

use crate::{Report, Unwritable};

/// All of a report as a workbook. It says that it was made when the figures were taken, so the same report makes the same bytes.
///
/// # Errors
/// None is known.
pub fn xlsx(report: &Report) -> Result<Vec<u8>, Unwritable> {
    let tables = [
        tables::figures(report),
        rows::units(report),
        rows::areas(report),
        rows::categories(report),
        tables::heat(report),
        tables::tiers(report),
        tables::series(report),
        tables::ages(report),
        tables::issues(report),
        tables::about(report),
    ];
    book::write(&report.as_of, &tables)
}
