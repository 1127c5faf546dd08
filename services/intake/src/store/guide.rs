//! Finding guides of the handbook.

use huying_chassis::{db::asked, log::Versioned};
use sqlx::{FromRow, PgPool};

use crate::domain::{
    guide::{Guide, GuideKind},
    wanted::Guides,
};

// One statement for each index.
pub(crate) const LIST: &str = "
    select id, version, shape, hash, body from guide
     where district = $1 and code > $2 and ($3::text is null or kind = $3) and words is not null
     order by code limit $4";
pub(crate) const LIST_UNIT: &str = "
    select id, version, shape, hash, body from guide
     where district = $1 and unit = $5 and code > $2 and ($3::text is null or kind = $3) and words is not null
     order by code limit $4";
/// Of those with any of the words, up to a bound that no handbook comes to, the best. A word of the title weighs ten times one of the text.
pub(crate) const SEARCH: &str = "
    select id, version, shape, hash, body, ts_rank('{0.1, 0.1, 0.1, 1}', words, $1::tsquery) as score
      from (select * from guide where words @@ $1::tsquery and ($2::text is null or kind = $2) limit 5000) as having_words
     order by score desc, code limit $3";

/// Published ones by code, after one.
pub async fn list(
    pool: &PgPool,
    wanted: &Guides,
    after: &str,
    limit: i64,
) -> Result<Vec<Versioned<Guide>>, sqlx::Error> {
    let sql = if wanted.unit.is_some() { LIST_UNIT } else { LIST };
    let list = sqlx::query_as(sql)
        .bind(&wanted.district)
        .bind(after)
        .bind(wanted.kind.map(GuideKind::name))
        .bind(limit);
    match &wanted.unit {
        Some(unit) => list.bind(unit).fetch_all(asked(pool)).await,
        None => list.fetch_all(asked(pool)).await,
    }
}

#[derive(FromRow)]
pub struct Found {
    #[sqlx(flatten)]
    pub guide: Versioned<Guide>,
    pub score: f32,
}

/// Published ones of a district with any of these words, a `tsquery`; the most telling first.
pub async fn search(
    pool: &PgPool,
    (district, kind): (&str, Option<GuideKind>),
    words: &str,
    limit: i64,
) -> Result<Vec<Found>, sqlx::Error> {
    sqlx::query_as(SEARCH)
        .bind(format!("'@{district}' & ({words})"))
        .bind(kind.map(GuideKind::name))
        .bind(limit)
        .fetch_all(asked(pool))
        .await
}
