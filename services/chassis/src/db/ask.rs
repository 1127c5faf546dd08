//! Asking the database, and waiting for the answer no longer than a while: on a path that was cut nothing comes back for a quarter of an
//! hour. [`asked`] is for one statement, which goes to it as it would to the pool; [`ask`] for several, or a transaction.
//!
//! Guaranteed: who asks has an answer or an error in time; a connection that has not answered is closed and not given back, also when
//! whoever asked did not wait for it (a call that was cancelled); giving one back is waited for no longer than a second. Nothing is
//! asked of the server beyond the statement itself.

use std::time::Duration;

use futures::{
    FutureExt, TryFutureExt, TryStreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use sqlx::{
    Describe, Either, Execute, Executor, PgConnection, PgPool, Postgres, SqlStr,
    pool::PoolConnection,
    postgres::{PgQueryResult, PgRow, PgStatement, PgTypeInfo},
};
use tokio::time::timeout;

use super::ALIVE;

/// Longest wait for the answer to a question that takes milliseconds.
pub(crate) const ANSWER: Duration = Duration::from_secs(5);
/// For a question about thousands of rows.
pub const PAGE: Duration = Duration::from_secs(20);

/// Asks one or several questions on a pool's connection, and waits for their answer no longer than five seconds.
///
/// # Errors
/// The question's own, or that the database is away.
pub async fn ask<T>(
    pool: &PgPool,
    question: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
) -> Result<T, sqlx::Error> {
    ask_within(pool, ANSWER, question).await
}

/// The same, waiting so long for a connection and so long for the answer.
///
/// # Errors
/// As [`ask`].
pub async fn ask_within<T>(
    pool: &PgPool,
    limit: Duration,
    question: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
) -> Result<T, sqlx::Error> {
    let acquired = timeout(limit, pool.acquire()).await;
    let mut connection: PoolConnection<Postgres> =
        acquired.map_err(|late| sqlx::Error::Io(late.into()))??;
    // Closed, unless it is given back.
    connection.close_on_drop();
    let answer = timeout(limit, question(&mut connection)).await;
    let answer = answer.map_err(|late| sqlx::Error::Io(late.into()))?;
    // The pool tries it first, as it does with every connection that comes back.
    tokio::spawn(timeout(ALIVE, connection.return_to_pool()));
    answer
}

/// Where one statement is sent that is to be answered within five seconds.
pub fn asked(pool: &PgPool) -> Asked<'_> {
    asked_within(pool, ANSWER)
}

/// The same for one that may take longer.
pub fn asked_within(pool: &PgPool, limit: Duration) -> Asked<'_> {
    Asked { pool, limit }
}

/// A pool whose statements are answered in time, or not at all.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'p> {
    pool: &'p PgPool,
    limit: Duration,
}

impl<'p> Executor<'p> for Asked<'p> {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let question = async move |connection: &mut PgConnection| {
            connection.fetch_many(query).try_collect::<Vec<_>>().await
        };
        let answer = async move { ask_within(self.pool, self.limit, question).await };
        Box::pin(answer.map_ok(|steps| stream::iter(steps.into_iter().map(Ok))).try_flatten_stream())
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let question = async move |connection: &mut PgConnection| connection.fetch_optional(query).await;
        async move { ask_within(self.pool, self.limit, question).await }.boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, sqlx::Error>>
    where
        'p: 'e,
    {
        let question =
            async move |connection: &mut PgConnection| connection.prepare_with(sql, parameters).await;
        async move { ask_within(self.pool, self.limit, question).await }.boxed()
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, sqlx::Error>>
    where
        'p: 'e,
    {
        let question = async move |connection: &mut PgConnection| connection.describe(sql).await;
        async move { ask_within(self.pool, self.limit, question).await }.boxed()
    }
}
