//! Finding phones by the keyed hashes that lie beside the keys of what is sealed.

use huying_chassis::db::asked;
use sqlx::PgPool;
use uuid::Uuid;

// By the index `data_key_found_by`, which has just these.
pub(crate) const ON_IT: &str =
    "select exists (select from data_key where found_by = any ($2) and aggregate = $1)";

/// Whether one of these phones is on a request.
pub async fn is_on_it(pool: &PgPool, request: Uuid, phones: &[Vec<u8>]) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(ON_IT).bind(request).bind(phones).fetch_one(asked(pool)).await
}
