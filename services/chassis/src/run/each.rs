//! The same command for many aggregates, as the clock causes it.

use std::{collections::HashMap, time::Duration};

use futures::{StreamExt, stream};
use tokio::time::timeout;
use uuid::Uuid;

use super::{Command, RunError, Runner, seen::row_of};
use crate::log::{Aggregate, AppendError, Meta};

/// How many are decided at once, and wait for the next group commits together.
const AT_ONCE: usize = 256;
/// Longest time for one: whom it asks may be away, and the others wait.
const PATIENCE: Duration = Duration::from_secs(2);

/// How the command went for each aggregate.
pub type Each<T, E> = Vec<(Uuid, Result<T, RunError<E>>)>;

impl<W: Send + Sync + 'static> Runner<W> {
    /// Runs a command on each of many aggregates of a kind. Their rows are looked up together, and written in groups; each is decided by
    /// itself, and anew when its row has moved meanwhile. Of one that takes too long it is not known whether it was done.
    pub async fn each<A: Aggregate, C: Command<W>>(
        &self,
        ids: Vec<Uuid>,
        command: impl Fn(Uuid) -> C,
        meta: &Meta,
    ) -> Each<C::Answer, C::Error> {
        // Where one of them cannot be read, each is looked up by itself.
        let rows = self.log.load_all::<A>(&ids).await.unwrap_or_default();
        let mut rows: HashMap<Uuid, _> = rows.into_iter().map(|row| (row.id, row)).collect();
        let run = ids.into_iter().map(|id| {
            let mut known = self.known.clone();
            known.extend(rows.remove(&id).map(row_of::<W, A>));
            let command = command(id);
            async move {
                let run = timeout(PATIENCE, self.run_knowing(known, &command, meta)).await;
                let late = |_| Err(AppendError::Unavailable("it takes too long".into()).into());
                (id, run.unwrap_or_else(late))
            }
        });
        stream::iter(run).buffer_unordered(AT_ONCE).collect().await
    }
}
