//! Reconciliation: walks the owner's log once, entry by entry of the newest, and heals what the marks lack. It finds what no gap
//! shows: a lost last event. Its cost is that of the new entries only, whatever the log's size. When the owner's log is in another epoch
//! than before, all marks are compared with it once.

use std::collections::BTreeSet;

use huying_proto::log::v1::{ListWatermarksRequest, ListWatermarksResponse, Position, Watermark};
use uuid::Uuid;

use super::{Failure, Follower, Source};
use crate::{
    db::{self, asked, asked_within},
    log, peers,
    shutdown::Shutdown,
};

/// Entries looked through at a time.
const PAGE: i32 = 2000;

/// Where a walk stands. It goes ahead of the saved position while something is *owed*: found to be behind, and not healed yet.
#[derive(Default)]
struct Walk {
    ahead: Option<Position>,
    /// What could not be healed yet. The saved position stays behind it, so that a restart owes it again.
    owed: BTreeSet<Uuid>,
    /// The owner's epoch in which all marks were checked.
    audited: Option<i64>,
}

pub(super) async fn run(follower: Follower, service: &'static str, kinds: Vec<&'static str>, stop: Shutdown) {
    let Some(source) = follower.source_of(service) else {
        return;
    };
    let mut walk = Walk::default();
    while stop.pause(follower.inner.pace.reconcile).await {
        loop {
            match stop.unless(Box::pin(follower.reconcile(source, &kinds, &mut walk))).await {
                Some(Ok(true)) => {}
                Some(Ok(false)) => {
                    follower.inner.progress.reconciled(service, walk.owed.len());
                    break;
                }
                Some(Err(error)) => {
                    tracing::debug!(service = follower.inner.service, source = service, %error, "cannot reconcile now");
                    break;
                }
                None => return,
            }
        }
    }
}

impl Follower {
    /// What is owed, and one page. True when there is more.
    async fn reconcile(
        &self,
        source: Source,
        kinds: &[&'static str],
        walk: &mut Walk,
    ) -> Result<bool, Failure> {
        let page = self.watermarks(source, kinds, walk.ahead).await?;
        if walk.audited != Some(page.epoch) {
            self.audit_in(source, page.epoch).await?;
            walk.audited = Some(page.epoch);
        }
        self.confirm(source).await?;
        let owed = std::mem::take(&mut walk.owed);
        self.heal_all(source, owed, walk).await;
        if walk.owed.len() >= PAGE as usize {
            return Ok(false);
        }
        let (mut behind, mut apart) = self.behind(source.service, &page).await?;
        if !behind.is_empty() {
            // Most of these are on their way: give them the time to arrive.
            tokio::time::sleep(self.inner.pace.arrive).await;
            (behind, apart) = self.behind(source.service, &page).await?;
        }
        if !apart.is_empty() {
            self.audit_of(source, &apart).await?;
        }
        self.heal_all(source, behind, walk).await;
        walk.ahead = page.next.or(walk.ahead);
        if walk.owed.is_empty()
            && let Some(reached) = walk.ahead.take()
        {
            self.save(source.service, reached).await?;
        }
        Ok(page.more)
    }

    /// One that cannot be healed now must not hold up the others.
    async fn heal_all(&self, source: Source, behind: impl IntoIterator<Item = Uuid>, walk: &mut Walk) {
        for aggregate in behind {
            match self.heal(source, aggregate).await {
                Ok(applied) => {
                    tracing::debug!(service = self.inner.service, source = source.service, %aggregate, applied, "healed by reconciliation")
                }
                Err(error) => {
                    tracing::debug!(service = self.inner.service, source = source.service, %aggregate, %error, "not healed yet");
                    walk.owed.insert(aggregate);
                }
            }
        }
    }

    async fn watermarks(
        &self,
        source: Source,
        kinds: &[&str],
        ahead: Option<Position>,
    ) -> Result<ListWatermarksResponse, Failure> {
        let request = ListWatermarksRequest {
            after: match ahead {
                Some(position) => Some(position),
                None => self.saved(source.service).await?,
            },
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            page_size: PAGE,
        };
        let log = self.log_of(source)?;
        let answer = peers::retry(|| {
            let (mut log, request) = (log.clone(), request.clone());
            async move { log.list_watermarks(request).await }
        })
        .await;
        Ok(answer.map_err(|status| Failure::Away(status.to_string()))?.into_inner())
    }

    /// The aggregates of a page whose marks are behind, and those whose marks may be of another history; parked ones are neither.
    async fn behind(
        &self,
        service: &str,
        page: &ListWatermarksResponse,
    ) -> Result<(Vec<Uuid>, Vec<Uuid>), Failure> {
        let newest = |w: &Watermark| {
            Some((w.aggregate.parse::<Uuid>().ok()?, w.version, w.entry.parse::<Uuid>().ok()?))
        };
        let newest: Vec<_> = page.watermarks.iter().filter_map(newest).collect();
        let rows: Vec<(Uuid, bool)> = sqlx::query_as(
            "select n.aggregate, coalesce(f.version, 0) < n.version
               from unnest($2::uuid[], $3::int8[], $4::uuid[]) as n (aggregate, version, id)
               left join followed f on f.source = $1 and f.aggregate = n.aggregate
              where (f.version is null or f.version <> n.version or f.id <> n.id)
                and (select true from dead_letter d where d.source = $1 and d.aggregate = n.aggregate) is null",
        )
        .bind(service)
        .bind(newest.iter().map(|(aggregate, ..)| *aggregate).collect::<Vec<_>>())
        .bind(newest.iter().map(|(_, version, _)| *version).collect::<Vec<_>>())
        .bind(newest.iter().map(|(.., id)| *id).collect::<Vec<_>>())
        .fetch_all(asked_within(&self.inner.pool, db::PAGE))
        .await?;
        let (behind, apart): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, behind)| *behind);
        let ids = |rows: Vec<(Uuid, bool)>| rows.into_iter().map(|(id, _)| id).collect();
        Ok((ids(behind), ids(apart)))
    }

    async fn saved(&self, service: &str) -> Result<Option<Position>, sqlx::Error> {
        let saved: Option<log::Position> =
            sqlx::query_as("select epoch, xid::text::int8 as xid, seq from reconciled where source = $1")
                .bind(service)
                .fetch_optional(asked(&self.inner.pool))
                .await?;
        Ok(saved.map(Position::from))
    }

    async fn save(&self, service: &str, next: Position) -> Result<(), sqlx::Error> {
        sqlx::query(
            "insert into reconciled as r (source, epoch, xid, seq) values ($1, $2, $3::text::xid8, $4)
             on conflict (source) do update set epoch = excluded.epoch, xid = excluded.xid, seq = excluded.seq
              where (r.epoch, r.xid, r.seq) < (excluded.epoch, excluded.xid, excluded.seq)",
        )
        .bind(service)
        .bind(next.epoch)
        .bind(next.transaction.to_string())
        .bind(next.sequence)
        .execute(asked(&self.inner.pool))
        .await?;
        Ok(())
    }
}
