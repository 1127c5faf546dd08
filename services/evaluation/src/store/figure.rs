//! Counting: what was heard and what has ended, and the sums. One at a time counts, under a lock that ends with the transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap, btree_map::Entry};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use futures::future::BoxFuture;
use huying_chassis::{
    db::{self, ask_within, asked, asked_within},
    log::Versioned,
};
use serde::Serialize;
use sqlx::{Connection as _, FromRow, PgConnection, PgPool, types::Json};
use uuid::Uuid;

use super::{
    overdue::{self, Later},
    rating, received, sign,
};
use crate::domain::{
    callback::Callback,
    figure::{
        self, By, Cell, Cells, Channel, Counts, Posting, Span, Word,
        callback::{Known, Place},
        course::Course,
        period::Rows,
        post,
        told::Told,
    },
};

/// How long a step of counting waits for whoever counts already.
const PATIENCE: &str = "set local lock_timeout = '1s'";
/// Of what is in nobody else's hands.
pub(super) const LOCK: &str = "select pg_advisory_xact_lock(hashtext('huying evaluation counts'))";
/// The oldest that was heard: whatever came before one of a case is here with it, or counted.
pub(crate) const HEARD: &str = "select id, aggregate, body from heard order by seq limit $1";
pub(crate) const COURSES: &str = "select id, body, counted from course where id = any ($1)";
pub(crate) const KEEP_COURSES: &str = "
    insert into course (id, body, counted)
    select n.id, n.body::jsonb, n.counted::jsonb from unnest($1::uuid[], $2::text[], $3::text[]) as n (id, body, counted)
    on conflict (id) do update set body = excluded.body, counted = excluded.counted";
/// By callback_case: callbacks of cases that stand elsewhere now. They are counted next.
pub(crate) const MOVED: &str =
    "update callback set counted_version = 0 where case_id = any ($1) and counted_version > 0";
pub(crate) const PLACES: &str =
    "select id, body ->> 'area', body ->> 'category' from course where id = any ($1)";
pub(crate) const FORGET: &str = "delete from heard where id = any ($1)";
/// Since when a callback has ended and is not counted as it is; null: it is, or has not ended.
pub const UNCOUNTED: &str = "(case when version <> counted_version then end_at end)";
/// By callback_uncounted. The row is kept as it is until it is counted.
pub(crate) const ENDED: &str = "
    select id, version, shape, hash, body, counted from callback
     where (case when version <> counted_version then end_at end) is not null limit $1 for update";
pub(crate) const THESE: &str =
    "select id, version, shape, hash, body, counted from callback where id = any ($1) for update";
/// Of callbacks by callback_uncounted, of ratings by rating_uncounted.
pub(crate) const OLDEST: &str = "
    select least((select min(at) from heard),
                 (select min((case when version <> counted_version then rated_at end)) from rating
                   where (case when version <> counted_version then rated_at end) is not null),
                 (select min((case when version <> counted_version then end_at end)) from callback
                   where (case when version <> counted_version then end_at end) is not null))";
pub(crate) const KEEP_CALLBACKS: &str = "
    update callback c set counted = n.counted::jsonb, counted_version = n.version, channel = n.channel
      from unnest($1::uuid[], $2::int8[], $3::text[], $4::text[]) as n (id, version, counted, channel) where c.id = n.id";
pub(crate) const ADD: &str = "
    insert into figure as f (district, by, scope, span, day, key, counts)
    select n.district, n.by, n.scope, n.span, n.day, n.key, n.counts::int8[]
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::text[], $7::text[])
           as n (district, by, scope, span, day, key, counts)
     order by 1, 2, 3, 4, 5, 6
    on conflict (district, by, scope, span, day, key) do update set counts = (
        select array_agg(coalesce(a, 0) + coalesce(b, 0) order by place)
          from rows from (unnest(f.counts), unnest(excluded.counts)) with ordinality as sum (a, b, place))";
/// Of the scopes given: months before $4, days from $4 to $5, days from $6 to $7.
pub(crate) const READ: &str = "
    select f.scope, f.key, f.span, f.day, f.counts
      from unnest($3::text[]) as wanted (scope)
     cross join lateral (
        (select scope, key, span, day, counts from figure
          where district = $1 and by = $2 and scope = wanted.scope and span = 'month' and day < $4)
        union all
        (select scope, key, span, day, counts from figure
          where district = $1 and by = $2 and scope = wanted.scope and span = 'day' and day >= $4 and day < $5)
        union all
        (select scope, key, span, day, counts from figure
          where district = $1 and by = $2 and scope = wanted.scope and span = 'day' and day >= $6 and day < $7)) as f
     where $8 = '' or f.key = $8";
/// The areas next below one of which there are figures. Whatever lies in one of them begins with its code, and is passed over.
pub(crate) const AREAS: &str = "
    with recursive area as (
        select (select min(scope) from figure where district = $1 and by = 'all' and scope > $2 collate \"C\" and scope < $2 || '~' collate \"C\") as scope
        union all
        select (select min(scope) from figure where district = $1 and by = 'all' and scope > area.scope || '~' collate \"C\" and scope < $2 || '~' collate \"C\")
          from area where area.scope is not null)
    select scope from area where scope is not null limit 1000";
pub(crate) const EXISTS: &str = "select exists (select from figure where district = $1)";

#[derive(FromRow)]
struct Heard {
    id: Uuid,
    aggregate: Uuid,
    body: Json<Word>,
}

#[derive(FromRow)]
struct Ended {
    #[sqlx(flatten)]
    callback: Versioned<Callback>,
    counted: Json<Vec<Posting>>,
}

#[derive(FromRow)]
struct Kept {
    id: Uuid,
    body: Json<Course>,
    counted: Json<Vec<Posting>>,
}

/// A row of the sums: of which area, of which key, of which time.
#[derive(FromRow)]
pub struct Line {
    pub scope: String,
    pub key: String,
    #[sqlx(try_from = "String")]
    pub span: Span,
    pub day: NaiveDate,
    counts: Vec<i64>,
}

impl Line {
    pub fn counts(self) -> Counts {
        Counts::of(self.counts)
    }
}

/// Gives the zone of a district's days.
pub type Zones = dyn Fn(String) -> BoxFuture<'static, Tz> + Send + Sync;

/// What one step of counting came to: what was heard; callbacks that ended, and ratings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    pub heard: usize,
    pub ended: usize,
}

/// Counts what was heard, what has ended and what was rated, so many of each at most. `zones` gives the zone of each district. None: somebody
/// else holds what is counted for longer than a second.
///
/// # Errors
/// The database is away.
pub async fn count(pool: &PgPool, most: i64, zones: &Zones) -> Result<Option<Step>, sqlx::Error> {
    let counted = ask_within(pool, db::PAGE, async |connection| {
        let mut tx = connection.begin().await?;
        sqlx::query(PATIENCE).execute(&mut *tx).await?;
        sqlx::query(LOCK).execute(&mut *tx).await?;
        let mut cells = Cells::new();
        let step = Step {
            heard: heard(&mut tx, most, zones, &mut cells).await?,
            ended: callbacks(&mut tx, most, zones, &mut cells).await?
                + rating::count(&mut tx, most, zones, &mut cells).await?,
        };
        add(&mut tx, cells).await?;
        tx.commit().await?;
        Ok(step)
    });
    match counted.await {
        Ok(step) => Ok(Some(step)),
        Err(error) if db::is_held(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn heard(
    connection: &mut PgConnection,
    most: i64,
    zones: &Zones,
    cells: &mut Cells,
) -> Result<usize, sqlx::Error> {
    let heard: Vec<Heard> = sqlx::query_as(HEARD).bind(most).fetch_all(&mut *connection).await?;
    let ids: Vec<Uuid> = heard.iter().map(|it| it.id).collect();
    let (mut told, mut received) = (Vec::new(), BTreeMap::new());
    for Heard { aggregate, body: Json(word), .. } in heard {
        match word {
            Word::Case(it) => told.push((aggregate, it)),
            Word::Request(it) => drop(received.insert(aggregate, it)),
        }
    }
    received::keep(connection, &received, zones, cells).await?;
    let late = received::cases_of(connection, &received).await?;
    courses(connection, (&told, late), zones, cells).await?;
    if !ids.is_empty() {
        sqlx::query(FORGET).bind(&ids).execute(connection).await?;
    }
    Ok(ids.len())
}

/// Of cases: what was told, and those whose first request came to be known only now.
async fn courses(
    connection: &mut PgConnection,
    (told, late): (&[(Uuid, Told)], Vec<Uuid>),
    zones: &Zones,
    cells: &mut Cells,
) -> Result<(), sqlx::Error> {
    let cases: BTreeSet<Uuid> = told.iter().map(|(case, _)| *case).chain(late).collect();
    if cases.is_empty() {
        return Ok(());
    }
    let before = kept(connection, &Vec::from_iter(cases)).await?;
    let mut courses: BTreeMap<Uuid, Course> = before.iter().map(|(id, it)| (*id, it.0.clone())).collect();
    for (case, told) in told {
        match courses.entry(*case) {
            Entry::Occupied(mut course) => course.get_mut().take(told),
            Entry::Vacant(new) => drop(new.insert(Course::begin(told))),
        }
    }
    let unknown = courses.values().filter(|it| it.channel.is_none()).filter_map(|it| it.request).collect();
    let channels = received::channels(connection, unknown).await?;
    for course in courses.values_mut().filter(|it| it.channel.is_none()) {
        course.channel = course.request.and_then(|request| channels.get(&request).copied());
    }
    keep(connection, (&before, &courses), zones, cells).await
}

/// Courses as they are kept, with what each has added.
type Before = HashMap<Uuid, (Course, Vec<Posting>)>;

async fn kept(connection: &mut PgConnection, ids: &[Uuid]) -> Result<Before, sqlx::Error> {
    let kept: Vec<Kept> = sqlx::query_as(COURSES).bind(ids).fetch_all(connection).await?;
    Ok(kept.into_iter().map(|it| (it.id, (it.body.0, it.counted.0))).collect())
}

/// Keeps courses as they are now, and what they add now instead of what they added before. Callbacks of those that stand elsewhere now, or are
/// known only now, are counted next.
async fn keep(
    connection: &mut PgConnection,
    (before, courses): (&Before, &BTreeMap<Uuid, Course>),
    zones: &Zones,
    cells: &mut Cells,
) -> Result<(), sqlx::Error> {
    let (mut ids, mut bodies, mut counted) = (Vec::new(), Vec::new(), Vec::new());
    let mut moved = Vec::new();
    for (id, course) in courses {
        let postings = course.postings(zones(course.district.clone()).await);
        let earlier = before.get(id);
        if let Some((earlier, added)) = earlier {
            post(cells, &earlier.district, added, -1);
        }
        if earlier.is_none_or(|(it, _)| (&it.area, &it.category) != (&course.area, &course.category)) {
            moved.push(*id);
        }
        post(cells, &course.district, &postings, 1);
        ids.push(*id);
        bodies.push(text(course)?);
        counted.push(text(&postings)?);
    }
    sqlx::query(KEEP_COURSES).bind(ids).bind(bodies).bind(counted).execute(&mut *connection).await?;
    if !moved.is_empty() {
        sqlx::query(MOVED).bind(moved).execute(connection).await?;
    }
    Ok(())
}

async fn callbacks(
    connection: &mut PgConnection,
    most: i64,
    zones: &Zones,
    cells: &mut Cells,
) -> Result<usize, sqlx::Error> {
    let ended: Vec<Ended> = sqlx::query_as(ENDED).bind(most).fetch_all(&mut *connection).await?;
    keep_ended(connection, &ended, zones, cells).await?;
    Ok(ended.len())
}

/// The same for callbacks, which are the log's to change.
async fn keep_ended(
    connection: &mut PgConnection,
    ended: &[Ended],
    zones: &Zones,
    cells: &mut Cells,
) -> Result<(), sqlx::Error> {
    if ended.is_empty() {
        return Ok(());
    }
    let requests = ended.iter().filter_map(|it| it.callback.it.opened.requests.first().copied()).collect();
    let doors = received::channels(connection, requests).await?;
    let places = places(connection, ended.iter().map(|it| it.callback.it.opened.case).collect()).await?;
    let (mut ids, mut versions, mut kept, mut channels) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for Ended { callback, counted: Json(counted) } in ended {
        let district = &callback.it.opened.district;
        let channel = callback.it.opened.requests.first().and_then(|request| doors.get(request).copied());
        let known = Known { channel, place: places.get(&callback.it.opened.case).cloned() };
        let postings = figure::callback::postings(&callback.it, &known, zones(district.clone()).await);
        post(cells, district, counted, -1);
        post(cells, district, &postings, 1);
        ids.push(callback.id);
        versions.push(callback.version);
        kept.push(text(&postings)?);
        channels.push(channel.map(Channel::name));
    }
    let keep = sqlx::query(KEEP_CALLBACKS).bind(ids).bind(versions).bind(kept).bind(channels);
    keep.execute(connection).await?;
    Ok(())
}

/// Where cases stand, as far as anything is counted of them.
async fn places(
    connection: &mut PgConnection,
    cases: Vec<Uuid>,
) -> Result<HashMap<Uuid, Place>, sqlx::Error> {
    let known: Vec<(Uuid, String, String)> = sqlx::query_as(PLACES).bind(cases).fetch_all(connection).await?;
    Ok(known.into_iter().map(|(id, area, category)| (id, Place { area, category })).collect())
}

/// Counts some cases, callbacks and requests once more, as they are.
///
/// # Errors
/// The database is away.
pub async fn again(
    pool: &PgPool,
    (courses, callbacks, received): (&[Uuid], &[Uuid], &[Uuid]),
    zone: Tz,
) -> Result<(), sqlx::Error> {
    ask_within(pool, db::PAGE, async |connection| {
        let mut tx = connection.begin().await?;
        sqlx::query(LOCK).execute(&mut *tx).await?;
        let zones = move |_| Box::pin(std::future::ready(zone)) as BoxFuture<'static, Tz>;
        let mut cells = Cells::new();
        let before = kept(&mut tx, courses).await?;
        let courses = before.iter().map(|(id, it)| (*id, it.0.clone())).collect();
        keep(&mut tx, (&before, &courses), &zones, &mut cells).await?;
        let ended: Vec<Ended> = sqlx::query_as(THESE).bind(callbacks).fetch_all(&mut *tx).await?;
        keep_ended(&mut tx, &ended, &zones, &mut cells).await?;
        let received = received::these(&mut tx, received).await?;
        received::keep(&mut tx, &received, &zones, &mut cells).await?;
        add(&mut tx, cells).await?;
        tx.commit().await
    })
    .await
}

/// Adds to the figures what they lack.
///
/// # Errors
/// The database is away.
pub async fn add_all(pool: &PgPool, cells: Cells) -> Result<(), sqlx::Error> {
    ask_within(pool, db::PAGE, async |connection| {
        let mut tx = connection.begin().await?;
        sqlx::query(LOCK).execute(&mut *tx).await?;
        add(&mut tx, cells).await?;
        tx.commit().await
    })
    .await
}

pub(super) async fn add(connection: &mut PgConnection, mut cells: Cells) -> Result<(), sqlx::Error> {
    cells.retain(|_, counts| !counts.is_nothing());
    if cells.is_empty() {
        return Ok(());
    }
    sign::watch(connection, &cells).await?;
    let cells: Vec<(Cell, Counts)> = cells.into_iter().collect();
    let all = |of: fn(&Cell) -> &str| cells.iter().map(|(cell, _)| of(cell)).collect::<Vec<_>>();
    let counts = |counts: &Counts| {
        let numbers: Vec<String> = counts.as_slice().iter().map(ToString::to_string).collect();
        format!("{{{}}}", numbers.join(","))
    };
    sqlx::query(ADD)
        .bind(all(|it| &it.district))
        .bind(all(|it| it.by.name()))
        .bind(all(|it| &it.scope))
        .bind(all(|it| it.span.name()))
        .bind(cells.iter().map(|(cell, _)| cell.day).collect::<Vec<_>>())
        .bind(all(|it| &it.key))
        .bind(cells.iter().map(|(_, it)| counts(it)).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}

/// When the first was heard that is not counted.
///
/// # Errors
/// The database is away.
pub async fn oldest(pool: &PgPool) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar(OLDEST).fetch_one(asked(pool)).await
}

/// What is read of the sums: of which areas, told by what, and of one key or, where it is empty, of all.
pub struct Wanted<'a> {
    pub district: &'a str,
    pub by: By,
    pub scopes: &'a [String],
    pub key: &'a str,
    pub rows: Rows,
    /// The day after the last.
    pub to: NaiveDate,
}

impl Wanted<'_> {
    /// Whether a cell is one of those that are read, whenever it is of.
    pub fn holds(&self, cell: &Cell) -> bool {
        let of_key = self.key.is_empty() || self.key == cell.key;
        cell.by == self.by && of_key && self.scopes.contains(&cell.scope)
    }
}

/// The rows of the sums that a period is read from.
///
/// # Errors
/// The database is away.
pub async fn read(pool: &PgPool, wanted: &Wanted<'_>) -> Result<Vec<Line>, sqlx::Error> {
    ask_within(pool, db::PAGE, async |connection| read_in_tx(connection, wanted).await).await
}

/// The same of two, and what is to be taken off for what falls due later. In one snapshot, so that they agree.
///
/// # Errors
/// The database is away.
pub async fn read_both(
    pool: &PgPool,
    (first, second): (&Wanted<'_>, &Wanted<'_>),
    later: Option<&Later<'_>>,
) -> Result<(Vec<Line>, Vec<Line>, Cells), sqlx::Error> {
    ask_within(pool, db::PAGE, async |connection| {
        let mut tx = connection.begin_with("begin isolation level repeatable read, read only").await?;
        let first = read_in_tx(&mut tx, first).await?;
        let second = read_in_tx(&mut tx, second).await?;
        let mut cells = Cells::new();
        if let Some(later) = later {
            post(&mut cells, later.district, &overdue::later_in_tx(&mut tx, later).await?, -1);
        }
        tx.rollback().await?;
        Ok((first, second, cells))
    })
    .await
}

async fn read_in_tx(connection: &mut PgConnection, wanted: &Wanted<'_>) -> Result<Vec<Line>, sqlx::Error> {
    let Rows { last, first } = wanted.rows;
    sqlx::query_as(READ)
        .bind(wanted.district)
        .bind(wanted.by.name())
        .bind(wanted.scopes)
        .bind(last)
        .bind(wanted.to)
        .bind(first.0)
        .bind(first.1)
        .bind(wanted.key)
        .fetch_all(connection)
        .await
}

/// The areas next below one, at most a thousand.
///
/// # Errors
/// The database is away.
pub async fn areas(pool: &PgPool, district: &str, area: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(AREAS).bind(district).bind(area).fetch_all(asked_within(pool, db::PAGE)).await
}

/// Whether there are any figures of a district.
///
/// # Errors
/// The database is away.
pub async fn exists(pool: &PgPool, district: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(EXISTS).bind(district).fetch_one(asked(pool)).await
}

pub(super) fn text(value: &impl Serialize) -> Result<String, sqlx::Error> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(error.into()))
}
