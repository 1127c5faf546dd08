//! Drawing a sample in the database: a population of a million is counted and sorted there, and only the sample leaves it.
//!
//! The cases of the period are read by the index callback_resolved, however many there are beside the period; each counts once, by one
//! callback of its newest attempt, which is told by callback_case. Both statements see the same rows, and both together are given up after a while.

use huying_chassis::db::{self, ask_within};
use sqlx::{Connection as _, PgConnection, types::Json};
use uuid::Uuid;

use super::Store;
use crate::domain::{
    interview::Drawn,
    parties::Party,
    round::{MOST, Plan, RoundError, Stratum, allocate::allocate},
};

// $1 district, $2 and $3 the period, $4 area prefix, $5 unit, $6 category prefix, $7 what it is divided by.
macro_rules! population {
    ($select:literal) => {
        concat!(
            "with population as (
                select c.id, c.case_id,
                       case $7 when 'unit' then c.unit when 'street' then c.street when 'community' then c.community
                               when 'category' then c.body ->> 'category' else '' end as stratum
                  from callback c
                 where c.district = $1 and instant(c.body -> 'resolve_at') >= $2 and instant(c.body -> 'resolve_at') < $3
                   and c.state <> 'cancelled'
                   and starts_with(c.area, $4) and ($5 = '' or c.unit = $5) and starts_with(c.body ->> 'category', $6)
                   and c.id = (select newest.id from callback newest where newest.case_id = c.case_id
                                order by newest.attempt desc, newest.state = 'cancelled', newest.id limit 1))",
            $select
        )
    };
}

// One more stratum than there may be tells that there are too many. $8 how many strata at most.
pub(crate) const SIZES: &str =
    population!(" select stratum, count(*) from population group by stratum order by stratum limit $8");

// $8 the strata, $9 how many of each, $10 the seed. Whatever order the rows lie in: by SHA-256 of the seed and the case's id.
pub(crate) const DRAW: &str = population!(
    ", ranked as (
        select p.id, p.stratum,
               row_number() over (partition by p.stratum
                                      order by sha256(convert_to($10 || '/' || p.case_id, 'UTF8')), p.case_id) as place
          from population p)
    select r.stratum, r.place::int4, c.id, c.case_id, c.body ->> 'number', c.attempt, c.area, c.unit, c.body -> 'worked',
           coalesce(c.body -> 'parties', '[]')
      from ranked r
      join unnest($8::text[], $9::int8[]) as wanted (stratum, most) on wanted.stratum = r.stratum and r.place <= wanted.most
      join callback c on c.id = r.id
     order by r.stratum, r.place"
);

// Any one, by callback_unit_list.
pub(crate) const OF_UNIT: &str = "select exists (select from callback where district = $1 and unit = $2)";

/// What was drawn: strata, and of each the sample with its reserve behind it.
pub type Sample = (Vec<Stratum>, Vec<Drawn>);
type Row = (String, i32, Uuid, Uuid, String, i32, String, String, Json<Vec<String>>, Json<Vec<Party>>);

impl Store {
    /// Draws a round's sample.
    ///
    /// # Errors
    /// The database is away, or needs longer than a page may take; inside, what `allocate` refuses.
    pub async fn draw(&self, round: Uuid, plan: &Plan) -> Result<Result<Sample, RoundError>, sqlx::Error> {
        ask_within(&self.pool, db::PAGE, async |connection| {
            let mut tx = connection.begin_with("begin isolation level repeatable read, read only").await?;
            let strata = match allocate(plan.sample, sizes(&mut tx, plan).await?) {
                Ok(strata) => strata,
                Err(refused) => return Ok(Err(refused)),
            };
            let drawn = drawn(&mut tx, (round, plan), &strata).await?;
            tx.commit().await?;
            Ok(Ok((strata, drawn)))
        })
        .await
    }

    /// Whether a case of this unit was ever resolved.
    ///
    /// # Errors
    /// The database is away.
    pub async fn knows_unit(&self, district: &str, unit: &str) -> Result<bool, sqlx::Error> {
        sqlx::query_scalar(OF_UNIT).bind(district).bind(unit).fetch_one(db::asked(&self.pool)).await
    }
}

async fn sizes(connection: &mut PgConnection, plan: &Plan) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let population = &plan.population;
    sqlx::query_as(SIZES)
        .bind(&plan.district)
        .bind(population.from_at)
        .bind(population.until_at)
        .bind(within(plan))
        .bind(&population.unit)
        .bind(&population.category)
        .bind(plan.strata_by.name())
        .bind(MOST + 1)
        .fetch_all(connection)
        .await
}

async fn drawn(
    connection: &mut PgConnection,
    (round, plan): (Uuid, &Plan),
    strata: &[Stratum],
) -> Result<Vec<Drawn>, sqlx::Error> {
    let population = &plan.population;
    let rows: Vec<Row> = sqlx::query_as(DRAW)
        .bind(&plan.district)
        .bind(population.from_at)
        .bind(population.until_at)
        .bind(within(plan))
        .bind(&population.unit)
        .bind(&population.category)
        .bind(plan.strata_by.name())
        .bind(strata.iter().map(|it| it.key.as_str()).collect::<Vec<_>>())
        .bind(strata.iter().map(|it| it.sample + it.reserve).collect::<Vec<_>>())
        .bind(&plan.seed)
        .fetch_all(connection)
        .await?;
    let drawn = rows.into_iter().map(|row| {
        let (stratum, place, callback, case, number, attempt, area, unit, Json(worked), Json(parties)) = row;
        let at = strata.binary_search_by(|it| it.key.cmp(&stratum)).ok();
        let reserve = at.is_none_or(|at| i64::from(place) > strata[at].sample);
        let district = plan.district.clone();
        Drawn {
            round,
            district,
            callback,
            case,
            number,
            attempt,
            area,
            unit,
            worked,
            parties,
            stratum,
            place,
            reserve,
        }
    });
    Ok(drawn.collect())
}

/// The prefix of all areas that are meant.
fn within(plan: &Plan) -> &str {
    // All of a district is asked for by its column.
    if plan.population.area == plan.district { "" } else { &plan.population.area }
}
