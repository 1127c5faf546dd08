//! Looking requests up.

use chrono::{DateTime, Utc};
use huying_chassis::{
    db::asked,
    log::{Versioned, fingerprint},
};
use sqlx::{PgPool, types::Json};
use uuid::Uuid;

use super::within::pick;
use crate::domain::{
    channel::Channel,
    request::{Request, Workers},
    state::State,
    submission::Repeat,
    wanted::{Cursor, Placed, Requests},
};

pub(crate) const BY_NUMBER: &str = "select id, version, shape, hash, body from request where number = $1";

/// Of each of many requests all but what grows with it: its additions, counted, its progress, and who joined.
macro_rules! listed {
    ($($which:expr),+ $(,)?) => {
        concat!(
            "select id, version, shape, hash,
                    body || jsonb_build_object('additions', '[]'::jsonb, 'progress', '[]'::jsonb, 'joiners', '[]'::jsonb, 'older_additions',
                                               coalesce((body -> 'older_additions')::int8, 0) + jsonb_array_length(body -> 'additions')) as body
               from ",
            $($which),+
        )
    };
}

/// Where it lies, as far as its door said; else somewhere in its district.
macro_rules! place {
    () => {
        "coalesce(nullif(body -> 'location' ->> 'area', ''), district)"
    };
}

/// Whether whoever made a request is not to be named: `Order::hides_reporter` of the row.
macro_rules! hides {
    () => {
        r#"coalesce(body -> 'order' @> '{"anonymous": true}' or body -> 'order' @> '{"confidential": true}', false)"#
    };
}

// One statement for each index: a page costs the same however many requests there are. Each leads to what its caller sees and to nothing else,
// since a page's token names the last row that was read.

// For who sees the whole district.
pub(crate) const LIST: &str = listed!(
    "request where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5)
     order by submitted_at desc, id desc limit $4"
);
pub(crate) const LIST_STATE: &str = listed!(
    "request where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and state = $6
     order by submitted_at desc, id desc limit $4"
);
// By the index `request_shown_flag`, whose rows have a flag that whoever sees them is shown; which one is looked at afterwards, so that a page
// costs the same however common one is.
pub(crate) const LIST_FLAGGED: &str = listed!(
    "request where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and ($6::text is null or state = $6)
       and ($7::text is null or owing_unit = $7) and not (body -> 'flags' <@ '[\"no_callback\", \"visit_first\"]'::jsonb)
     order by submitted_at desc, id desc limit $4"
);

// For who sees the whole district, or what this unit took.
pub(crate) const LIST_OWING: &str = listed!(
    "request where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and ($6::text is null or state = $6) and owing_unit = $7
     order by submitted_at desc, id desc limit $4"
);

// By the index `request_climbed`: what has not climbed is not in it. A unit looks through what climbed to it for what lies in its area.
pub(crate) const LIST_CLIMBED: &str = listed!(
    "request where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and ($6::text is null or state = $6)
       and body -> 'first_contact' ->> 'climbed_to' = $7 and ($8::text is null or starts_with(",
    place!(),
    ", $8))
     order by submitted_at desc, id desc limit $4"
);

// What a platform sent.
pub(crate) const LIST_PLATFORM: &str = listed!(
    "request where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and ($6::text is null or state = $6)
       and body ->> 'platform' = $7 and body ->> 'platform' <> ''
     order by submitted_at desc, id desc limit $4"
);
pub(crate) const LIST_CHANGED: &str = listed!(
    "request where district = $1 and (coalesce(instant(body -> 'changed_at'), submitted_at), id) > ($2, $3) and ($5::text is null or channel = $5)
       and ($6::text is null or state = $6) and body ->> 'platform' = $7 and body ->> 'platform' <> ''
     order by coalesce(instant(body -> 'changed_at'), submitted_at), id limit $4"
);

// Few have one number, whoever sent them: among them what a platform sent, or what lies in an area or was taken by a unit.
pub(crate) const LIST_EXTERNAL: &str = listed!(
    "request where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and ($6::text is null or state = $6)
       and body ->> 'external_id' = $7 and body ->> 'external_id' <> ''
       and ($9::text is null or body ->> 'platform' = $9)
       and ($8::text is null or starts_with(",
    place!(),
    ", $8) or body -> 'first_contact' ->> 'unit' = $10)
     order by submitted_at desc, id desc limit $4"
);

/// Rows that are looked at for one page of what lies in an area, where only some of them are wanted. Where they held too few, the next page
/// goes on after them.
macro_rules! look {
    () => {
        "1000"
    };
}

/// What lies in an area `$2` of a district, by an index of its own; of these, what else is asked for. A flag is asked for where it is shown: as
/// `access::flagged` says, and of what one's own unit took.
macro_rules! looked {
    ($lead:expr) => {
        listed!(
            "(select * from request where district = $1 and ",
            $lead,
            " and (submitted_at, id) < ($3, $4) order by submitted_at desc, id desc limit ",
            look!(),
            ") as request
              where ($6::text is null or channel = $6) and ($7::text is null or state = $7) and ($8::text is null or owing_unit = $8)
                and ($9::text is null or body -> 'first_contact' ->> 'climbed_to' = $9)
                and ($10::jsonb is null or body -> 'flags' @> $10
                     and ($11::boolean or body -> 'first_contact' ->> 'unit' = $14::text
                          or not ",
            hides!(),
            " and ($12::boolean or $13::boolean and body -> 'holders' ->> (body ->> 'case') = $14::text)))
              order by submitted_at desc, id desc limit $5"
        )
    };
}

/// The last of as many rows as are looked at for a page, where there are so many.
macro_rules! last_looked {
    ($lead:expr) => {
        concat!(
            "select submitted_at, id from request where district = $1 and ",
            $lead,
            " and (submitted_at, id) < ($3, $4) order by submitted_at desc, id desc offset ",
            look!(),
            " - 1 limit 1"
        )
    };
}

/// The same statement for a district, a street, a community and a grid.
macro_rules! by_place {
    ($statement:ident) => {
        [
            $statement!("$2::text = district"),
            $statement!(concat!("left(", place!(), ", 9) = $2")),
            $statement!(concat!("left(", place!(), ", 12) = $2")),
            $statement!(concat!("left(", place!(), ", 15) = $2")),
        ]
    };
}

pub(crate) const LOOKED: [&str; 4] = by_place!(looked);
pub(crate) const LAST_LOOKED: [&str; 4] = by_place!(last_looked);

pub async fn by_number(pool: &PgPool, number: &str) -> Result<Option<Versioned<Request>>, sqlx::Error> {
    sqlx::query_as(BY_NUMBER).bind(number).fetch_optional(asked(pool)).await
}

/// The statement that leads to what is wanted, and by what; none: what lies in an area is looked through.
fn lead(wanted: &Requests) -> Option<(&'static str, &Option<String>)> {
    let is_whole = wanted.within.is_none();
    let is_shown = wanted.flag.as_ref().is_none_or(|it| it.flag.is_shown());
    Some(match wanted {
        Requests { external_id: Some(_), .. } => (LIST_EXTERNAL, &wanted.external_id),
        Requests { platform: Some(_), changed_since: Some(_), .. } => (LIST_CHANGED, &wanted.platform),
        Requests { platform: Some(_), .. } => (LIST_PLATFORM, &wanted.platform),
        Requests { owing_unit, .. } if wanted.is_own(owing_unit.as_ref()) => (LIST_OWING, owing_unit),
        Requests { climbed_to: climbed @ Some(_), .. } if is_whole || wanted.is_own(climbed.as_ref()) => {
            (LIST_CLIMBED, climbed)
        }
        Requests { .. } if !is_whole || !is_shown => return None,
        Requests { flag: Some(_), .. } => (LIST_FLAGGED, &wanted.owing_unit),
        Requests { owing_unit: Some(_), .. } => (LIST_OWING, &wanted.owing_unit),
        Requests { state: Some(_), .. } => (LIST_STATE, &None),
        Requests { .. } => (LIST, &None),
    })
}

/// Before the newest.
const NEWEST: Cursor = (DateTime::<Utc>::MAX_UTC, Uuid::max());

/// Newest first; those that changed in the order of their changes. And where the next page goes on, where this one is not full and may not be
/// the last.
pub async fn list(
    pool: &PgPool,
    wanted: &Requests,
    after: Option<Cursor>,
    limit: i64,
) -> Result<(Vec<Versioned<Request>>, Option<Cursor>), sqlx::Error> {
    let Some((statement, by)) = lead(wanted) else { return look(pool, wanted, after, limit).await };
    let beginning = match wanted.changed_since {
        Some(since) if statement == LIST_CHANGED => (since, Uuid::nil()),
        Some(_) | None => NEWEST,
    };
    let (at, id) = after.unwrap_or(beginning);
    let mut query = sqlx::query_as(statement)
        .bind(&wanted.district)
        .bind(at)
        .bind(id)
        .bind(limit)
        .bind(wanted.channel.map(Channel::name));
    if statement != LIST {
        query = query.bind(wanted.state.map(State::name));
    }
    if statement != LIST && statement != LIST_STATE {
        query = query.bind(by);
    }
    if statement == LIST_CLIMBED || statement == LIST_EXTERNAL {
        query = query.bind(&wanted.within);
    }
    if statement == LIST_EXTERNAL {
        query = query.bind(&wanted.platform).bind(&wanted.own);
    }
    Ok((query.fetch_all(asked(pool)).await?, None))
}

/// Looks through what lies in an area, the newest first.
async fn look(
    pool: &PgPool,
    wanted: &Requests,
    after: Option<Cursor>,
    limit: i64,
) -> Result<(Vec<Versioned<Request>>, Option<Cursor>), sqlx::Error> {
    let area = wanted.within.clone().unwrap_or_else(|| wanted.district.clone());
    let placed = Placed { district: wanted.district.clone(), area };
    let (statement, area) = pick(&LOOKED, &placed);
    let (at, id) = after.unwrap_or(NEWEST);
    let flagged = wanted.flag.as_ref();
    let rows: Vec<Versioned<Request>> = sqlx::query_as(statement)
        .bind(&wanted.district)
        .bind(area)
        .bind(at)
        .bind(id)
        .bind(limit)
        .bind(wanted.channel.map(Channel::name))
        .bind(wanted.state.map(State::name))
        .bind(&wanted.owing_unit)
        .bind(&wanted.climbed_to)
        .bind(flagged.map(|it| Json(it.flag)))
        .bind(flagged.is_some_and(|it| it.of_all))
        .bind(flagged.is_some_and(|it| it.of_named))
        .bind(flagged.is_some_and(|it| it.of_held))
        .bind(&wanted.own)
        .fetch_all(asked(pool))
        .await?;
    if rows.len() as i64 >= limit {
        return Ok((rows, None));
    }
    let (statement, area) = pick(&LAST_LOOKED, &placed);
    let last = sqlx::query_as(statement).bind(&wanted.district).bind(area).bind(at).bind(id);
    let last: Option<Cursor> = last.fetch_optional(asked(pool)).await?;
    Ok((rows, last))
}

// What one phone said, the newest first: by its hash, and as builds kept it that did not seal it. What somebody said who is not to be named is
// never found: whoever knows the phone would learn whose it is. Each request is looked up by its id (`offset 0`: never by its district and
// time, of which there are many).
pub(crate) const BY_PHONE: &str = concat!(
    "
    select id, content, repeat from (
        (select r.id, r.content, r.repeat, r.submitted_at
           from (select aggregate from data_key where found_by = $5 order by aggregate desc limit 20) k
          cross join lateral (
                select id, body ->> 'content' as content, body -> 'repeat' as repeat, district, submitted_at, state, ",
    hides!(),
    " as hides
                  from request where id = k.aggregate offset 0) r
          where r.district = $1 and r.submitted_at >= $3 and r.submitted_at <= $4 and r.state <> 'withdrawn' and not r.hides)
        union all
        (select id, body ->> 'content', body -> 'repeat', submitted_at
           from request
          where district = $1 and body -> 'reporter' ->> 'phone' = $2 and body -> 'reporter' ->> 'phone' <> ''
            and submitted_at >= $3 and submitted_at <= $4 and state <> 'withdrawn' and not ",
    hides!(),
    "
          order by submitted_at desc, id desc
          limit 20)) as said
     order by submitted_at desc, id desc
     limit 20"
);

/// What a phone, which has this hash, said between two instants, but for what hides who said it: id, words and what that repeats.
pub async fn by_phone(
    pool: &PgPool,
    district: &str,
    (phone, hash): (&str, &[u8]),
    (since, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<(Uuid, String, Option<Repeat>)>, sqlx::Error> {
    let query = sqlx::query_as(BY_PHONE).bind(district).bind(phone).bind(since).bind(until).bind(hash);
    let found = query.fetch_all(asked(pool));
    let found: Vec<(Uuid, String, Option<Json<Repeat>>)> = found.await?;
    Ok(found.into_iter().map(|(id, content, repeat)| (id, content, repeat.map(|it| it.0))).collect())
}

// By the log's own key. A party is told with its case, on which its persons have their fingerprints.
pub(crate) const WORKERS: &str = "
    select distinct unit, told_by, persons
      from (select coalesce(entry::jsonb #> '{change,progressed}', entry::jsonb #> '{change,owed}') as told
              from log where aggregate = $1) as each,
           lateral (select told ->> 'holder' as unit, null::uuid as told_by, null::jsonb as persons
                    union all select jsonb_array_elements_text(told -> 'workers'), null, null
                    union all select party ->> 'unit', (told ->> 'case')::uuid, party -> 'persons'
                                from jsonb_array_elements(told -> 'parties') as party) as had
     where unit is not null";

/// A unit; and where it is a party, the case that it had part in, and its persons.
type Part = (String, Option<Uuid>, Option<Json<Vec<String>>>);

/// Who had part in a request's case: who held it and who was called on it, as each was told; and whether a person was among them.
pub async fn workers(pool: &PgPool, id: Uuid, subject: &str) -> Result<Workers, sqlx::Error> {
    let told: Vec<Part> = sqlx::query_as(WORKERS).bind(id).fetch_all(asked(pool)).await?;
    let mut workers = Workers::default();
    for (unit, case, persons) in told {
        let own = case.map(|case| fingerprint(case, subject));
        if own.is_some_and(|own| persons.is_some_and(|Json(persons)| persons.contains(&own))) {
            workers.acted.insert(unit.clone());
        }
        workers.units.insert(unit);
    }
    Ok(workers)
}

/// Answers that are owed, as the index `request_owed` has them.
pub(crate) const OWED: &str = "owing_unit is not null";

pub(crate) const DUTIES: &str = "
    select * from (
        select one.unit, (select count(*) from request where district = $1 and owing_unit = one.unit) as duties
          from unnest($2::text[]) as one(unit)
    ) as each
     where duties > 0 order by unit";

/// How many answers each of these units owes, of those that owe any.
pub async fn duties(
    pool: &PgPool,
    district: &str,
    units: &[String],
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(DUTIES).bind(district).bind(units).fetch_all(asked(pool)).await
}
