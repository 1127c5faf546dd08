//! Lists that go newest first, of a district, a street, a community, a grid or a unit: each is led by an index of its own.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::within::pick;
use crate::domain::wanted::{Cursor, Newest};

/// The statements of one list, as [`pick`] takes them: of all that lies in an area, and of what one unit has there.
pub(super) struct Lists {
    pub area: [&'static str; 4],
    pub unit: [&'static str; 4],
}

impl Lists {
    /// The statement, and what leads it as `$1`, `$2` and `$3`: the last two are asked for by those of a unit.
    pub fn led<'a>(&self, wanted: &'a Newest) -> (&'static str, [&'a str; 3]) {
        let placed = &wanted.placed;
        if let Some(unit) = wanted.unit.as_deref() {
            let (statement, area) = pick(&self.unit, placed);
            return (statement, [&placed.district, unit, area]);
        }
        let (statement, area) = pick(&self.area, placed);
        (statement, [area, "", ""])
    }
}

/// Where a page begins: after what a page before ended with, or at the period's end.
pub(super) fn after(wanted: &Newest, after: Option<Cursor>) -> Cursor {
    after.unwrap_or_else(|| match wanted.until {
        Some(until) => (until, Uuid::nil()),
        None => (DateTime::<Utc>::MAX_UTC, Uuid::max()),
    })
}

/// One of these statements. `$1`, `$2` and `$3` lead to the rows, `$4` and `$5` say where it goes on, `$6` the instant that it ends with, `$7` how
/// many rows at most.
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
            ", id) < ($4, $5) and ",
            $at,
            " >= $6 order by ",
            $at,
            " desc, id desc limit $7"
        )
    };
}
pub(super) use newest;

/// One statement for each lead: by district, street, community and grid. Of a unit the index of units leads, or that of the area where less lies:
/// the area is asked for as its index has it, so that how much that is can be told.
macro_rules! by_lead {
    ($statement:ident) => {
        $crate::store::newest::Lists {
            area: [
                $statement!("district = $1 and $2::text = '' and $3::text = ''"),
                $statement!("left(area, 9) = $1 and $2::text = '' and $3::text = ''"),
                $statement!("left(area, 12) = $1 and $2::text = '' and $3::text = ''"),
                $statement!("area = $1 and $2::text = '' and $3::text = ''"),
            ],
            unit: [
                $statement!("district = $1 and unit = $2 and $3::text = district"),
                $statement!("district = $1 and unit = $2 and left(area, 9) = $3"),
                $statement!("district = $1 and unit = $2 and left(area, 12) = $3"),
                $statement!("district = $1 and unit = $2 and area = $3"),
            ],
        }
    };
}
pub(super) use by_lead;
