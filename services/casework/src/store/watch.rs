//! What changed of one unit's dispatches: the log's own order behind the snapshot horizon, so nothing that commits late is missed.

use huying_chassis::log::{Position, read::Transaction};
use sqlx::PgPool;
use uuid::Uuid;

// The index log_dispatch_unit holds just these, in this order.
pub(crate) const AFTER: &str = "
    select aggregate, xid::text::int8, seq from log
     where kind = 'dispatch' and about ->> 'unit' = $1 and district = $2 and (xid, seq) > ($3::text::xid8, $4)
       and xid < pg_snapshot_xmin(pg_current_snapshot())
     order by log.xid, log.seq limit $5";

/// A dispatch that changed, and where in the log.
pub type Changed = (Uuid, Position);

/// Changes after a position, in order.
pub async fn after(
    pool: &PgPool,
    district: &str,
    unit: &str,
    after: Position,
    limit: i64,
) -> Result<Vec<Changed>, sqlx::Error> {
    let rows: Vec<(Uuid, i64, i64)> = sqlx::query_as(AFTER)
        .bind(unit)
        .bind(district)
        .bind(after.xid.0.to_string())
        .bind(after.seq)
        .bind(limit)
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(|(id, xid, seq)| (id, Position { xid: Transaction(xid), seq })).collect())
}
