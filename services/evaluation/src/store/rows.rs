//! All rows that figures are made of, page by page: cases, callbacks, requests and ratings of a district.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use huying_chassis::log::Versioned;
use sqlx::{FromRow, PgConnection, postgres::PgRow, types::Json};
use tokio::sync::watch::Sender;
use uuid::Uuid;

use crate::domain::{
    callback::Callback,
    figure::{
        Posting,
        callback::{self, Known, Place},
        course::Course,
        rating,
        received::Received,
        trial::Tried,
    },
    rating::Rating,
};

/// Rows read at a time.
pub(super) const PAGE: i64 = 5_000;

/// Rows looked at before others have their turn.
const TURN: usize = 100;

/// Those of a district, by id.
pub(crate) const COURSES: &str =
    "select id, body, counted from course where district = $1 and id > $2 order by id limit $3";
/// The same, with the area and the category of the case where anything is counted of it. What is not counted yet as it is has added what it says.
pub(crate) const CALLBACKS: &str = "
    select id, version, shape, hash, body, counted, version = counted_version as is_counted, channel,
           (select array[c.body ->> 'area', c.body ->> 'category'] from course c where c.id = callback.case_id) as place
      from callback
     where district = $1 and id > $2 order by id limit $3";
pub(crate) const RECEIVED: &str =
    "select id, body, counted from received where district = $1 and id > $2 order by id limit $3";
pub(crate) const RATINGS: &str = "
    select id, version, shape, hash, body, counted, version = counted_version as is_counted from rating
     where district = $1 and id > $2 order by id limit $3";

/// A row that adds to the figures.
pub(super) trait Row: for<'r> FromRow<'r, PgRow> + Send + Unpin {
    /// Reads a page of a district: `$1`, after an id: `$2`, so many: `$3`.
    const SQL: &'static str;

    fn id(&self) -> Uuid;
    /// What it has added.
    fn counted(&self) -> &[Posting];
    /// What it adds by this build.
    fn postings(&self, zone: Tz) -> Vec<Posting>;
    /// What it would have added by now.
    fn tried(&self, tried: &Tried, now: DateTime<Utc>) -> Vec<Posting>;
}

#[derive(FromRow)]
pub(super) struct CourseRow {
    id: Uuid,
    body: Json<Course>,
    counted: Json<Vec<Posting>>,
}

#[derive(FromRow)]
pub(super) struct CallbackRow {
    #[sqlx(flatten)]
    callback: Versioned<Callback>,
    counted: Json<Vec<Posting>>,
    is_counted: bool,
    channel: Option<String>,
    place: Option<Vec<String>>,
}

#[derive(FromRow)]
pub(super) struct ReceivedRow {
    id: Uuid,
    body: Json<Received>,
    counted: Json<Vec<Posting>>,
}

#[derive(FromRow)]
pub(super) struct RatingRow {
    #[sqlx(flatten)]
    rating: Versioned<Rating>,
    counted: Json<Vec<Posting>>,
    is_counted: bool,
}

/// Looks at all rows of a district, by id. `told` hears how many were looked at.
///
/// # Errors
/// The database is away.
pub(super) async fn walk<R: Row>(
    connection: &mut PgConnection,
    district: &str,
    told: &Sender<i64>,
    mut look: impl FnMut(R),
) -> Result<(), sqlx::Error> {
    let mut after = Uuid::nil();
    loop {
        let page = sqlx::query_as(R::SQL).bind(district).bind(after).bind(PAGE);
        let page: Vec<R> = page.fetch_all(&mut *connection).await?;
        told.send_modify(|looked_at| *looked_at += page.len() as i64);
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id();
        for (at, row) in page.into_iter().enumerate() {
            look(row);
            // Looking may take long, where a calendar is hard to walk: others go on meanwhile, and whoever went away is noticed.
            if at % TURN == TURN - 1 {
                tokio::task::yield_now().await;
            }
        }
    }
}

impl Row for CourseRow {
    const SQL: &'static str = COURSES;

    fn id(&self) -> Uuid {
        self.id
    }

    fn counted(&self) -> &[Posting] {
        &self.counted
    }

    fn postings(&self, zone: Tz) -> Vec<Posting> {
        self.body.postings(zone)
    }

    fn tried(&self, tried: &Tried, now: DateTime<Utc>) -> Vec<Posting> {
        tried.course(&self.body).overdue_by(now).postings(tried.calendar().zone)
    }
}

impl CallbackRow {
    fn known(&self) -> Known {
        let place = match self.place.as_deref() {
            Some([area, category]) => Some(Place { area: area.clone(), category: category.clone() }),
            Some(_) | None => None,
        };
        Known { channel: self.channel.as_ref().and_then(|name| name.parse().ok()), place }
    }
}

impl Row for CallbackRow {
    const SQL: &'static str = CALLBACKS;

    fn id(&self) -> Uuid {
        self.callback.id
    }

    fn counted(&self) -> &[Posting] {
        &self.counted
    }

    fn postings(&self, zone: Tz) -> Vec<Posting> {
        match self.is_counted {
            true => callback::postings(&self.callback.it, &self.known(), zone),
            false => self.counted.0.clone(),
        }
    }

    fn tried(&self, tried: &Tried, _: DateTime<Utc>) -> Vec<Posting> {
        callback::postings(&tried.callback(&self.callback.it), &self.known(), tried.calendar().zone)
    }
}

impl Row for ReceivedRow {
    const SQL: &'static str = RECEIVED;

    fn id(&self) -> Uuid {
        self.id
    }

    fn counted(&self) -> &[Posting] {
        &self.counted
    }

    fn postings(&self, zone: Tz) -> Vec<Posting> {
        self.body.postings(zone)
    }

    fn tried(&self, tried: &Tried, _: DateTime<Utc>) -> Vec<Posting> {
        self.postings(tried.calendar().zone)
    }
}

impl Row for RatingRow {
    const SQL: &'static str = RATINGS;

    fn id(&self) -> Uuid {
        self.rating.id
    }

    fn counted(&self) -> &[Posting] {
        &self.counted
    }

    fn postings(&self, zone: Tz) -> Vec<Posting> {
        match self.is_counted {
            true => rating::postings(&self.rating.it, zone),
            // What is not counted yet has added nothing.
            false => self.counted.0.clone(),
        }
    }

    fn tried(&self, tried: &Tried, _: DateTime<Utc>) -> Vec<Posting> {
        rating::postings(&self.rating.it, tried.calendar().zone)
    }
}
