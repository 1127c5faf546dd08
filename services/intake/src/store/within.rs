//! Lists of what lies in an area: one statement for each index, by district, street and community.

use crate::domain::wanted::Placed;

/// The same statement for each of the three columns that an area is looked for by.
macro_rules! by_area {
    ($before:literal, $after:literal) => {
        [
            concat!($before, "district", $after),
            concat!($before, "street", $after),
            concat!($before, "community", $after),
        ]
    };
}
pub(super) use by_area;

/// Of three statements, by district, street and community, the one for an area, and what it is asked with. Grids have no index: a community has few of them.
pub(super) fn pick<'a>(statements: &[&'static str; 3], within: &'a Placed) -> (&'static str, &'a str) {
    let [district, street, community] = *statements;
    let area = within.area.as_str();
    match area.len() {
        _ if area == within.district => (district, area),
        0..=9 => (street, area),
        10..=12 => (community, area),
        _ => (community, area.get(..12).unwrap_or(area)),
    }
}
