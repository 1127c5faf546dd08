//! Ratings: the case that one is about, lists, and counting them. The log writes the rows; whoever counts, what they have added.

use chrono_tz::Tz;
use futures::future::BoxFuture;
use huying_chassis::{
    db::{self, ask_within, asked},
    log::Versioned,
};
use sqlx::{Connection as _, FromRow, PgConnection, PgPool, types::Json};
use uuid::Uuid;

use super::{
    Store,
    figure::{LOCK, Zones, add, text},
};
use crate::domain::{
    figure::{self, Cells, Posting, course::Course, post},
    rating::Rating,
    wanted::{RatingScope, Ratings},
};

// $1 the scope's key, $2 an area prefix or, of units, the district, $3 the last id of the page before, $4 the page's size. An area's code is of
// one district; were that asked for too, the index of districts might look the cheaper one.
macro_rules! ratings {
    ($found:literal) => {
        concat!(
            "select id, version, shape, hash, body from rating where ",
            $found,
            " and id < $3 order by id desc limit $4"
        )
    };
}

pub(crate) const BY_DISTRICT: &str = ratings!("district = $1 and starts_with(area, $2)");
pub(crate) const BY_STREET: &str = ratings!("street = $1 and starts_with(area, $2)");
pub(crate) const BY_COMMUNITY: &str = ratings!("community = $1 and starts_with(area, $2)");
pub(crate) const BY_UNIT: &str = ratings!("unit = $1 and district = $2");
pub(crate) const BY_RATER: &str = ratings!("rater = $1 and district = $2");
pub(crate) const COURSE: &str = "select body from course where id = $1";
/// Since when a rating is not counted; null: it is.
pub const UNCOUNTED: &str = "(case when version <> counted_version then rated_at end)";
/// By rating_uncounted.
pub(crate) const GIVEN: &str = "
    select id, version, shape, hash, body, counted from rating
     where (case when version <> counted_version then rated_at end) is not null limit $1 for update";
pub(crate) const THESE: &str =
    "select id, version, shape, hash, body, counted from rating where id = any ($1) for update";
pub(crate) const KEEP: &str = "
    update rating r set counted = n.counted::jsonb, counted_version = n.version
      from unnest($1::uuid[], $2::int8[], $3::text[]) as n (id, version, counted) where r.id = n.id";

#[derive(FromRow)]
struct Given {
    #[sqlx(flatten)]
    rating: Versioned<Rating>,
    counted: Json<Vec<Posting>>,
}

/// Counts what was given and is not counted yet, so many at most; how many.
///
/// # Errors
/// The database is away.
pub(super) async fn count(
    connection: &mut PgConnection,
    most: i64,
    zones: &Zones,
    cells: &mut Cells,
) -> Result<usize, sqlx::Error> {
    let given: Vec<Given> = sqlx::query_as(GIVEN).bind(most).fetch_all(&mut *connection).await?;
    keep(connection, &given, zones, cells).await?;
    Ok(given.len())
}

/// Counts some once more, as they are.
///
/// # Errors
/// The database is away.
pub(super) async fn again(pool: &PgPool, ratings: &[Uuid], zone: Tz) -> Result<(), sqlx::Error> {
    ask_within(pool, db::PAGE, async |connection| {
        let mut tx = connection.begin().await?;
        sqlx::query(LOCK).execute(&mut *tx).await?;
        let zones = move |_| Box::pin(std::future::ready(zone)) as BoxFuture<'static, Tz>;
        let mut cells = Cells::new();
        let these: Vec<Given> = sqlx::query_as(THESE).bind(ratings).fetch_all(&mut *tx).await?;
        keep(&mut tx, &these, &zones, &mut cells).await?;
        add(&mut tx, cells).await?;
        tx.commit().await
    })
    .await
}

async fn keep(
    connection: &mut PgConnection,
    given: &[Given],
    zones: &Zones,
    cells: &mut Cells,
) -> Result<(), sqlx::Error> {
    if given.is_empty() {
        return Ok(());
    }
    let (mut ids, mut versions, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for Given { rating, counted: Json(counted) } in given {
        let district = &rating.it.rated.district;
        let postings = figure::rating::postings(&rating.it, zones(district.clone()).await);
        post(cells, district, counted, -1);
        post(cells, district, &postings, 1);
        ids.push(rating.id);
        versions.push(rating.version);
        kept.push(text(&postings)?);
    }
    sqlx::query(KEEP).bind(ids).bind(versions).bind(kept).execute(connection).await?;
    Ok(())
}

impl Store {
    /// How a case came, went and ended, as far as it is counted.
    ///
    /// # Errors
    /// The database is away.
    pub async fn course(&self, case: Uuid) -> Result<Option<Course>, sqlx::Error> {
        let found: Option<Json<Course>> =
            sqlx::query_scalar(COURSE).bind(case).fetch_optional(asked(&self.pool)).await?;
        Ok(found.map(|Json(course)| course))
    }

    /// Ratings, the newest first.
    ///
    /// # Errors
    /// The database is away.
    pub async fn ratings(
        &self,
        wanted: &Ratings,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Rating>>, sqlx::Error> {
        let Ratings { scope, district, area } = wanted;
        let (statement, key, within) = match scope {
            RatingScope::District => (BY_DISTRICT, district, area),
            RatingScope::Street(street) => (BY_STREET, street, area),
            RatingScope::Community(community) => (BY_COMMUNITY, community, area),
            RatingScope::Unit(unit) => (BY_UNIT, unit, district),
            RatingScope::Rater(unit) => (BY_RATER, unit, district),
        };
        sqlx::query_as(statement)
            .bind(key)
            .bind(within)
            .bind(after.unwrap_or(Uuid::max()))
            .bind(size)
            .fetch_all(asked(&self.pool))
            .await
    }
}
