//! Counts by area and kind: an answer looks at so many rows at most and says where the rest begins, so it costs what it costs however many
//! there are, and the answers add up.

use huying_chassis::db::asked;
use sqlx::{FromRow, PgPool, Postgres, postgres::PgArguments, query::QueryAs};
use uuid::Uuid;

use crate::domain::{
    counted::{Count, Counted},
    wanted::{Placed, Walk},
};

/// Most rows that an answer looks at.
pub const MOST: i64 = 10_000;

#[derive(FromRow)]
pub(super) struct Row {
    area: String,
    kind: String,
    counted: i64,
    having: i64,
    looked: i64,
    last_area: String,
    last_id: Uuid,
}

/// Counts by area and kind in a table with an index on `(area, id)`; and of how many a condition holds, which may ask for `$6`.
macro_rules! counting {
    ($table:literal, $columns:literal, $having:literal) => {
        concat!(
            "with looked as (select ",
            $columns,
            ", area, kind, id from \"",
            $table,
            "\" where (area, id) > ($1, $2) and area <= $3 order by area, id limit $4)
             select left(area, $5) as area, kind, count(*) as counted, count(*) filter (where ",
            $having,
            ") as having, (select count(*) from looked) as looked,
                    (select area from looked order by area desc, id desc limit 1) as last_area,
                    (select id from looked order by area desc, id desc limit 1) as last_id
               from looked group by 1, 2 order by 1, 2"
        )
    };
}
pub(super) use counting;

/// The last code that an area's may be: codes have digits only.
pub(super) fn last_of(area: &str) -> String {
    format!("{area:9<16}")
}

/// Counts on, from where an answer ended; `bind`: what the condition asks for.
pub(super) async fn count(
    pool: &PgPool,
    sql: &'static str,
    placed: &Placed,
    after: Option<Walk>,
    bind: impl FnOnce(
        QueryAs<'static, Postgres, Row, PgArguments>,
    ) -> QueryAs<'static, Postgres, Row, PgArguments>,
) -> Result<Counted<Count, Walk>, sqlx::Error> {
    let (area, id) = after.unwrap_or_else(|| (placed.area.clone(), Uuid::nil()));
    let query =
        sqlx::query_as(sql).bind(area).bind(id).bind(last_of(&placed.area)).bind(MOST).bind(placed.below());
    let rows: Vec<Row> = bind(query).fetch_all(asked(pool)).await?;
    let next = rows.first().filter(|row| row.looked >= MOST).map(|row| (row.last_area.clone(), row.last_id));
    let counts = rows.into_iter();
    let counts = counts.map(|Row { area, kind, counted, having, .. }| Count {
        area,
        kind,
        all: counted,
        some: having,
    });
    Ok(Counted { counts: counts.collect(), next })
}
