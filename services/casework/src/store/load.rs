//! What a unit's officers have in hand, and who of them is away.

use chrono::{DateTime, Utc};
use huying_chassis::db::asked;
use sqlx::PgPool;

use crate::domain::Load;

/// For each officer asked for, by the indexes `case_officer_open`, `case_officer_last` and `absence_until`: of the open cases no more are
/// counted than a thousand, and of the others one is looked at.
pub(crate) const OF_UNIT: &str = r#"
    select one.subject,
           (select count(*) from (
                select from "case" it
                 where it.district = $1 and it.holder = $2 and it.body -> 'officer' ->> 'subject' = one.subject
                   and it.state in ('assigned', 'working', 'waiting', 'suspended') limit 1000) as held) as open,
           (select (it.body ->> 'appointed_at')::bigint from "case" it
             where it.district = $1 and it.holder = $2 and it.body -> 'officer' ->> 'subject' = one.subject
               and it.body ->> 'appointed_at' is not null
             order by (it.body ->> 'appointed_at')::bigint desc limit 1) as appointed_at,
           exists (select from absence it
                    where it.district = $1 and it.unit = $2 and it.subject = one.subject
                      and it.state = 'recorded' and it.until_at > $4 and it.from_at <= $4) as absent
      from unnest($3::text[]) as one(subject)"#;

/// Of these officers of a unit, at an instant.
///
/// # Errors
/// The database is away.
pub async fn of_unit(
    pool: &PgPool,
    (district, unit): (&str, &str),
    officers: &[String],
    at: DateTime<Utc>,
) -> Result<Vec<Load>, sqlx::Error> {
    let rows: Vec<(String, i64, Option<i64>, bool)> = sqlx::query_as(OF_UNIT)
        .bind(district)
        .bind(unit)
        .bind(officers)
        .bind(at.timestamp_micros())
        .fetch_all(asked(pool))
        .await?;
    let load = |(subject, open, appointed_at, absent): (String, i64, Option<i64>, bool)| Load {
        subject,
        open,
        appointed_at: appointed_at.and_then(DateTime::from_timestamp_micros),
        absent,
    };
    Ok(rows.into_iter().map(load).collect())
}
