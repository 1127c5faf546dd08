//! Text in a cell of a spreadsheet.

use std::borrow::Cow;

/// What a cell of a workbook holds at most, in characters.
pub const LONGEST_CELL: usize = 32_767;

/// Text for a cell of CSV: what a spreadsheet would take for a formula stands behind an apostrophe. A workbook has strings and needs none.
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}
