//! What is overdue, and what was: read case by case, from the indexes of those alone.

use chrono::{DateTime, NaiveDate, Utc};
use futures::TryStreamExt as _;
use huying_chassis::db::{self, ask_within};
use huying_terms::Tier;
use sqlx::{PgConnection, PgPool, types::Json};

use crate::domain::{
    figure::{Channel, Measure, Posting, age::Ages, course::Course},
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

// $1 the district, $2 to $3 in microseconds, $4 an area prefix. By course_due: whose time runs, and is over then. Parts count nothing.
pub(crate) const LATER: &str = "
    select body ->> 'area', body ->> 'category', body ->> 'holder', body -> 'tier', body -> 'channel', count(*)
      from course
     where district = $1 and body ? 'due_at' and (body -> 'due_at')::int8 >= $2 and (body -> 'due_at')::int8 < $3
       and (body -> 'held_at')::int8 < $3 and starts_with(body ->> 'area', $4) and not (body ? 'is_part')
     group by 1, 2, 3, 4, 5";

/// Cases counted alike: area, category, holder, tier, door, and how many.
type Alike = (String, String, String, Json<Tier>, Option<Json<Channel>>, i64);

/// What falls due on a day, from an instant of it on.
pub struct Later<'a> {
    pub district: &'a str,
    /// The district, or an area in it.
    pub area: &'a str,
    pub day: NaiveDate,
    pub from: DateTime<Utc>,
    /// When the day is over.
    pub to: DateTime<Utc>,
}

/// What the day's sums hold of that already, though it is not overdue yet.
///
/// # Errors
/// The database is away.
pub(super) async fn later_in_tx(
    connection: &mut PgConnection,
    later: &Later<'_>,
) -> Result<Vec<Posting>, sqlx::Error> {
    let alike: Vec<Alike> = sqlx::query_as(LATER)
        .bind(later.district)
        .bind(later.from.timestamp_micros())
        .bind(later.to.timestamp_micros())
        .bind(later.area)
        .fetch_all(connection)
        .await?;
    let posting = |(area, category, unit, tier, channel, number): Alike| Posting {
        day: later.day,
        area,
        category,
        unit,
        tier: Some(tier.0),
        channel: channel.map(|it| it.0),
        measure: Measure::OverdueOpen,
        number,
    };
    Ok(alike.into_iter().map(posting).collect())
}

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
