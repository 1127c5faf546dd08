//! What is overdue, and what was: read case by case, from the indexes of those alone.

use chrono::{DateTime, Utc};
use futures::TryStreamExt as _;
use huying_chassis::db::{self, ask_within};
use sqlx::{PgPool, types::Json};

use crate::domain::{
    figure::{age::Ages, course::Course},
    wanted::Late,
};

// $1 the district, $2 the instant in microseconds, $3 an area prefix. By course_due, what is overdue now; by course_overdue, what is not, or was not then, and
// was overdue later than that. What happened else is not asked for.
pub(crate) const LATE: &str = "
    select body - 'happened' as body from course
     where district = $1 and body ? 'due_at' and (body -> 'due_at')::int8 < $2 and starts_with(body ->> 'area', $3)
     union all
    select body - 'happened' as body from course
     where district = $1 and body ? 'overdue' and (body #> '{overdue,-1,to}')::int8 >= $2 and starts_with(body ->> 'area', $3)
       and not (body ? 'due_at' and (body -> 'due_at')::int8 < $2)";

/// How old what was overdue at an instant is.
///
/// # Errors
/// The database is away, or takes too long.
pub async fn ages(pool: &PgPool, wanted: &Late, at: DateTime<Utc>) -> Result<Ages, sqlx::Error> {
    ask_within(pool, db::PAGE, async |connection| {
        let mut late = sqlx::query_scalar::<_, Json<Course>>(LATE)
            .bind(&wanted.district)
            .bind(at.timestamp_micros())
            .bind(&wanted.area)
            .fetch(connection);
        let mut ages = Ages::default();
        while let Some(Json(course)) = late.try_next().await? {
            ages.add(&course, at, &wanted.unit);
        }
        Ok(ages)
    })
    .await
}
