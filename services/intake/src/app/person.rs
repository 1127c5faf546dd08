//! Who read names and phones: kept before they are told, listed, and forgotten in time.

use std::sync::Arc;

use chrono::TimeDelta;
use futures::future::BoxFuture;
use huying_chassis::{auth::Caller, id, status::Problem, timer::Timer};
use uuid::Uuid;

use super::App;
use crate::{
    domain::{
        read::{Read, ReadOf, Reader, Reads, Shown},
        wanted::Cursor,
    },
    store,
};

impl App {
    /// Keeps on record that a caller is about to be told this. Where it cannot be kept, it is not to be told.
    ///
    /// # Errors
    /// `STORE_UNAVAILABLE`.
    pub async fn record_read(
        &self,
        caller: &Caller,
        rpc: &str,
        of: ReadOf,
        shown: Shown,
    ) -> Result<(), Problem> {
        if !shown.is_anything() {
            return Ok(());
        }
        let by = Reader {
            issuer: caller.issuer.clone(),
            subject: caller.subject.clone(),
            roles: caller.roles.iter().map(|role| role.name().to_owned()).collect(),
            unit: caller.reach.unit().map(str::to_owned),
        };
        let read = Read { id: id::new(), at: self.log.now(), by, of, rpc: rpc.to_owned(), shown };
        Ok(store::read::keep(self.log.pool(), &read, read.at + self.reads_kept).await?)
    }

    pub async fn reads(
        &self,
        wanted: &Reads,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Vec<Read>, Problem> {
        Ok(store::read::list(self.log.pool(), wanted, after, limit).await?)
    }

    /// What was kept for long enough is forgotten.
    pub fn read_timer(&self) -> Timer {
        let pool = self.log.pool().clone();
        let fire = move |ids: Vec<Uuid>| {
            let pool = pool.clone();
            Box::pin(async move {
                let Err(error) = store::read::forget(&pool, &ids).await else { return Vec::new() };
                ids.into_iter().map(|id| (id, error.to_string())).collect()
            }) as BoxFuture<'static, Vec<(Uuid, String)>>
        };
        Timer::of_table("read_record", "forget", "forget_at", Arc::new(fire))
    }
}

/// So many days.
pub fn days(days: u32) -> TimeDelta {
    TimeDelta::days(days.into())
}
