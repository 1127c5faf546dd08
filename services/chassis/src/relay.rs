//! The relay: follows this service's log and publishes every entry, at least once, in commit order.
//!
//! One relay is active per service. It reads behind the snapshot horizon, so an entry that commits late is never missed; it moves its
//! cursor only after JetStream has acknowledged. A commit wakes it; a slow poll finds what nobody woke it for. When a stream was made anew, because NATS
//! lost its disk, it goes back as far as a stream reaches and refills it.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::{BoxFuture, join_all};
use opentelemetry::{KeyValue, metrics::Counter};
use sqlx::{Connection, PgConnection, PgPool};
use tokio::{sync::Notify, time::Instant};

use crate::{
    bus::{Bus, Outgoing, PublishError, Publisher, STREAM_AGE},
    clock::Clock,
    db,
    leader::{Lead, Leading},
    log::{Entry, Position, command, read},
    shutdown::Shutdown,
    telemetry,
};

/// Entries published, and acknowledgements awaited, at a time.
const BATCH: usize = 1024;
/// How long an idle relay waits before it looks by itself: what another replica commits wakes nobody here.
const POLL: Duration = Duration::from_millis(100);
/// Between looks whether its streams are there, busy or idle.
const LOOK: Duration = Duration::from_millis(500);
/// Between two writings of the cursor while there is something to write.
const SAVE: Duration = Duration::from_millis(100);
/// How long after a failure.
const RETRY: Duration = Duration::from_millis(200);

/// How long one that gave up the lead leaves it to others.
const AWAY: Duration = Duration::from_secs(2);
/// Between two forgettings of old commands.
const FORGET: Duration = Duration::from_secs(600);
/// Longest look for the place that a new stream is refilled from: among all entries of a week.
const REFILL: Duration = Duration::from_secs(600);
/// Entries are only roughly in the order of their instants: a refill goes back this much further.
const SLIP: TimeDelta = TimeDelta::hours(1);

/// First pause for entries that the horizon holds back; longer each time, up to [`POLL`].
const HELD_BACK: Duration = Duration::from_millis(1);

/// The first place of those entries that a stream would still hold.
const BACK: &str = "
    select epoch, min(xid)::text::int8 as xid, 0::int8 as seq from log where at > $1 group by epoch order by epoch limit 1";

/// What a relay needs to know.
pub struct Relay {
    pub service: &'static str,
    pub pool: PgPool,
    pub bus: Bus,
    pub clock: Clock,
    pub publish: Publisher,
    /// The roots of the streams this service publishes to.
    pub roots: &'static [&'static str],
    pub committed: Arc<Notify>,
    pub leading: Leading,
}

impl Relay {
    /// Runs until the stop; what is committed by then is published first, as far as NATS takes it.
    pub fn run(self, stop: Shutdown) -> BoxFuture<'static, ()> {
        Box::pin(self.follow_log(stop))
    }

    async fn follow_log(self, stop: Shutdown) {
        let numbers = Numbers::new(self.service);
        let mut said = String::new();
        while let Some(lead) = Lead::win(&self.pool, &format!("relay.{}", self.service), &stop).await {
            let mut lead = lead.shown_by(&self.leading);
            tracing::debug!(service = self.service, "relay leads");
            while let Err(error) = self.lead(&mut lead, &numbers, &stop).await {
                let why = error.to_string();
                // Tried again five times a second: the same trouble is said once.
                if why != said {
                    tracing::warn!(service = self.service, why, "relay cannot publish for now");
                    said = why;
                }
                if matches!(error, Trouble::Bus(PublishError::Newer(_))) {
                    // An entry that this build cannot make an event of must not be passed over: a newer replica is to take the lead.
                    break;
                }
                if !lead.holds().await || !stop.pause(RETRY).await {
                    break;
                }
            }
            lead.leave().await;
            if !stop.pause(AWAY).await {
                return;
            }
        }
    }

    async fn lead(&self, lead: &mut Lead, numbers: &Numbers, stop: &Shutdown) -> Result<(), Trouble> {
        kept(lead.keep(self.ensure_streams()).await)?;
        let prepare = async |connection: &mut PgConnection| {
            // A cursor lost in a crash only has entries published twice: it need not wait for the disk.
            sqlx::query("set synchronous_commit = off").execute(&mut *connection).await?;
            db::plan_once(connection).await
        };
        lead.ask(prepare).await?;
        let mut cursor = Cursor::load(lead).await?;
        let (mut looked, mut forget_at) = (Instant::now(), Instant::now());
        let mut held_back = HELD_BACK;
        loop {
            let stopping = stop.has_begun();
            let at = cursor.at;
            let tail = lead.ask(async |connection| read::tail(connection, at, BATCH).await).await?;
            if !tail.entries.is_empty() {
                // NATS may be away for longer than the lease lasts.
                let (said, newer) = kept(lead.keep(self.publish_all(&tail.entries, numbers)).await)?;
                cursor.at = said.last().map_or(cursor.at, |last| last.position);
                held_back = HELD_BACK;
                if let Some(newer) = newer {
                    cursor.save(lead).await?;
                    return Err(newer.into());
                }
            }
            if tail.held_back {
                // Committed, but a transaction that began before still runs somewhere on the cluster: most are over in a moment.
                tokio::time::sleep(held_back).await;
                held_back = (held_back * 2).min(POLL);
            } else if tail.entries.len() < BATCH {
                if stopping {
                    return Ok(cursor.save(lead).await?);
                }
                self.wait(stop).await;
            }
            cursor.save_sometimes(lead).await?;
            if looked.elapsed() >= LOOK {
                looked = Instant::now();
                if forget_at <= looked {
                    let now = self.clock.now();
                    let more =
                        lead.ask(async |connection| command::forget_old(connection, now).await).await?;
                    forget_at = if more { looked } else { looked + FORGET };
                }
                // A stream may be gone without a publish having failed.
                if kept(lead.keep(self.ensure_streams()).await)? {
                    cursor = Cursor::load(lead).await?;
                }
            }
        }
    }

    /// Waits for a commit, the stop, or a while.
    async fn wait(&self, stop: &Shutdown) {
        tokio::select! {
            () = self.committed.notified() => {}
            () = stop.begun() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }

    /// Gives those that need no more publishing: all, or those before an entry that only a newer build can make an event of.
    async fn publish_all<'a>(
        &self,
        mut entries: &'a [Entry],
        numbers: &Numbers,
    ) -> Result<(&'a [Entry], Option<PublishError>), Trouble> {
        let mut acks = Vec::with_capacity(entries.len());
        let mut newer = None;
        for (place, entry) in entries.iter().enumerate() {
            match self.outgoing(entry) {
                Ok(outgoing) => acks.push(self.bus.post(outgoing).await?),
                Err(error @ PublishError::Newer(_)) => {
                    (entries, newer) = (&entries[..place], Some(error));
                    break;
                }
                // A mistake of ours must not hold up the others. Nothing is lost: the entry stays in the log, where followers miss it
                // and park its aggregate until it can be said.
                Err(error) => {
                    numbers.unpublishable.add(1, &numbers.labels);
                    tracing::error!(service = self.service, entry = %entry.head.id, kind = entry.head.kind, %error, "an entry cannot be published");
                }
            }
        }
        for ack in join_all(acks.into_iter().map(IntoFuture::into_future)).await {
            ack.map_err(|e| PublishError::Away(e.to_string()))?;
        }
        numbers.published.add(entries.len() as u64, &numbers.labels);
        Ok((entries, newer))
    }

    fn outgoing(&self, entry: &Entry) -> Result<Outgoing, PublishError> {
        let event = (self.publish)(entry)?;
        if !self.roots.contains(&event.root) {
            return Err(PublishError::Unsayable(format!("{} has no stream {}", self.service, event.root)));
        }
        Outgoing::of(self.service, entry, event)
    }

    /// Makes the streams where they are missing. True when one is new, and the cursor went back to refill it.
    async fn ensure_streams(&self) -> Result<bool, Trouble> {
        let mut anew = false;
        for root in self.roots {
            let stream = self.bus.ensure_stream(root).await.map_err(|e| PublishError::Away(e.to_string()))?;
            let created = stream.cached_info().created;
            let created =
                DateTime::from_timestamp(created.unix_timestamp(), created.nanosecond() / 1000 * 1000)
                    .unwrap_or_default();
            anew |= self.remember(&Bus::stream_name(root), created).await?;
        }
        Ok(anew)
    }

    async fn remember(&self, stream: &str, created: DateTime<Utc>) -> Result<bool, sqlx::Error> {
        let known = sqlx::query("select from relay_stream where name = $1 and created_at = $2")
            .bind(stream)
            .bind(created)
            .fetch_optional(db::asked(&self.pool))
            .await?;
        if known.is_some() {
            return Ok(false);
        }
        db::ask_within(&self.pool, REFILL, async |connection| {
            self.go_back(connection, stream, created).await
        })
        .await?;
        tracing::info!(service = self.service, stream, "stream is new: refilling it from the log");
        Ok(true)
    }

    /// Sets the cursor back to the first entry that the new stream would hold still.
    async fn go_back(
        &self,
        connection: &mut PgConnection,
        stream: &str,
        created: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        let mut tx = connection.begin().await?;
        // Reads all entries of the week: that takes as long as it takes, and comes first, while the transaction has no number and
        // holds back no horizon.
        sqlx::query("set local statement_timeout = 0").execute(&mut *tx).await?;
        let back: Option<Position> =
            sqlx::query_as(BACK).bind(self.clock.now() - STREAM_AGE - SLIP).fetch_optional(&mut *tx).await?;
        if let Some(back) = back {
            sqlx::query(
                "update relay set epoch = $1, xid = $2::text::xid8, seq = 0 where (epoch, xid) >= ($1, $2::text::xid8)",
            )
            .bind(back.epoch)
            .bind(back.xid.0.to_string())
            .execute(&mut *tx)
            .await?;
        }
        sqlx::query(
            "insert into relay_stream (name, created_at) values ($1, $2)
             on conflict (name) do update set created_at = excluded.created_at",
        )
        .bind(stream)
        .bind(created)
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }
}

/// What was done while leading.
fn kept<T>(done: Option<Result<T, Trouble>>) -> Result<T, Trouble> {
    done.unwrap_or(Err(Trouble::LostLead))
}

/// How far the relay has come, and how much of that is written down: entries after it are published again after a crash.
struct Cursor {
    at: Position,
    saved: Position,
    since: Instant,
}

impl Cursor {
    async fn load(lead: &mut Lead) -> Result<Self, sqlx::Error> {
        let saved = sqlx::query_as("select epoch, xid::text::int8 as xid, seq from relay");
        let at: Position = lead.ask(async |connection| saved.fetch_one(connection).await).await?;
        Ok(Self { at, saved: at, since: Instant::now() })
    }

    async fn save_sometimes(&mut self, lead: &mut Lead) -> Result<(), sqlx::Error> {
        if self.at == self.saved || self.since.elapsed() < SAVE { Ok(()) } else { self.save(lead).await }
    }

    async fn save(&mut self, lead: &mut Lead) -> Result<(), sqlx::Error> {
        let save = sqlx::query("update relay set epoch = $1, xid = $2::text::xid8, seq = $3")
            .bind(self.at.epoch)
            .bind(self.at.xid.0.to_string())
            .bind(self.at.seq);
        lead.ask(async |connection| save.execute(connection).await).await?;
        (self.saved, self.since) = (self.at, Instant::now());
        Ok(())
    }
}

/// What is counted.
struct Numbers {
    published: Counter<u64>,
    unpublishable: Counter<u64>,
    labels: [KeyValue; 1],
}

impl Numbers {
    fn new(service: &'static str) -> Self {
        let meter = telemetry::meter();
        let numbers = Self {
            published: meter
                .u64_counter("huying.relay.published")
                .with_description("Entries that JetStream has acknowledged")
                .build(),
            unpublishable: meter
                .u64_counter("huying.relay.unpublishable")
                .with_description("Entries passed over because they cannot be said")
                .build(),
            labels: [KeyValue::new("service", service)],
        };
        // A counter that begins with its first event shows no increase.
        numbers.unpublishable.add(0, &numbers.labels);
        numbers
    }
}

#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Store(#[from] sqlx::Error),
    #[error(transparent)]
    Bus(#[from] PublishError),
    #[error("another relay leads")]
    LostLead,
}
