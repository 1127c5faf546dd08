//! Reconciliation: walks the owner's log once, entry by entry of the newest, and heals what the marks lack. It finds what no gap
//! shows: a lost last event. Its cost is that of the new entries only, whatever the log's size.

use std::collections::{BTreeSet, HashMap};

use huying_proto::log::v1::{
    ListWatermarksRequest, ListWatermarksResponse, Position, log_service_client::LogServiceClient,
};
use uuid::Uuid;

use super::{Failure, Follower, Source};
use crate::{peers, shutdown::Shutdown};

/// Entries looked through at a time.
const PAGE: i32 = 2000;

/// Where a walk stands: at the saved position while nothing is owed, ahead of it while something is.
#[derive(Default)]
struct Walk {
    ahead: Option<Position>,
    /// What could not be healed yet. The saved position stays behind it, so that a restart owes it again.
    owed: BTreeSet<Uuid>,
}

pub(super) async fn run(follower: Follower, service: &'static str, kinds: Vec<&'static str>, stop: Shutdown) {
    let Some(source) = follower.source_of(service) else {
        return;
    };
    let mut walk = Walk::default();
    while stop.pause(follower.inner.pace.reconcile).await {
        loop {
            match stop.unless(follower.reconcile(source, &kinds, &mut walk)).await {
                Some(Ok(true)) => {}
                Some(Ok(false)) => break,
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
        let owed = std::mem::take(&mut walk.owed);
        self.heal_all(source, owed, walk).await;
        if walk.owed.len() >= PAGE as usize {
            return Ok(false);
        }
        let mut behind = self.behind(source.service, &page).await?;
        if !behind.is_empty() {
            // Most of these are on their way: give them the time to arrive.
            tokio::time::sleep(self.inner.pace.settle).await;
            behind = self.behind(source.service, &page).await?;
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
        let peer = self.inner.peers.channel(source.service).map_err(|e| Failure::Later(e.to_string()))?;
        let answer = peers::retry(|| {
            let mut client = LogServiceClient::new(peer.clone());
            let request = request.clone();
            async move { client.list_watermarks(request).await }
        })
        .await;
        Ok(answer.map_err(|status| Failure::Later(status.to_string()))?.into_inner())
    }

    /// The aggregates of a page whose marks are behind and that are not parked.
    async fn behind(&self, service: &str, page: &ListWatermarksResponse) -> Result<Vec<Uuid>, Failure> {
        let wanted: HashMap<Uuid, i64> =
            page.watermarks.iter().filter_map(|w| Some((w.aggregate.parse().ok()?, w.version))).collect();
        let rows: Vec<(Uuid,)> = sqlx::query_as(
            "select n.aggregate from unnest($2::uuid[], $3::int8[]) as n (aggregate, version)
              where not exists (select from followed f where f.source = $1 and f.aggregate = n.aggregate and f.version >= n.version)
                and not exists (select from dead_letter d where d.source = $1 and d.aggregate = n.aggregate)",
        )
        .bind(service)
        .bind(wanted.keys().copied().collect::<Vec<_>>())
        .bind(wanted.values().copied().collect::<Vec<_>>())
        .fetch_all(&self.inner.pool)
        .await?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    async fn saved(&self, service: &str) -> Result<Option<Position>, sqlx::Error> {
        let saved: Option<(i64, i64)> =
            sqlx::query_as("select xid::text::int8, seq from reconciled where source = $1")
                .bind(service)
                .fetch_optional(&self.inner.pool)
                .await?;
        Ok(saved.map(|(xid, sequence)| Position { transaction: xid.cast_unsigned(), sequence }))
    }

    async fn save(&self, service: &str, next: Position) -> Result<(), sqlx::Error> {
        sqlx::query(
            "insert into reconciled as r (source, xid, seq) values ($1, $2::text::xid8, $3)
             on conflict (source) do update set xid = excluded.xid, seq = excluded.seq where (r.xid, r.seq) < (excluded.xid, excluded.seq)",
        )
        .bind(service)
        .bind(next.transaction.to_string())
        .bind(next.sequence)
        .execute(&self.inner.pool)
        .await?;
        Ok(())
    }
}
