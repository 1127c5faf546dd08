//! Lists of what lies in an area: one statement for each index, by district, street, community and grid. Each leads to what lies in its area and
//! to nothing else, since a page's token names the last row that was read.

use crate::domain::wanted::Placed;

/// The same statement for each of the four that an area is looked for by.
macro_rules! by_area {
    ($before:literal, $after:literal) => {
        [
            concat!($before, "district", $after),
            concat!($before, "street", $after),
            concat!($before, "community", $after),
            concat!($before, "(body ->> 'area')", $after),
        ]
    };
}
pub(super) use by_area;

/// Of four statements, by district, street, community and grid, the one for an area, and what it is asked with.
pub(super) fn pick<'a>(statements: &[&'static str; 4], within: &'a Placed) -> (&'static str, &'a str) {
    let [district, street, community, grid] = *statements;
    let area = within.area.as_str();
    let statement = match area.len() {
        _ if area == within.district => district,
        0..=9 => street,
        10..=12 => community,
        _ => grid,
    };
    (statement, area)
}
