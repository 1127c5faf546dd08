//! How much of a report a page shows. A workbook, a table and the value hold all of it.

/// Key figures: counts, and rates.
pub const COUNTS: usize = 12;
pub const RATES: usize = 8;
/// Lines of a plot, and their points: the newest.
pub const LINES: usize = 4;
pub const POINTS: usize = 400;
pub const TIERS: usize = 6;
pub const AGES: usize = 8;
/// Rows and columns of the heat map, those with the most cases; the rest are one.
pub const AREAS: usize = 18;
pub const CATEGORIES: usize = 12;
/// Rows of the table of units, the first; the rest are one. And its columns.
pub const UNITS: usize = 100;
pub const UNIT_COUNTS: usize = 4;
pub const UNIT_RATES: usize = 4;
/// Rows of the table of what no rate counts, the first; the rest are one.
pub const LEFT_OUT: usize = 30;
/// Rows of each table of common issues.
pub const ISSUES: usize = 20;
/// Words of an issue, and steps of its trend: the newest.
pub const WORDS: usize = 8;
pub const TREND: usize = 31;
pub const NOTES: usize = 20;
/// Characters of a grade or a kind, and of a column's name.
pub const SHORT: usize = 8;
pub const HEAD: usize = 14;
/// Characters of a name in a table, of a heading, of a definition and of a note.
pub const NAME: usize = 30;
pub const HEADING: usize = 60;
pub const TEXT: usize = 400;

/// What is left out of a page, as one.
pub const REST: &str = "其他";
