//! Signs: lists, what was raised lately, and when a district is looked at next. The watch is no aggregate: whoever looks writes it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use huying_chassis::{db::asked, log::Versioned};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Store;
use crate::domain::{
    figure::Cells,
    sign::{
        Sign,
        find::{MATTERS, Matter},
    },
    wanted::Placed,
};

// $1 the area's key, $2 the last id of the page before, $3 the page's size.
pub(crate) const BY_DISTRICT: &str = "
    select id, version, shape, hash, body from sign where district = $1 and id < $2 order by id desc limit $3";
pub(crate) const BY_AREA: &str = "
    select id, version, shape, hash, body from sign where area = $1 and id < $2 order by id desc limit $3";
/// A district is looked at once its first day is over.
pub(crate) const WATCH: &str = "
    insert into sign_watch (id, district, look_at)
    select gen_random_uuid(), n.district, n.day + 1 from unnest($1::text[], $2::date[]) as n (district, day)
    on conflict (district) do nothing";
/// By received_repeat, which holds third and later calls only: a second is often but to ask how it stands. $2 to $3 in microseconds, $4 most
/// matters.
pub(crate) const REPEATED: &str = "
    select (body -> 'repeat' ->> 'of')::uuid,
           (array_agg(body ->> 'area' order by (body -> 'repeat' ->> 'before')::int desc, id desc))[1],
           max((body -> 'repeat' ->> 'before')::bigint) + 1 as calls
      from received
     where district = $1 and (body -> 'repeat' ->> 'before')::int >= 2
       and (body ->> 'received_at')::bigint >= $2 and (body ->> 'received_at')::bigint < $3
     group by 1 order by calls desc, 1 limit $4";
pub(crate) const WATCHED: &str = "select district from sign_watch where id = $1";
pub(crate) const LOOK_AGAIN: &str = "update sign_watch set look_at = $2 where id = $1";

/// Sees to it that districts of which something is counted are looked at.
///
/// # Errors
/// The database is away.
pub(super) async fn watch(connection: &mut PgConnection, cells: &Cells) -> Result<(), sqlx::Error> {
    // Few districts, and thousands of cells: each goes over once, with its first day.
    let mut first: BTreeMap<&str, NaiveDate> = BTreeMap::new();
    for cell in cells.keys() {
        first.entry(&cell.district).and_modify(|day| *day = cell.day.min(*day)).or_insert(cell.day);
    }
    let (districts, days): (Vec<&str>, Vec<NaiveDate>) = first.into_iter().unzip();
    sqlx::query(WATCH).bind(districts).bind(days).execute(connection).await?;
    Ok(())
}

impl Store {
    /// Signs of a district or of an area next below it, the newest first. Of what is smaller there are none.
    ///
    /// # Errors
    /// The database is away.
    pub async fn signs(
        &self,
        within: &Placed,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Sign>>, sqlx::Error> {
        let whole = within.area == within.district;
        sqlx::query_as(if whole { BY_DISTRICT } else { BY_AREA })
            .bind(&within.area)
            .bind(after.unwrap_or(Uuid::max()))
            .bind(size)
            .fetch_all(asked(&self.pool))
            .await
    }

    /// The matters that somebody called about between two instants for the third time or more, the most called about first, at most
    /// [`MATTERS`].
    ///
    /// # Errors
    /// The database is away.
    pub async fn repeated(
        &self,
        district: &str,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Vec<Matter>, sqlx::Error> {
        let found = sqlx::query_as(REPEATED)
            .bind(district)
            .bind(from.timestamp_micros())
            .bind(to.timestamp_micros())
            .bind(MATTERS as i64);
        let found: Vec<(Uuid, String, i64)> = found.fetch_all(asked(&self.pool)).await?;
        Ok(found.into_iter().map(|(request, area, calls)| Matter { request, area, calls }).collect())
    }

    /// Whose turn it is.
    ///
    /// # Errors
    /// The database is away.
    pub async fn watched(&self, watch: Uuid) -> Result<Option<String>, sqlx::Error> {
        sqlx::query_scalar(WATCHED).bind(watch).fetch_optional(asked(&self.pool)).await
    }

    /// Looks again then.
    ///
    /// # Errors
    /// The database is away.
    pub async fn look_again(&self, watch: Uuid, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
        sqlx::query(LOOK_AGAIN).bind(watch).bind(at).execute(asked(&self.pool)).await?;
        Ok(())
    }
}
