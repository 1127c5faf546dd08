//! Lists that go newest first, of a district, a street, a community, a grid or a unit: each is led by an index of its own.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::within::pick;
use crate::domain::wanted::{Cursor, Newest};

/// The statements of one list: by area, as [`pick`] takes them, and by unit.
pub(super) struct Lists {
    pub area: [&'static str; 4],
    pub unit: &'static str,
}

impl Lists {
    /// The statement, and what leads it as `$1` and `$2`: the second is asked for by that of a unit.
    pub fn led<'a>(&self, wanted: &'a Newest) -> (&'static str, &'a str, &'a str) {
        if let Some(unit) = wanted.unit.as_deref().filter(|_| wanted.by_unit) {
            return (self.unit, &wanted.placed.district, unit);
        }
        let (statement, area) = pick(&self.area, &wanted.placed);
        (statement, area, "")
    }
}

/// Where a page begins: after what a page before ended with, or at the period's end.
pub(super) fn after(wanted: &Newest, after: Option<Cursor>) -> Cursor {
    after.unwrap_or_else(|| match wanted.until {
        Some(until) => (until, Uuid::nil()),
        None => (DateTime::<Utc>::MAX_UTC, Uuid::max()),
    })
}

/// One of these statements. `$1` and `$2` lead to the rows, `$3` and `$4` say where it goes on, `$5` the instant that it ends with, `$6` how many
/// rows at most.
macro_rules! newest {
    ($columns:literal, $table:literal, $at:literal, $only:literal, $lead:literal) => {
        concat!(
            "select ",
            $columns,
            " from ",
            $table,
            " where ",
            $lead,
            $only,
            " and (",
            $at,
            ", id) < ($3, $4) and ",
            $at,
            " >= $5 order by ",
            $at,
            " desc, id desc limit $6"
        )
    };
}
pub(super) use newest;

/// The statements of a list of rows.
macro_rules! lists {
    ($table:literal, $at:literal, $only:literal) => {
        $crate::store::newest::Lists {
            area: [
                newest!(
                    "id, version, shape, hash, body",
                    $table,
                    $at,
                    $only,
                    "district = $1 and $2::text = ''"
                ),
                newest!(
                    "id, version, shape, hash, body",
                    $table,
                    $at,
                    $only,
                    "left(area, 9) = $1 and $2::text = ''"
                ),
                newest!(
                    "id, version, shape, hash, body",
                    $table,
                    $at,
                    $only,
                    "left(area, 12) = $1 and $2::text = ''"
                ),
                newest!("id, version, shape, hash, body", $table, $at, $only, "area = $1 and $2::text = ''"),
            ],
            unit: newest!(
                "id, version, shape, hash, body",
                $table,
                $at,
                $only,
                "district = $1 and unit = $2"
            ),
        }
    };
}
pub(super) use lists;
