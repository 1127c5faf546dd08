//! Looking requests up.

use chrono::{DateTime, Utc};
use huying_chassis::{
    db::asked,
    log::{Versioned, fingerprint},
};
use sqlx::{FromRow, PgPool, Row as _, postgres::PgRow, types::Json};
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
            "select id, version, shape, hash, submitted_at,
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

/// The unit that took it.
macro_rules! taker {
    () => {
        "body -> 'first_contact' ->> 'unit'"
    };
}

/// The unit that holds its case: `Request::holder` of the row.
macro_rules! holder {
    () => {
        "body -> 'holders' ->> (body ->> 'case')"
    };
}

/// What whoever asks sees of the rows that something else leads to: what lies in their area `$8`, was taken by their unit `$9`, or is held by it
/// where it holds nearby, `$10`.
macro_rules! seen {
    () => {
        concat!(
            "($8::text is null or starts_with(",
            place!(),
            ", $8) or ",
            taker!(),
            " = $9 or ",
            holder!(),
            " = $10)"
        )
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

// By the index `request_climbed`: what has not climbed is not in it. A unit looks through what climbed to it for what it sees.
pub(crate) const LIST_CLIMBED: &str = listed!(
    "request where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and ($6::text is null or state = $6)
       and body -> 'first_contact' ->> 'climbed_to' = $7 and ",
    seen!(),
    " order by submitted_at desc, id desc limit $4"
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

// Few have one number, whoever sent them: among them what a platform sent, or what whoever asks sees.
pub(crate) const LIST_EXTERNAL: &str = listed!(
    "request where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and ($6::text is null or state = $6)
       and body ->> 'external_id' = $7 and body ->> 'external_id' <> ''
       and ($11::text is null or body ->> 'platform' = $11) and ",
    seen!(),
    " order by submitted_at desc, id desc limit $4"
);

/// Rows that are looked at for one page of what is seen, where only some of them are wanted. Where they held too few, the next page goes on
/// after them.
macro_rules! look {
    () => {
        "1000"
    };
}

/// As many rows of a district as are looked at, by an index of their own.
macro_rules! led {
    ($lead:expr) => {
        concat!(
            "(select * from request where district = $1 and ",
            $lead,
            " and (submitted_at, id) < ($3, $4) order by submitted_at desc, id desc limit ",
            look!(),
            ")"
        )
    };
}

/// The same of three leads together, each request once: what lies in an area, what the unit `$14` took, and what the unit `$15` holds, wherever
/// these lie. Each gives as many as are looked at, so no more are needed of any. Without a unit its lead leads to nothing.
macro_rules! merged {
    ($lead:expr) => {
        concat!(
            "(select distinct on (submitted_at, id) * from (",
            led!($lead),
            " union all ",
            led!(concat!(taker!(), " = $14")),
            " union all ",
            led!(concat!(holder!(), " = $15")),
            ") as each order by submitted_at desc, id desc limit ",
            look!(),
            ")"
        )
    };
}

/// Of what is looked through, by `$rows`, what else is asked for; and beside it the last row that was looked at, where the page is not full and as
/// many were there. Both by one statement, since a request comes to be seen and ceases to be while others are read. A flag is asked for where it is
/// shown: as `access::flagged` says, and of what one's own unit took.
macro_rules! looked {
    ($rows:expr) => {
        concat!(
            "with page as (",
            listed!(
                $rows,
                " as request
              where ($6::text is null or channel = $6) and ($7::text is null or state = $7) and ($8::text is null or owing_unit = $8)
                and ($9::text is null or body -> 'first_contact' ->> 'climbed_to' = $9)
                and ($10::jsonb is null or body -> 'flags' @> $10
                     and ($11::boolean or ",
                taker!(),
                " = $14::text or not ",
                hides!(),
                " and ($12::boolean or $13::boolean and ",
                holder!(),
                " = $15::text)))
              order by submitted_at desc, id desc limit $5"
            ),
            "), last as materialized (select submitted_at, id from ",
            $rows,
            " as request where (select count(*) from page) < $5 order by submitted_at desc, id desc offset ",
            look!(),
            " - 1 limit 1)
             select page.id, page.version, page.shape, page.hash, page.body, last.submitted_at as last_at, last.id as last_id
               from (select 1) as one left join page on true left join last on true
              order by page.submitted_at desc, page.id desc"
        )
    };
}

// For a district, a street, a community and a grid. Who sees the whole district sees what their unit took and holds in any case.
pub(crate) const LOOKED: [&str; 4] = [
    looked!(led!("$2::text = district")),
    looked!(merged!(concat!("left(", place!(), ", 9) = $2"))),
    looked!(merged!(concat!("left(", place!(), ", 12) = $2"))),
    looked!(merged!(concat!("left(", place!(), ", 15) = $2"))),
];

pub async fn by_number(pool: &PgPool, number: &str) -> Result<Option<Versioned<Request>>, sqlx::Error> {
    sqlx::query_as(BY_NUMBER).bind(number).fetch_optional(asked(pool)).await
}

/// The statement that leads to what is wanted, and by what; none: what is seen is looked through.
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
        query = query.bind(&wanted.within).bind(&wanted.own).bind(&wanted.held);
    }
    if statement == LIST_EXTERNAL {
        query = query.bind(&wanted.platform);
    }
    Ok((query.fetch_all(asked(pool)).await?, None))
}

/// One of a page, and the last row that was looked at for it, where it is told.
struct Looked {
    request: Option<Versioned<Request>>,
    last: Option<Cursor>,
}

impl FromRow<'_, PgRow> for Looked {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let id: Option<Uuid> = row.try_get("id")?;
        let last_at: Option<DateTime<Utc>> = row.try_get("last_at")?;
        let last_id: Option<Uuid> = row.try_get("last_id")?;
        let request = id.map(|_| Versioned::from_row(row)).transpose()?;
        Ok(Self { request, last: last_at.zip(last_id) })
    }
}

/// Looks through what lies in an area, and what else a unit sees, the newest first.
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
    let rows: Vec<Looked> = sqlx::query_as(statement)
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
        .bind(&wanted.held)
        .fetch_all(asked(pool))
        .await?;
    let last = rows.first().and_then(|row| row.last);
    Ok((rows.into_iter().filter_map(|row| row.request).collect(), last))
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
