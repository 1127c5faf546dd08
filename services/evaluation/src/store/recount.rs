//! Counting anew: all cases, callbacks, requests and ratings of a district, in one snapshot, beside the sums of the same snapshot. Counting goes on meanwhile.
//! A trial reads the same rows, and adds what they would have added.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use huying_chassis::db::ask_within;
use sqlx::{Connection as _, FromRow, PgConnection, PgPool};
use tokio::sync::watch::Sender;
use uuid::Uuid;

use super::{
    figure, rating,
    rows::{CallbackRow, CourseRow, PAGE, RatingRow, ReceivedRow, Row, walk},
};
use crate::domain::figure::{
    By, Cell, Cells, Counts, Measure, Posting, Span, board::Recounted, post, trial::Tried,
};

/// The longest that a recount may take: ten million cases.
const LONGEST: Duration = Duration::from_secs(3600);
/// Differences told.
const SHOWN: usize = 20;

/// Those of a district, in their order, after one: all at once are more than may be read by one statement.
pub(crate) const FIGURES: &str = "
    select scope, by, key, span, day, counts from figure
     where district = $1 and (by, scope, span, day, key) > ($2, $3, $4, $5, $6)
     order by by, scope, span, day, key limit $7";

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

impl FigureRow {
    fn cell(&self, district: &str) -> Cell {
        let Self { scope, by, key, span, day, .. } = self;
        let (district, scope, key) = (district.to_owned(), scope.clone(), key.clone());
        Cell { district, scope, by: *by, key, span: *span, day: *day }
    }
}

/// The figures of a district that come after one; none: the first.
async fn page(
    connection: &mut PgConnection,
    district: &str,
    last: Option<&Cell>,
) -> Result<Vec<FigureRow>, sqlx::Error> {
    let text = |of: fn(&Cell) -> &str| last.map_or("", of);
    sqlx::query_as(FIGURES)
        .bind(district)
        .bind(text(|it| it.by.name()))
        .bind(text(|it| &it.scope))
        .bind(text(|it| it.span.name()))
        .bind(last.map_or_else(NaiveDate::default, |it| it.day))
        .bind(text(|it| &it.key))
        .bind(PAGE)
        .fetch_all(connection)
        .await
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
            cells: Cells::new(),
            courses: Vec::new(),
            callbacks: Vec::new(),
            received: Vec::new(),
            ratings: Vec::new(),
            between: Cells::new(),
            lacking: Cells::new(),
            done: Recounted::default(),
        };
        anew.courses = anew.of::<CourseRow>(&mut tx, told).await?;
        anew.callbacks = anew.of::<CallbackRow>(&mut tx, told).await?;
        anew.received = anew.of::<ReceivedRow>(&mut tx, told).await?;
        anew.ratings = anew.of::<RatingRow>(&mut tx, told).await?;
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
        for ratings in anew.ratings.chunks(PAGE as usize) {
            rating::again(pool, ratings, zone).await?;
        }
    }
    Ok(anew.done)
}

/// What all rows of a district would have added by now. `told` hears how many rows were looked at.
///
/// # Errors
/// The database is away.
pub async fn simulate(
    pool: &PgPool,
    (district, now): (&str, DateTime<Utc>),
    tried: &Tried,
    told: &Sender<i64>,
) -> Result<Cells, sqlx::Error> {
    ask_within(pool, LONGEST, async |connection| {
        let mut tx = connection.begin_with("begin isolation level repeatable read, read only").await?;
        let mut cells = Cells::new();
        let mut add = |postings: Vec<Posting>| post(&mut cells, district, &postings, 1);
        walk(&mut tx, district, told, |row: CourseRow| add(row.tried(tried, now))).await?;
        walk(&mut tx, district, told, |row: CallbackRow| add(row.tried(tried, now))).await?;
        walk(&mut tx, district, told, |row: ReceivedRow| add(row.tried(tried, now))).await?;
        walk(&mut tx, district, told, |row: RatingRow| add(row.tried(tried, now))).await?;
        tx.rollback().await?;
        Ok(cells)
    })
    .await
}

/// What was counted anew so far.
struct Anew<'a> {
    district: &'a str,
    zone: Tz,
    /// What all rows add.
    cells: Cells,
    /// Rows that have added something else than they should have by this build, and how much is between the two.
    courses: Vec<Uuid>,
    callbacks: Vec<Uuid>,
    received: Vec<Uuid>,
    ratings: Vec<Uuid>,
    between: Cells,
    /// What the figures lack of what rows say they have added.
    lacking: Cells,
    done: Recounted,
}

impl Anew<'_> {
    /// All rows of a kind; gives those that have added something else than they should have.
    async fn of<R: Row>(
        &mut self,
        connection: &mut PgConnection,
        told: &Sender<i64>,
    ) -> Result<Vec<Uuid>, sqlx::Error> {
        let (mut differing, district) = (Vec::new(), self.district);
        let look = |row: R| {
            if self.add(&row.postings(self.zone), row.counted()) {
                differing.push(row.id());
            }
        };
        walk(connection, district, told, look).await?;
        Ok(differing)
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
        let mut last = None;
        loop {
            let page = page(connection, self.district, last.as_ref()).await?;
            let Some(end) = page.last() else { break };
            last = Some(end.cell(self.district));
            for row in page {
                let cell = row.cell(self.district);
                let anew = self.cells.remove(&cell).unwrap_or_default();
                self.hold(cell, &anew, &Counts::of(row.counts));
            }
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
