//! Counting anew: all cases, callbacks and requests of a district, in one snapshot, beside the sums of the same snapshot. Counting goes on meanwhile.

use std::time::Duration;

use chrono::NaiveDate;
use chrono_tz::Tz;
use futures::TryStreamExt as _;
use huying_chassis::{db::ask_within, log::Versioned};
use sqlx::{Connection as _, FromRow, PgConnection, PgPool, postgres::PgRow, types::Json};
use tokio::sync::watch::Sender;
use uuid::Uuid;

use super::figure;
use crate::domain::{
    callback::Callback,
    figure::{
        By, Cell, Cells, Counts, Measure, Posting, Span, board::Recounted, callback, course::Course, post,
        received::Received, trial::Trial,
    },
};

/// Rows read at a time, and the longest that a recount may take: ten million cases.
const PAGE: i64 = 5_000;
const LONGEST: Duration = Duration::from_secs(3600);
/// Differences told.
const SHOWN: usize = 20;

/// Those of a district, by id.
pub(crate) const COURSES: &str =
    "select id, body, counted from course where district = $1 and id > $2 order by id limit $3";
/// The same. What is not counted yet as it is has added what it says.
pub(crate) const CALLBACKS: &str = "
    select id, version, shape, hash, body, counted, version = counted_version as is_counted, channel from callback
     where district = $1 and id > $2 order by id limit $3";
pub(crate) const RECEIVED: &str =
    "select id, body, counted from received where district = $1 and id > $2 order by id limit $3";
pub(crate) const FIGURES: &str = "select scope, by, key, span, day, counts from figure where district = $1";

#[derive(FromRow)]
struct CourseRow {
    id: Uuid,
    body: Json<Course>,
    counted: Json<Vec<Posting>>,
}

#[derive(FromRow)]
struct CallbackRow {
    #[sqlx(flatten)]
    callback: Versioned<Callback>,
    counted: Json<Vec<Posting>>,
    is_counted: bool,
    channel: Option<String>,
}

#[derive(FromRow)]
struct ReceivedRow {
    id: Uuid,
    body: Json<Received>,
    counted: Json<Vec<Posting>>,
}

#[derive(FromRow)]
struct FigureRow {
    scope: String,
    #[sqlx(try_from = "String")]
    by: By,
    key: String,
    #[sqlx(try_from = "String")]
    span: Span,
    day: NaiveDate,
    counts: Vec<i64>,
}

/// Counts a district anew, and puts right what differs unless it is only to be checked. `told` hears how many rows were looked at.
///
/// # Errors
/// The database is away.
pub async fn recount(
    pool: &PgPool,
    (district, zone): (&str, Tz),
    check: bool,
    told: &Sender<i64>,
) -> Result<Recounted, sqlx::Error> {
    let anew = ask_within(pool, LONGEST, async |connection| {
        let mut tx = connection.begin_with("begin isolation level repeatable read, read only").await?;
        let mut anew = Anew {
            district,
            zone,
            told,
            cells: Cells::new(),
            courses: Vec::new(),
            callbacks: Vec::new(),
            received: Vec::new(),
            between: Cells::new(),
            lacking: Cells::new(),
            done: Recounted::default(),
        };
        anew.courses(&mut tx).await?;
        anew.callbacks(&mut tx).await?;
        anew.received(&mut tx).await?;
        anew.done.looked_at = *told.borrow();
        anew.compare(&mut tx).await?;
        tx.rollback().await?;
        Ok(anew)
    })
    .await?;
    if !check {
        figure::add_all(pool, anew.lacking).await?;
        for courses in anew.courses.chunks(PAGE as usize) {
            figure::again(pool, (courses, &[], &[]), zone).await?;
        }
        for callbacks in anew.callbacks.chunks(PAGE as usize) {
            figure::again(pool, (&[], callbacks, &[]), zone).await?;
        }
        for received in anew.received.chunks(PAGE as usize) {
            figure::again(pool, (&[], &[], received), zone).await?;
        }
    }
    Ok(anew.done)
}

/// What all rows of a district would add, each case as it would have been. `told` hears how many rows were looked at.
///
/// # Errors
/// The database is away.
pub async fn simulate(
    pool: &PgPool,
    (district, zone): (&str, Tz),
    trial: &Trial,
    told: &Sender<i64>,
) -> Result<Cells, sqlx::Error> {
    ask_within(pool, LONGEST, async |connection| {
        let mut tx = connection.begin_with("begin isolation level repeatable read, read only").await?;
        let (mut cells, mut after) = (Cells::new(), Uuid::nil());
        loop {
            let page: Vec<CourseRow> = page(&mut tx, (COURSES, district), after, told).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            for row in &page {
                post(&mut cells, district, &trial.of(&row.body).postings(zone), 1);
            }
        }
        after = Uuid::nil();
        loop {
            let page: Vec<CallbackRow> = page(&mut tx, (CALLBACKS, district), after, told).await?;
            let Some(last) = page.last() else { break };
            after = last.callback.id;
            for row in &page {
                let channel = row.channel.as_ref().and_then(|name| name.parse().ok());
                post(&mut cells, district, &callback::postings(&row.callback.it, channel, zone), 1);
            }
        }
        after = Uuid::nil();
        loop {
            let page: Vec<ReceivedRow> = page(&mut tx, (RECEIVED, district), after, told).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            for row in &page {
                post(&mut cells, district, &row.body.postings(zone), 1);
            }
        }
        tx.rollback().await?;
        Ok(cells)
    })
    .await
}

/// The next rows of a district, by id, which are looked at then.
async fn page<R: for<'r> FromRow<'r, PgRow> + Send + Unpin>(
    connection: &mut PgConnection,
    (sql, district): (&'static str, &str),
    after: Uuid,
    told: &Sender<i64>,
) -> Result<Vec<R>, sqlx::Error> {
    let page: Vec<R> =
        sqlx::query_as(sql).bind(district).bind(after).bind(PAGE).fetch_all(connection).await?;
    told.send_modify(|looked_at| *looked_at += page.len() as i64);
    Ok(page)
}

/// What was counted anew so far.
struct Anew<'a> {
    district: &'a str,
    zone: Tz,
    told: &'a Sender<i64>,
    /// What all rows add.
    cells: Cells,
    /// Rows that have added something else than they should have by this build, and how much is between the two.
    courses: Vec<Uuid>,
    callbacks: Vec<Uuid>,
    received: Vec<Uuid>,
    between: Cells,
    /// What the figures lack of what rows say they have added.
    lacking: Cells,
    done: Recounted,
}

impl Anew<'_> {
    async fn courses(&mut self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let mut after = Uuid::nil();
        loop {
            let page: Vec<CourseRow> = page(connection, (COURSES, self.district), after, self.told).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id;
            for CourseRow { id, body: Json(course), counted: Json(counted) } in page {
                if self.add(&course.postings(self.zone), &counted) {
                    self.courses.push(id);
                }
            }
        }
    }

    async fn callbacks(&mut self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let mut after = Uuid::nil();
        loop {
            let page: Vec<CallbackRow> =
                page(connection, (CALLBACKS, self.district), after, self.told).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.callback.id;
            for CallbackRow { callback, counted: Json(counted), is_counted, channel } in page {
                let channel = channel.and_then(|name| name.parse().ok());
                // What is not counted yet as it is has added what it says.
                let now = if is_counted {
                    callback::postings(&callback.it, channel, self.zone)
                } else {
                    counted.clone()
                };
                if self.add(&now, &counted) {
                    self.callbacks.push(callback.id);
                }
            }
        }
    }

    async fn received(&mut self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let mut after = Uuid::nil();
        loop {
            let page: Vec<ReceivedRow> =
                page(connection, (RECEIVED, self.district), after, self.told).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id;
            for ReceivedRow { id, body: Json(received), counted: Json(counted) } in page {
                if self.add(&received.postings(self.zone), &counted) {
                    self.received.push(id);
                }
            }
        }
    }

    /// Whether a row has added something else than it should have.
    fn add(&mut self, now: &[Posting], counted: &[Posting]) -> bool {
        post(&mut self.cells, self.district, now, 1);
        if now == counted {
            return false;
        }
        post(&mut self.between, self.district, now, 1);
        post(&mut self.between, self.district, counted, -1);
        true
    }

    /// Holds the figures against it.
    async fn compare(&mut self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let mut rows = sqlx::query_as::<_, FigureRow>(FIGURES).bind(self.district).fetch(connection);
        while let Some(FigureRow { scope, by, key, span, day, counts }) = rows.try_next().await? {
            let cell = Cell { district: self.district.to_owned(), scope, by, key, span, day };
            let anew = self.cells.remove(&cell).unwrap_or_default();
            self.hold(cell, &anew, &Counts::of(counts));
        }
        for (cell, anew) in std::mem::take(&mut self.cells) {
            self.hold(cell, &anew, &Counts::default());
        }
        Ok(())
    }

    fn hold(&mut self, cell: Cell, anew: &Counts, figure: &Counts) {
        if anew.is_nothing() && figure.is_nothing() {
            return;
        }
        self.done.figures += 1;
        let differing = Measure::ALL.iter().filter(|it| anew.get(**it) != figure.get(**it));
        let differing: Vec<Measure> = differing.copied().collect();
        let mut lacking = anew.clone();
        lacking.take(figure);
        if let Some(between) = self.between.get(&cell) {
            lacking.take(between);
        }
        if let Some(first) = differing.first() {
            self.done.different += 1;
            if self.done.differences.len() < SHOWN {
                let Cell { scope, by, key, span, day, .. } = &cell;
                let (by, span, there, anew) = (by.name(), span.name(), figure.get(*first), anew.get(*first));
                let line = format!("{scope} {by} {key} {span} {day} {first}: {there}, counted anew {anew}");
                self.done.differences.push(line);
            }
        }
        if !lacking.is_nothing() {
            self.lacking.insert(cell, lacking);
        }
    }
}
