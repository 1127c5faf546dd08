//! Files that are being uploaded: written down before their bytes, so that none are forgotten.

use chrono::{DateTime, Utc};
use huying_chassis::db::asked;
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::File;

pub(crate) const BEGIN: &str = "insert into upload (id, case_id, object, at) values ($1, $2, $3, $4)";
pub(crate) const END: &str = "delete from upload where id = $1";
pub(crate) const LEFT: &str = "select id, case_id, object from upload where at < $1 order by at limit $2";

/// An upload that has not ended.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Upload {
    /// The attachment's id.
    pub id: Uuid,
    pub case_id: Uuid,
    /// The name of its bytes in the store of objects.
    pub object: String,
}

/// # Errors
/// The database is away.
pub async fn begin(pool: &PgPool, case: Uuid, file: &File, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let query = sqlx::query(BEGIN).bind(file.id).bind(case).bind(&file.object).bind(at);
    query.execute(asked(pool)).await.map(drop)
}

/// Its case has it, or its bytes are gone.
///
/// # Errors
/// The database is away.
pub async fn end(pool: &PgPool, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query(END).bind(id).execute(asked(pool)).await.map(drop)
}

/// Some that began before an instant, the oldest first.
///
/// # Errors
/// The database is away.
pub async fn left(pool: &PgPool, before: DateTime<Utc>, most: i64) -> Result<Vec<Upload>, sqlx::Error> {
    sqlx::query_as(LEFT).bind(before).bind(most).fetch_all(asked(pool)).await
}
