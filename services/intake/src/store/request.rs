//! Looking requests up.

use chrono::{DateTime, Utc};
use huying_chassis::{
    db::asked,
    log::{Versioned, fingerprint},
};
use sqlx::{PgPool, types::Json};
use uuid::Uuid;

use crate::domain::{
    channel::Channel,
    request::{Request, Workers},
    state::State,
    submission::Repeat,
    wanted::{Cursor, Requests},
};

pub(crate) const BY_NUMBER: &str = "select id, version, shape, hash, body from request where number = $1";
/// Of each of many requests all but what grows with it: its additions, counted, its progress, and who joined.
macro_rules! listed {
    ($which:literal) => {
        concat!(
            "select id, version, shape, hash,
                    body || jsonb_build_object('additions', '[]'::jsonb, 'progress', '[]'::jsonb, 'joiners', '[]'::jsonb, 'older_additions',
                                               coalesce((body -> 'older_additions')::int8, 0) + jsonb_array_length(body -> 'additions')) as body
               from request ",
            $which
        )
    };
}

// One statement for each index: a page costs the same however many requests there are.
pub(crate) const LIST: &str = listed!(
    "where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5)
     order by submitted_at desc, id desc limit $4"
);
pub(crate) const LIST_STATE: &str = listed!(
    "where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and state = $6
     order by submitted_at desc, id desc limit $4"
);
pub(crate) const LIST_OWING: &str = listed!(
    "where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and ($6::text is null or state = $6) and owing_unit = $7
     order by submitted_at desc, id desc limit $4"
);
// By the index `request_flagged`; which flag is looked at afterwards, so that a page costs the same however common one is.
pub(crate) const LIST_FLAGGED: &str = listed!(
    "where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and ($6::text is null or state = $6)
       and ($7::text is null or owing_unit = $7) and body ? 'flags'
     order by submitted_at desc, id desc limit $4"
);

// By the index `request_climbed`: what has not climbed is not in it.
pub(crate) const LIST_CLIMBED: &str = listed!(
    "where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and ($6::text is null or state = $6)
       and body -> 'first_contact' ->> 'climbed_to' = $7
     order by submitted_at desc, id desc limit $4"
);

// What a platform sent.
pub(crate) const LIST_PLATFORM: &str = listed!(
    "where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and ($6::text is null or state = $6)
       and body ->> 'platform' = $7 and body ->> 'platform' <> ''
     order by submitted_at desc, id desc limit $4"
);
pub(crate) const LIST_CHANGED: &str = listed!(
    "where district = $1 and (coalesce(instant(body -> 'changed_at'), submitted_at), id) > ($2, $3) and ($5::text is null or channel = $5)
       and ($6::text is null or state = $6) and body ->> 'platform' = $7 and body ->> 'platform' <> ''
     order by coalesce(instant(body -> 'changed_at'), submitted_at), id limit $4"
);
// Few have one number, whoever sent them: whose they are is looked at afterwards.
pub(crate) const LIST_EXTERNAL: &str = listed!(
    "where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and ($6::text is null or state = $6)
       and body ->> 'external_id' = $7 and body ->> 'external_id' <> ''
     order by submitted_at desc, id desc limit $4"
);

pub async fn by_number(pool: &PgPool, number: &str) -> Result<Option<Versioned<Request>>, sqlx::Error> {
    sqlx::query_as(BY_NUMBER).bind(number).fetch_optional(asked(pool)).await
}

/// Newest first; those that changed in the order of their changes.
pub async fn list(
    pool: &PgPool,
    wanted: &Requests,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Versioned<Request>>, sqlx::Error> {
    let (statement, last) = match wanted {
        Requests { external_id: Some(_), .. } => (LIST_EXTERNAL, &wanted.external_id),
        Requests { platform: Some(_), changed_since: Some(_), .. } => (LIST_CHANGED, &wanted.platform),
        Requests { platform: Some(_), .. } => (LIST_PLATFORM, &wanted.platform),
        Requests { climbed_to: Some(_), .. } => (LIST_CLIMBED, &wanted.climbed_to),
        Requests { flag: Some(_), .. } => (LIST_FLAGGED, &wanted.owing_unit),
        Requests { owing_unit: Some(_), .. } => (LIST_OWING, &wanted.owing_unit),
        Requests { state: Some(_), .. } => (LIST_STATE, &None),
        Requests { .. } => (LIST, &None),
    };
    let beginning = match wanted.changed_since {
        Some(since) if statement == LIST_CHANGED => (since, Uuid::nil()),
        Some(_) | None => (DateTime::<Utc>::MAX_UTC, Uuid::max()),
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
        query = query.bind(last);
    }
    query.fetch_all(asked(pool)).await
}

/// Whether whoever made a request is not to be named: `Order::hides_reporter` of the row.
macro_rules! hides {
    () => {
        r#"coalesce(body -> 'order' @> '{"anonymous": true}' or body -> 'order' @> '{"confidential": true}', false)"#
    };
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
