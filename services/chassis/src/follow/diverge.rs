//! Divergence: what took effect here is no longer in its owner's log, which was restored from a backup, or lost its tail with a server.
//! Such an aggregate is parked and told, never silently taken for a duplicate; a person decides how it goes on.
//!
//! Found by the event of a version that another event had here, by the walk of the reconciliation, and without any traffic: when the
//! owner's log is in another epoch than before, all marks are held against it.

use huying_proto::log::v1::{CheckMarksRequest, Divergence, Mark, log_service_client::LogServiceClient};
use uuid::Uuid;

use super::{Failure, Follower, Source, dead::Reason};
use crate::peers;

/// Marks asked about at a time.
const PAGE: i64 = 1000;

/// The marks of a source that are not parked, by aggregate.
const MARKS: &str = "
    select aggregate, version, id from followed f
     where source = $1 and aggregate > $2
       and (select true from dead_letter d where d.source = f.source and d.aggregate = f.aggregate) is null
     order by aggregate limit $3";

const MARKS_OF: &str = "
    select aggregate, version, id from followed
     where source = $1 and aggregate = any ($2)";

type Row = (Uuid, i64, Uuid);

impl Follower {
    /// Holds all marks of a source against its owner's log. Gives how many it does not have; they are parked now.
    pub(super) async fn audit(&self, source: Source) -> Result<usize, Failure> {
        let (mut after, mut found) = (Uuid::nil(), 0);
        loop {
            let marks: Vec<Row> = sqlx::query_as(MARKS)
                .bind(source.service)
                .bind(after)
                .bind(PAGE)
                .fetch_all(&self.inner.pool)
                .await?;
            let Some((last, ..)) = marks.last() else { return Ok(found) };
            after = *last;
            found += self.check(source, &marks).await?;
        }
    }

    /// The same for some aggregates, parked or not.
    pub(super) async fn audit_of(&self, source: Source, aggregates: &[Uuid]) -> Result<usize, Failure> {
        let marks: Vec<Row> = sqlx::query_as(MARKS_OF)
            .bind(source.service)
            .bind(aggregates)
            .fetch_all(&self.inner.pool)
            .await?;
        if marks.is_empty() { Ok(0) } else { self.check(source, &marks).await }
    }

    async fn check(&self, source: Source, marks: &[Row]) -> Result<usize, Failure> {
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
        let peer = self.inner.peers.channel(source.service).map_err(|e| Failure::Away(e.to_string()))?;
        let answer = peers::retry(|| {
            let mut client = LogServiceClient::new(peer.clone());
            let request = request.clone();
            async move { client.check_marks(request).await }
        })
        .await;
        Ok(answer.map_err(|status| Failure::Away(status.to_string()))?.into_inner().divergences)
    }
}
