//! Divergence: what took effect here is no longer in its owner's log, which was restored from a backup, or lost its tail with a server.
//! Such an aggregate is parked and reported, never silently taken for a duplicate; a person decides how it goes on.
//!
//! When the owner's log is in another epoch than before, all marks are compared with it, before anything of the new epoch takes effect, and
//! also when no event comes. From then on, an event of an older epoch counts only if the owner's log has it.

use std::time::Duration;

use huying_proto::log::v1::{CheckMarksRequest, Divergence, ListWatermarksRequest, Mark};
use tokio::{sync::RwLock, time::timeout};
use uuid::Uuid;

use super::{Failure, Follower, Source, dead::Reason};
use crate::{
    db::{self, asked, asked_within},
    peers,
};

/// How long whoever needs the marks checked waits for somebody else's check of them, which is short but for very many marks.
const CHECKING: Duration = Duration::from_secs(2);

/// Marks asked about at a time.
const PAGE: i64 = 1000;

/// The marks of a source that are not known to diverge, by aggregate.
const MARKS: &str = "
    select aggregate, version, id from followed f
     where source = $1 and aggregate > $2
       and (select true from dead_letter d where d.source = f.source and d.aggregate = f.aggregate and d.reason = 'diverged') is null
     order by aggregate limit $3";

const MARKS_OF: &str = "
    select aggregate, version, id from followed
     where source = $1 and aggregate = any ($2)";

pub(super) type Row = (Uuid, i64, Uuid);

impl Follower {
    /// In which epoch of a source this process has all marks checked; none: it has just begun, or is checking them.
    pub(super) fn checked(&self, source: Source) -> Result<&RwLock<Option<i64>>, Failure> {
        let checked = self.inner.checked.get(source.service);
        checked.ok_or_else(|| Failure::Later(format!("{} is not followed", source.service)))
    }

    /// Compares all marks of a source with its owner's log, unless that was done in this epoch of it.
    ///
    /// Each replica does so for itself: what it is applying when the epoch changes is waited for, and nothing more takes effect until all
    /// marks are checked. Only a replica that has just begun relies on what earlier ones have checked.
    ///
    /// # Errors
    /// The owner or the database is away, or somebody else is still checking the marks after [`CHECKING`].
    pub(super) async fn audit_in(&self, source: Source, epoch: i64) -> Result<(), Failure> {
        let Ok(_one_at_a_time) = timeout(CHECKING, self.inner.auditing.lock()).await else {
            return Err(Failure::Away("the marks are being held against the owner's log".into()));
        };
        let kept = self.audited(source.service).await?.unwrap_or_default();
        let checked = self.checked(source)?;
        let before = checked.write().await.take();
        if before.unwrap_or(kept) != epoch
            && let Err(error) = self.audit_and_keep(source, epoch).await
        {
            *checked.write().await = before;
            return Err(error);
        }
        *checked.write().await = Some(epoch);
        Ok(())
    }

    async fn audit_and_keep(&self, source: Source, epoch: i64) -> Result<(), Failure> {
        let found = self.audit(source).await?;
        self.save_audited(source.service, epoch).await?;
        let (service, source) = (self.inner.service, source.service);
        tracing::info!(service, source, epoch, found, "all marks were held against the owner's log");
        Ok(())
    }

    /// Compares all marks of a source with its owner's log. Gives how many it does not have; they are parked now.
    async fn audit(&self, source: Source) -> Result<usize, Failure> {
        let (mut after, mut found) = (Uuid::nil(), 0);
        loop {
            let (here, last) = self.audit_page(source, after).await?;
            found += here;
            let Some(last) = last else { return Ok(found) };
            after = last;
        }
    }

    /// The same for a page of them: how many, and the last that was looked at; none: there were no more.
    async fn audit_page(&self, source: Source, after: Uuid) -> Result<(usize, Option<Uuid>), Failure> {
        let marks: Vec<Row> = sqlx::query_as(MARKS)
            .bind(source.service)
            .bind(after)
            .bind(PAGE)
            .fetch_all(asked_within(&self.inner.pool, db::PAGE))
            .await?;
        let Some((last, ..)) = marks.last() else { return Ok((0, None)) };
        Ok((self.check(source, &marks).await?, Some(*last)))
    }

    /// The same for some aggregates, parked or not.
    pub(super) async fn audit_of(&self, source: Source, aggregates: &[Uuid]) -> Result<usize, Failure> {
        let mut found = 0;
        for aggregates in aggregates.chunks(PAGE as usize) {
            let marks: Vec<Row> = sqlx::query_as(MARKS_OF)
                .bind(source.service)
                .bind(aggregates)
                .fetch_all(asked_within(&self.inner.pool, db::PAGE))
                .await?;
            if !marks.is_empty() {
                found += self.check(source, &marks).await?;
            }
        }
        Ok(found)
    }

    /// Parks those that the owner's log does not have. Each aggregate may be there once.
    pub(super) async fn check(&self, source: Source, marks: &[Row]) -> Result<usize, Failure> {
        let divergences = self.ask(source, marks).await?;
        for Divergence { aggregate, newest } in &divergences {
            let Some((aggregate, version, id)) = marks.iter().find(|mark| mark.0.to_string() == *aggregate)
            else {
                continue;
            };
            let has = match newest {
                Some(newest) => {
                    format!("its log ends with version {}, entry {}", newest.version, newest.entry)
                }
                None => "its log does not have the aggregate".to_owned(),
            };
            let why = format!("{} has another history: entry {id} took effect here, {has}", source.service);
            self.park_at(source, (*aggregate, *version), "", Reason::Diverged, &why).await?;
        }
        Ok(divergences.len())
    }

    pub(super) async fn ask(&self, source: Source, marks: &[Row]) -> Result<Vec<Divergence>, Failure> {
        let mark = |(aggregate, version, id): &Row| Mark {
            aggregate: aggregate.to_string(),
            version: *version,
            entry: id.to_string(),
        };
        let request = CheckMarksRequest { marks: marks.iter().map(mark).collect() };
        let log = self.log_of(source)?;
        let answer = peers::retry(|| {
            let (mut log, request) = (log.clone(), request.clone());
            async move { log.check_marks(request).await }
        })
        .await;
        Ok(answer.map_err(|status| Failure::Away(status.to_string()))?.into_inner().divergences)
    }

    /// In which epoch the owner's log is.
    pub(super) async fn epoch_of(&self, source: Source) -> Result<i64, Failure> {
        let kinds = source.kinds.iter().map(|kind| (*kind).to_owned()).collect();
        let request = ListWatermarksRequest { after: None, kinds, page_size: 1 };
        let answer = self.log_of(source)?.list_watermarks(request).await;
        Ok(answer.map_err(|status| Failure::Away(status.to_string()))?.into_inner().epoch)
    }

    async fn audited(&self, service: &str) -> Result<Option<i64>, sqlx::Error> {
        sqlx::query_scalar("select audited from reconciled where source = $1")
            .bind(service)
            .fetch_optional(asked(&self.inner.pool))
            .await
    }

    async fn save_audited(&self, service: &str, epoch: i64) -> Result<(), sqlx::Error> {
        sqlx::query(
            "insert into reconciled (source, epoch, xid, seq, audited) values ($1, 0, '0', 0, $2)
             on conflict (source) do update set audited = excluded.audited",
        )
        .bind(service)
        .bind(epoch)
        .execute(asked(&self.inner.pool))
        .await?;
        Ok(())
    }
}
