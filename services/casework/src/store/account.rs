//! Counting for the accounts (四账): each question is a page, so that none costs more when there are more cases.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use huying_chassis::{
    db::{self, ask_within},
    log::{Position, read::BEHIND_HORIZON},
};
use sqlx::{AssertSqlSafe, Connection as _, FromRow, PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::account::{Account, Accounts, Posted};

/// What whoever runs casework is told.
pub const TOLD: &str = "
    select array[district, account], number::float8
      from account, lateral (values ('entered', entered), ('working', working), ('settled', settled)) as told (account, number)";
pub const UNBALANCED: &str = "select array[district], unbalanced::float8 from account";

const COUNTED: &str =
    "select epoch, xid::text::int8 as xid, seq, walked from counted where id = $1 and due_at <= $2";
const ACCOUNTS: &str = "select district, entered_before, settled_before, entered, working, settled, astray, astray_so_far from account";
/// The next entries of the log, whatever they are of, each with what it means: where it led, and where the one before had. A part of a case
/// is in the accounts with its whole. `offset 0`: it is looked up once, though asked for twice.
static TAIL: LazyLock<String> = LazyLock::new(|| {
    format!(
        "with tail as materialized (
            select kind, aggregate, version, district, entry, epoch, log.xid as xact, seq, {BEHIND_HORIZON} as is_past from log
             where (epoch, log.xid, seq) > ($1, $2::text::xid8, $3) order by epoch, log.xid, seq limit $4)
         select district, is_past, epoch, xact::text::int8 as xid, seq,
                (counts and version = 1)::int::int8 as entered,
                case when counts then (entry::json ->> 'state' = 'closed')::int::int8 - coalesce(
                     (select (before.entry::json ->> 'state' = 'closed')::int::int8 from log before
                       where before.aggregate = tail.aggregate and before.version = tail.version - 1), 0) else 0 end as settled
           from tail, lateral (select kind = 'case' and (select true from \"case\" part where part.id = aggregate and part.body ->> 'whole' is not null) is null as counts offset 0) as it
          order by epoch, xact, seq"
    )
});
/// By the index `case_working`, which holds only these.
const WORKING: &str = "select district, count(*) from \"case\" where state <> 'closed' and body ->> 'whole' is null group by district";
/// The next cases by row and by log; where one is without the other, or of another district, a district. The condition on ids is repeated
/// for a plan that merges, which would otherwise begin with the first of all.
const WALK: &str = "
    with ids as (
        (select id from \"case\" where id > $1 order by id limit $2)
        union
        (select aggregate from log where version = 1 and kind = 'case' and aggregate > $1 order by aggregate limit $2))
    select page.id, case when c.district = l.district then null else coalesce(c.district, l.district) end as astray
      from (select id from ids order by id limit $2) as page
      left join \"case\" c on c.id = page.id and c.id > $1
      left join log l on l.aggregate = page.id and l.version = 1 and l.aggregate > $1
     order by page.id";
/// Not when somebody else, who leads too for a moment, has counted meanwhile.
const COUNT: &str = "
    update counted set epoch = $2, xid = $3::text::xid8, seq = $4, walked = $5, due_at = $6
     where id = $1 and (epoch, xid, seq, walked) = ($7, $8::text::xid8, $9, $10)";
const KEEP: &str = "
    insert into account (district, entered_before, settled_before, entered, working, settled, astray, astray_so_far)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (district) do update set
        entered_before = excluded.entered_before, settled_before = excluded.settled_before, entered = excluded.entered,
        working = excluded.working, settled = excluded.settled, astray = excluded.astray, astray_so_far = excluded.astray_so_far";

/// Every statement by name.
pub fn statements() -> Vec<(&'static str, &'static str)> {
    vec![
        ("account::TOLD", TOLD),
        ("account::UNBALANCED", UNBALANCED),
        ("account::COUNTED", COUNTED),
        ("account::ACCOUNTS", ACCOUNTS),
        ("account::TAIL", &TAIL),
        ("account::WORKING", WORKING),
        ("account::WALK", WALK),
        ("account::COUNT", COUNT),
        ("account::KEEP", KEEP),
    ]
}

/// How far has been counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Counted {
    #[sqlx(flatten)]
    pub at: Position,
    pub walked: Uuid,
}

/// What is there, all of one instant.
pub struct Found {
    pub accounts: Accounts,
    /// The entries that come next, at most as many as asked for.
    pub entries: Vec<Posted>,
    /// Where the last of those stands that are past.
    pub at: Position,
    /// By district; none while there may be more entries than those, nor of what follows.
    pub working: Vec<(String, i64)>,
    /// The next cases, and the districts of those that are astray.
    pub walked: Vec<Uuid>,
    pub astray: Vec<String>,
}

/// How far has been counted, when it is time to go on.
///
/// # Errors
/// The database is away.
pub async fn counted(pool: &PgPool, id: Uuid, now: DateTime<Utc>) -> Result<Option<Counted>, sqlx::Error> {
    sqlx::query_as(COUNTED).bind(id).bind(now).fetch_optional(db::asked(pool)).await
}

/// Looks at the next entries and cases.
///
/// # Errors
/// The database is away.
pub async fn find(pool: &PgPool, from: Counted, (entries, cases): (i64, i64)) -> Result<Found, sqlx::Error> {
    ask_within(pool, db::PAGE, async |connection| {
        // One snapshot: what commits meanwhile is in none of the numbers or in all.
        let mut tx = connection.begin_with("begin isolation level repeatable read, read only").await?;
        let found = look(&mut tx, from, (entries, cases)).await?;
        tx.rollback().await?;
        Ok(found)
    })
    .await
}

async fn look(
    connection: &mut PgConnection,
    from: Counted,
    (entries, cases): (i64, i64),
) -> Result<Found, sqlx::Error> {
    let accounts: Vec<Line> = sqlx::query_as(ACCOUNTS).fetch_all(&mut *connection).await?;
    let tail: Vec<Next> = sqlx::query_as(AssertSqlSafe(TAIL.as_str()))
        .bind(from.at.epoch)
        .bind(from.at.xid.0.to_string())
        .bind(from.at.seq)
        .bind(entries)
        .fetch_all(&mut *connection)
        .await?;
    // What follows is for the last look of many.
    let (mut working, mut walked) = (Vec::new(), Vec::<(Uuid, Option<String>)>::new());
    if (tail.len() as i64) < entries {
        working = sqlx::query_as(WORKING).fetch_all(&mut *connection).await?;
        walked = sqlx::query_as(WALK).bind(from.walked).bind(cases).fetch_all(&mut *connection).await?;
    }
    let (walked, astray): (Vec<Uuid>, Vec<Option<String>>) = walked.into_iter().unzip();
    Ok(Found {
        accounts: accounts.into_iter().map(Line::account).collect(),
        at: tail.iter().rfind(|next| next.is_past).map_or(from.at, |next| next.at),
        entries: tail.into_iter().map(Next::posted).collect(),
        working,
        walked,
        astray: astray.into_iter().flatten().collect(),
    })
}

/// Keeps what was counted, unless somebody else has counted since. When it is to be gone on with stands beside it.
///
/// # Errors
/// The database is away.
pub async fn keep(
    pool: &PgPool,
    id: Uuid,
    (from, to): (Counted, Counted),
    due_at: DateTime<Utc>,
    accounts: &Accounts,
) -> Result<(), sqlx::Error> {
    ask_within(pool, db::PAGE, async |connection| {
        let mut tx = connection.begin().await?;
        let count = sqlx::query(COUNT)
            .bind(id)
            .bind(to.at.epoch)
            .bind(to.at.xid.0.to_string())
            .bind(to.at.seq)
            .bind(to.walked)
            .bind(due_at)
            .bind(from.at.epoch)
            .bind(from.at.xid.0.to_string())
            .bind(from.at.seq)
            .bind(from.walked);
        if count.execute(&mut *tx).await?.rows_affected() == 0 {
            return tx.rollback().await;
        }
        for (district, it) in accounts {
            let keep = sqlx::query(KEEP).bind(district).bind(it.entered_before).bind(it.settled_before);
            let keep = keep.bind(it.entered).bind(it.working).bind(it.settled);
            keep.bind(it.astray).bind(it.astray_so_far).execute(&mut *tx).await?;
        }
        tx.commit().await
    })
    .await
}

#[derive(FromRow)]
struct Line {
    district: String,
    entered_before: i64,
    settled_before: i64,
    entered: i64,
    working: i64,
    settled: i64,
    astray: i64,
    astray_so_far: i64,
}

impl Line {
    fn account(self) -> (String, Account) {
        let Self {
            district,
            entered_before,
            settled_before,
            entered,
            working,
            settled,
            astray,
            astray_so_far,
        } = self;
        let account =
            Account { entered_before, settled_before, entered, working, settled, astray, astray_so_far };
        (district, account)
    }
}

#[derive(FromRow)]
struct Next {
    district: String,
    is_past: bool,
    entered: i64,
    settled: i64,
    #[sqlx(flatten)]
    at: Position,
}

impl Next {
    fn posted(self) -> Posted {
        let Self { district, is_past, entered, settled, at: _ } = self;
        Posted { district, entered, settled, is_past }
    }
}
