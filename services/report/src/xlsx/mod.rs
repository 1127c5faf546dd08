//! A workbook: a sheet for each part of a report that was asked for, all rows, numbers as numbers. Its text is text, whatever it begins with.

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
        Some(tables::figures(report)),
        Some(rows::units(report)),
        Some(rows::areas(report)),
        Some(rows::categories(report)),
        tables::heat(report),
        tables::tiers(report),
        Some(tables::series(report)),
        Some(tables::ages(report)),
        Some(tables::issues(report)),
        Some(tables::about(report)),
    ];
    let tables: Vec<_> = tables.into_iter().flatten().collect();
    book::write(&report.as_of, &tables)
}
