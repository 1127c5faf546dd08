//! The desk's queue, and a route by its number.

use chrono::{DateTime, Utc};
use huying_chassis::{db::asked, log::Versioned};
use huying_terms::AreaCode;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use crate::domain::{
    house::Past,
    route::{Cursor, Route},
    wanted::{Hands, Wanted},
};

/// How many queued routes a page looks at, and how many are counted at most.
const LOOKS: i64 = 1000;
const COUNTS: i64 = 10_000;

// In the order of the queue, led by its index; the filters look at a bounded number of rows.
pub(crate) const TRIAGE: &str = "
    select id, version, shape, hash, body, place
      from (select id, version, shape, hash, body, area, desk_order(body) as place
              from route
             where district = $1 and state = 'queued' and (desk_order(body), id) > ($2, $3)
             order by desk_order(body), id
             limit $12) as looked
     where starts_with(area, $4) and starts_with(area, $5)
       and ($6::text is null or case when $6 = '' then coalesce((body -> 'claim' ->> 'until')::bigint, 0) <= $7
                               else body -> 'claim' -> 'by' ->> 'subject' = $6 and (body -> 'claim' ->> 'until')::bigint > $7 end)
       and (not $8 or coalesce((body -> 'wait' -> 'clock' ->> 'due_at')::bigint <= $7, false))
       and ($9::text is null or body -> 'undecided' ? $9)
       and (not $10 or body -> 'wait' ->> 'climbed_to' is not null)
     order by place, id
     limit $11";

// Where a page ends that looked at as many rows as it may: a page after it may have more.
pub(crate) const LOOKED: &str = "
    select desk_order(body), id
      from route
     where district = $1 and state = 'queued' and (desk_order(body), id) > ($2, $3)
     order by desk_order(body), id
    offset $4 - 1 limit 1";

// How much waits: all, past due, in hand, and by street and by what is undecided. One more than is counted tells that there is more.
pub(crate) const COUNT: &str = "
    with waits as materialized (
        select left(area, 9) as street, body -> 'undecided' as undecided,
               coalesce((body -> 'wait' -> 'clock' ->> 'due_at')::bigint <= $3, false) as overdue,
               coalesce((body -> 'claim' ->> 'until')::bigint > $3, false) as claimed, area
          from route
         where district = $1 and state = 'queued'
         order by desk_order(body), id
         limit $5),
    mine as (select * from waits where starts_with(area, $2) and starts_with(area, $4))
    select 'all' as kind, '' as key, count(*) as count from mine
    union all select 'overdue', '', count(*) from mine where overdue
    union all select 'claimed', '', count(*) from mine where claimed
    union all select 'looked', '', count(*) from waits
    union all (select 'area', street, count(*) from mine group by street order by street)
    union all (select 'undecided', part, count(*) from mine, jsonb_array_elements_text(undecided) as part group by part order by part)";

// Every route once, in the order of their keys: what a page costs does not hang on how few of them are wanted.
pub(crate) const AFTER: &str = "
    select id, version, shape, hash, body
      from route
     where id > $1
     order by id
     limit $2";

// A district's requests in the order in which they were submitted, by an index of its own.
pub(crate) const SUBMITTED: &str = "
    select id, version, shape, hash, body
      from route
     where district = $1 and (submitted_at, id) > (instant(to_jsonb($2::bigint)), $3)
     order by submitted_at, id
     limit $4";

/// A district's routes that were submitted after an instant in microseconds, and after an id at that instant.
pub async fn submitted(
    pool: &PgPool,
    district: &str,
    (since, after): (i64, Uuid),
    limit: i64,
) -> Result<Vec<Versioned<Route>>, sqlx::Error> {
    let asked_for = sqlx::query_as(SUBMITTED).bind(district).bind(since).bind(after).bind(limit);
    asked_for.fetch_all(asked(pool)).await
}

/// Routes after one, by id.
pub async fn after(pool: &PgPool, after: Uuid, limit: i64) -> Result<Vec<Versioned<Route>>, sqlx::Error> {
    sqlx::query_as(AFTER).bind(after).bind(limit).fetch_all(asked(pool)).await
}

// Both ways from an instant: a request's twins may have come before or after it. Each place by its index and no other, since a code lies in one
// district: by the district and the span a place where nothing is would be looked for among all.
pub(crate) const NEAR: &str = "
    select near.id, near.version, near.shape, near.hash, near.body
      from unnest($1::text[]) as place (code)
     cross join lateral (
           select id, version, shape, hash, body, submitted_at from route
            where left(area, 12) = place.code and submitted_at between $2 and $3 and state <> 'withdrawn'
            order by submitted_at desc, id desc
            limit $4) as near
     order by near.submitted_at desc, near.id desc
     limit $5";

/// How many of all places are looked at, however many these are.
const LOOKED_AT: i64 = 3000;

/// What lies in a neighbourhood, no place of it twice, and was submitted in a span, the newest first. Of many places each gives its share.
pub async fn near(
    pool: &PgPool,
    neighbourhood: &[String],
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    limit: i64,
) -> Result<Vec<Versioned<Route>>, sqlx::Error> {
    let each = LOOKED_AT / i64::try_from(neighbourhood.len().max(1)).unwrap_or(LOOKED_AT);
    let near = sqlx::query_as(NEAR).bind(neighbourhood).bind(from).bind(to);
    let near = near.bind(each.min(limit)).bind(limit);
    near.fetch_all(asked(pool)).await
}

// What is known of a road, by an index of its own, the newest first; without the route that asks.
pub(crate) const ON_ROAD: &str = "
    select left(area, 12), (body -> 'decision' -> 'house' ->> 'number')::bigint
      from route
     where district = $1 and body -> 'decision' -> 'house' ->> 'road' = $2 and id <> $3
     order by submitted_at desc, id desc
     limit $4";

/// Where the newest requests on a road turned out to lie, but for one.
pub async fn on_road(
    pool: &PgPool,
    (district, road): (&str, &str),
    but: Uuid,
    limit: i64,
) -> Result<Vec<Past>, sqlx::Error> {
    let rows: Vec<(String, Option<i64>)> = sqlx::query_as(ON_ROAD)
        .bind(district)
        .bind(road)
        .bind(but)
        .bind(limit)
        .fetch_all(asked(pool))
        .await?;
    let past = |(community, number): (String, Option<i64>)| {
        let number = number.and_then(|number| u32::try_from(number).ok());
        Some(Past { community: AreaCode::parse(&community).ok()?, number })
    };
    Ok(rows.into_iter().filter_map(past).collect())
}

pub(crate) const BY_NUMBER: &str = "
    select id, version, shape, hash, body from route where body ->> 'number' = $1 order by id desc limit 1";

/// What waits for a person, and where the next page begins; none when this one is the last.
pub async fn triage(
    pool: &PgPool,
    wanted: &Wanted,
) -> Result<(Vec<Versioned<Route>>, Option<Cursor>), sqlx::Error> {
    let (place, id) = wanted.after.unwrap_or((i64::MIN, Uuid::nil()));
    let subject = wanted.hands.as_ref().map(|hands| match hands {
        Hands::Nobody => "",
        Hands::Of(subject) => subject,
    });
    let rows: Vec<Placed> = sqlx::query_as(TRIAGE)
        .bind(&wanted.district)
        .bind(place)
        .bind(id)
        .bind(&wanted.within)
        .bind(wanted.area.as_ref().map_or("", |area| area.as_str()))
        .bind(subject)
        .bind(wanted.now.timestamp_micros())
        .bind(wanted.overdue)
        .bind(wanted.undecided.map(|part| part.name()))
        .bind(wanted.climbed)
        .bind(wanted.size)
        .bind(LOOKS)
        .fetch_all(asked(pool))
        .await?;
    let next = match rows.last() {
        Some(last) if rows.len() as i64 >= wanted.size => Some((last.place, last.route.id)),
        Some(_) | None => {
            let looked = sqlx::query_as(LOOKED).bind(&wanted.district).bind(place).bind(id).bind(LOOKS);
            looked.fetch_optional(asked(pool)).await?
        }
    };
    Ok((rows.into_iter().map(|row| row.route).collect(), next))
}

/// A route, and its place in the order of the queue.
#[derive(FromRow)]
struct Placed {
    #[sqlx(flatten)]
    route: Versioned<Route>,
    place: i64,
}

/// How much waits of what lies in both areas: kind, key and count, as [`COUNT`] has them; and whether there is more than was counted.
pub async fn count(
    pool: &PgPool,
    wanted: &Wanted,
) -> Result<(Vec<(String, String, i64)>, bool), sqlx::Error> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(COUNT)
        .bind(&wanted.district)
        .bind(&wanted.within)
        .bind(wanted.now.timestamp_micros())
        .bind(wanted.area.as_ref().map_or("", |area| area.as_str()))
        .bind(COUNTS)
        .fetch_all(asked(pool))
        .await?;
    let more = rows.iter().any(|(kind, _, count)| kind == "looked" && *count >= COUNTS);
    Ok((rows, more))
}

/// The route of the request with a number.
pub async fn by_number(pool: &PgPool, number: &str) -> Result<Option<Versioned<Route>>, sqlx::Error> {
    sqlx::query_as(BY_NUMBER).bind(number).fetch_optional(asked(pool)).await
}
