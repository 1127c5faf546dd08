//! What units have in hand.

use huying_chassis::db::asked;
use sqlx::{FromRow, PgPool};

/// What one unit has in hand that is not settled.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromRow)]
pub struct InHand {
    pub unit: String,
    /// Cases that it holds.
    pub cases: i64,
    /// Dispatches that it was called by.
    pub dispatches: i64,
    /// Approvals that it is to rule on.
    pub approvals: i64,
    /// Cases that it is to arbitrate, or to look at.
    pub decisions: i64,
}

/// Of units of a district, each count by an index.
pub const IN_HAND: &str = r#"
    select * from (
        select one.unit,
               (select count(*) from "case" it where it.district = $1 and it.holder = one.unit and it.state <> 'closed') as cases,
               (select count(*) from dispatch it
                 where it.district = $1 and it.unit = one.unit and it.state not in ('done', 'ended')) as dispatches,
               (select count(*) from approval it
                 where it.district = $1 and it.granter = one.unit and it.state = 'asked') as approvals,
               (select count(*) from "case" it where it.district = $1 and it.body -> 'arbiter' ->> 'unit' = one.unit)
                 + (select count(*) from "case" it where it.district = $1 and it.body -> 'verifier' ->> 'unit' = one.unit)
                 as decisions
          from unnest($2::text[]) as one(unit)
    ) as each
     where cases + dispatches + approvals + decisions > 0
     order by unit"#;

/// Those of the units that have something in hand.
pub async fn in_hand(pool: &PgPool, district: &str, units: &[String]) -> Result<Vec<InHand>, sqlx::Error> {
    sqlx::query_as(IN_HAND).bind(district).bind(units).fetch_all(asked(pool)).await
}
