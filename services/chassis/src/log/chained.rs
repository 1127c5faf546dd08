//! Whether entries are what their hashes were taken of. An anchor signs places and hashes and reads no text, and a replay begins with a row
//! or a first entry: an entry that neither leads to is found here, under whatever name it lies.

use futures::TryStreamExt;
use sqlx::{FromRow, PgConnection};

use super::{
    Hash, Head, Position,
    read::{Header, Sealed, columns},
};

/// The entry before is one look by log_pkey: the limit holds the planner to it.
const UNTIL: &str = concat!(
    "select ",
    columns!(),
    ", earlier.hash_before
      from log
      left join lateral (select b.hash as hash_before from log b
                          where b.aggregate = log.aggregate and b.version = log.version - 1 limit 1) earlier on true
     where (epoch, log.xid, seq) > ($1, $2::text::xid8, $3) and (epoch, log.xid, seq) <= ($4, $5::text::xid8, $6)
     order by epoch, log.xid, seq limit $7"
);

/// An entry without its text, once that was held against its hash.
#[derive(Clone, Debug)]
pub struct Chained {
    /// Its place and its hash.
    pub sealed: Sealed,
    /// Why its hash is not its own, in words that go on from what it is called.
    pub flaw: Option<&'static str>,
}

/// All of an entry, and the hash of the one before it.
#[derive(FromRow)]
struct Line {
    #[sqlx(flatten)]
    head: Head,
    #[sqlx(flatten)]
    position: Position,
    entry: String,
    hash: Hash,
    hash_before: Option<Hash>,
}

impl Line {
    fn flaw(&self) -> Option<&'static str> {
        let before = match self.hash_before {
            Some(hash) => hash,
            None if self.head.version == 1 => Hash::default(),
            None => {
                return Some("follows an entry that is not there: that one was taken out, or this one moved");
            }
        };
        (self.head.chain(&before, &self.entry) != self.hash)
            .then_some("is not what its hash was taken of: it, or the hash of the one before it, was changed")
    }
}

impl From<Line> for Chained {
    fn from(line: Line) -> Self {
        let flaw = line.flaw();
        let Line { head: Head { id, kind, aggregate, version, .. }, position, hash, .. } = line;
        Self { sealed: Sealed { header: Header { kind, aggregate, version, id, position }, hash }, flaw }
    }
}

/// What stands after a position, up to another one, in the order of the log. One text is held at a time: an anchor has thousands.
///
/// # Errors
/// The database is away.
pub async fn chained_until(
    connection: &mut PgConnection,
    after: Position,
    until: Position,
    limit: i64,
) -> Result<Vec<Chained>, sqlx::Error> {
    let mut lines = sqlx::query_as::<_, Line>(UNTIL)
        .bind(after.epoch)
        .bind(after.xid.0.to_string())
        .bind(after.seq)
        .bind(until.epoch)
        .bind(until.xid.0.to_string())
        .bind(until.seq)
        .bind(limit)
        .fetch(connection);
    let mut all = Vec::new();
    while let Some(line) = lines.try_next().await? {
        all.push(Chained::from(line));
    }
    Ok(all)
}
