//! Who had part in cases, as their logs tell.

use huying_chassis::db::asked;
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::Parties;

/// Most units and persons that are told.
const MOST: i64 = 2_000;

// By the log's own key: the entries of few aggregates. A row without a person is a unit that had one of them; the others are who acted for a unit,
// or was given one in it.
pub(crate) const OF: &str = "
    with told as (
        select coalesce(unit, entry::jsonb #>> '{about,holder}', entry::jsonb #>> '{change,opened,opening,holder,unit}') as held_by,
               entry::jsonb #> '{actor}' as actor, entry::jsonb #>> '{change,appointed,officer,subject}' as officer
          from log where aggregate = any($1))
    select distinct unit, person
      from (select held_by as unit, null as person from told
             union all select actor ->> 'unit', actor ->> 'subject' from told
             union all select held_by, officer from told where officer is not null) as each
     where unit <> '' limit $2";

/// The units that had one of these aggregates, and who acted for whom on them.
///
/// # Errors
/// The database is away.
pub async fn of(pool: &PgPool, aggregates: &[Uuid]) -> Result<Parties, sqlx::Error> {
    let rows: Vec<(String, Option<String>)> =
        sqlx::query_as(OF).bind(aggregates).bind(MOST).fetch_all(asked(pool)).await?;
    let mut parties = Parties::default();
    for (unit, person) in rows {
        match person {
            None => {
                parties.units.insert(unit);
            }
            Some(person) => {
                parties.acted.insert((unit, person));
            }
        }
    }
    Ok(parties)
}
