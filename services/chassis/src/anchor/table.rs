//! The database's own table of anchors, from which the places outside are filled. The service's login may add rows to it, so whoever has
//! that login can too: a row counts only where this service has signed it for the number that the row has. The others are passed over.

use std::sync::Arc;

use sqlx::PgConnection;

use super::{
    Anchor, Anchors, Key, Line, Unfit,
    file::LONGEST,
    newest::{BACK, Newest},
};
use crate::db::{self, ask_within, asked_within};

/// Rows read at a time.
pub(super) const ROWS: i64 = 20;

/// A line of a row, bound to `$1` bytes: a longer one is read as an empty one, which is no anchor.
macro_rules! bounded_line {
    () => {
        "case when octet_length(line) <= $1 then line else '' end"
    };
}

const BACKWARDS: &str = concat!(
    "select number, ",
    bounded_line!(),
    " from anchor where number <= $2 order by number desc limit $3"
);
const FORWARDS: &str = concat!(
    "select number, ",
    bounded_line!(),
    " from anchor where number > $2 and number <= $3 order by number limit $4"
);

/// The first number after another that no row has: whoever takes the next ones stops nobody by it. None: there is none left.
const FREE: &str = "
    select number + 1
      from (select $1::bigint as number union all select number from anchor where number > $1) as taken
     where number < 9223372036854775807 and not exists (select from anchor a where a.number = taken.number + 1)
     order by number limit 1";

/// What stands at the table's end.
#[derive(Default)]
pub(super) struct End {
    pub(super) newest: Newest,
    /// What other keys are said to have signed, the newest first. Not verified: we have no key for that.
    pub(super) others: Vec<Anchor>,
    /// There are no other rows than those looked at.
    pub(super) is_whole: bool,
}

impl End {
    /// Takes the next row back. True: no other needs to be looked at.
    fn take(&mut self, service: &str, key: &Key, (number, text): (i64, &str)) -> bool {
        let read = key.read_at(service, number, text);
        if let Err(Unfit::OtherKey(_)) = read {
            let said = Line::read(text).ok().and_then(|line| line.says());
            self.others.extend(said.filter(|said| said.service == service && said.number == number));
        }
        self.newest.take(read, number)
    }
}

/// An anchor that is believed, and its line as it lies there.
pub(super) struct Made {
    pub(super) anchor: Anchor,
    pub(super) line: Line,
    pub(super) text: String,
}

/// The end of the table: no row that is older than the newest that is believed, and no more than [`BACK`].
pub(super) async fn end(connection: &mut PgConnection, service: &str, key: &Key) -> Result<End, sqlx::Error> {
    let (mut end, mut from, mut seen) = (End::default(), i64::MAX, 0);
    while seen < BACK {
        // The newest alone is ours, most often.
        let limit = if seen == 0 { 1 } else { ROWS };
        let rows: Vec<(i64, String)> = sqlx::query_as(BACKWARDS)
            .bind(LONGEST.cast_signed())
            .bind(from)
            .bind(limit)
            .fetch_all(&mut *connection)
            .await?;
        if rows.iter().any(|(number, text)| end.take(service, key, (*number, text.as_str()))) {
            return Ok(end);
        }
        let before = rows.last().and_then(|(number, _)| number.checked_sub(1));
        let (Some(before), true) = (before, rows.len() as i64 == limit) else {
            end.is_whole = true;
            return Ok(end);
        };
        (from, seen) = (before, seen + rows.len());
    }
    Ok(end)
}

/// The first free number after another; none: there is none left.
pub(super) async fn free_after(
    connection: &mut PgConnection,
    number: i64,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar(FREE).bind(number).fetch_optional(connection).await
}

impl Anchors {
    /// The number of the newest that is believed, 0 where there is none.
    pub(super) async fn newest_made(&self, key: &Arc<Key>) -> Result<i64, sqlx::Error> {
        let (service, key) = (self.service, Arc::clone(key));
        let end = ask_within(&self.pool, db::PAGE, async |connection| end(connection, service, &key).await);
        let newest = end.await?.newest;
        newest.warn(service, "the table");
        Ok(newest.number().unwrap_or_default())
    }

    /// Rows after a number, up to another one, in their order and as they lie there.
    pub(super) async fn rows(
        &self,
        (after, until): (i64, i64),
        limit: i64,
    ) -> Result<Vec<(i64, String)>, sqlx::Error> {
        sqlx::query_as(FORWARDS)
            .bind(LONGEST.cast_signed())
            .bind(after)
            .bind(until)
            .bind(limit)
            .fetch_all(asked_within(&self.pool, db::PAGE))
            .await
    }

    /// Of rows those that are believed.
    pub(super) fn believed(&self, key: &Key, rows: Vec<(i64, String)>) -> Vec<Made> {
        let made = rows.into_iter().filter_map(|(number, text)| {
            let anchor = key.read_at(self.service, number, &text).ok()?;
            Some(Made { anchor, line: Line::read(&text).ok()?, text })
        });
        made.collect()
    }
}
