//! Anchors: what a service's log held at some moment, signed and kept outside its database.
//!
//! Each entry is chained to the one before it of its aggregate, so that a clumsy hand is found (`log/verify.rs`). Whoever owns the
//! database can compute that chain anew. So, every minute, the entries that have come behind the horizon since are folded into one root,
//! that root is chained to the one before and signed with a key that the database does not know, and the anchor goes into a table, from
//! there into a file of each replica, and to a stream of NATS that nobody may delete from.
//!
//! Guaranteed: an entry is in one anchor, with its place in the log; an anchor's bytes are never written again; what is signed of an entry
//! is its place and its hash, and a check finds whether that hash is still the entry's (`log/chained.rs`): so all of it but `left_unit`,
//! which follows from the entry before, as the build that wrote it saw that one. An append costs nothing more: anchors read the log afterwards, in
//! its order, some thousand entries at a time, and catch up when they could not.
//! Not guaranteed: an entry that is cut off before its anchor was made, within a minute, is missed by nobody but its followers.
//!
//! Map: [`line`] is one anchor as it is written and signed, [`make`] makes the next after the newest in the [`table`], [`file`] and [`tell`]
//! take them outside, from the [`newest`] on that is there, [`reached`] knows how far each place has come, [`verify`] compares them with
//! the log.

mod file;
mod line;
mod make;
mod newest;
mod outside;
mod reached;
mod table;
mod tell;
mod verify;

use std::{path::PathBuf, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use sqlx::PgPool;

use crate::{bus::Bus, config::AnchorsConfig, shutdown::Shutdown};

use make::Known;
use newest::Newest;

pub use line::{Anchor, Key, Line, Unfit};
pub use reached::{Place, Reached, Until};
pub use tell::root;
pub use verify::{Cursor, Fault, Findings, Kept};

/// What stands in its way, in words: said once, and tried again.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error(transparent)]
    Store(#[from] sqlx::Error),
    #[error("the file {0}: {1}")]
    File(String, std::io::Error),
    #[error("the table of anchors {0}: no other is made")]
    Table(&'static str),
    #[error("an anchor cannot be written: {0}")]
    Json(#[from] serde_json::Error),
    #[error("NATS does not take an anchor: {0}")]
    Away(String),
}

/// One service's anchors. Cheap to clone.
#[derive(Clone)]
pub struct Anchors {
    service: &'static str,
    pool: PgPool,
    bus: Bus,
    /// None: this log is not anchored.
    key: Option<Arc<Key>>,
    file: Option<PathBuf>,
    every: Duration,
    reached: Reached,
}

impl Anchors {
    /// # Errors
    /// A key that cannot be read.
    pub fn open(
        service: &'static str,
        pool: &PgPool,
        bus: &Bus,
        config: &AnchorsConfig,
    ) -> anyhow::Result<Self> {
        let key = config.key_file.as_deref().map(Key::open).transpose()?.map(Arc::new);
        if key.is_none() {
            tracing::warn!(service, "the log is not anchored: anchors.key_file names no key");
        }
        let (pool, bus, file) = (pool.clone(), bus.clone(), config.file.clone());
        let every = Duration::from_secs(config.interval_s);
        let files = file.iter().map(|_| Place::File);
        let reached = Reached::new(every, [Place::Table, Place::Stream].into_iter().chain(files));
        Ok(Self { service, pool, bus, key, file, every, reached })
    }

    /// How far they have come, for whoever wants to see it. None: this log is not anchored.
    pub fn reached(&self) -> Option<Reached> {
        self.key.as_ref().map(|_| self.reached.clone())
    }

    /// Makes anchors and takes them outside until the stop. On every replica: one of them makes the next, each keeps its file.
    pub fn run(self, stop: Shutdown) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            let Some(key) = self.key.clone() else { return };
            let mut said = String::new();
            loop {
                let why = self.step(&key, &stop).await.err().map(|trouble| trouble.to_string());
                if let Some(why) = why.as_ref().filter(|why| **why != said) {
                    tracing::error!(service = self.service, why, "the log cannot be anchored for now");
                }
                said = why.unwrap_or_default();
                if !stop.pause(self.every).await {
                    return;
                }
            }
        })
    }

    /// What has come since, then the places outside. One that is away does not hold up the others.
    async fn step(&self, key: &Arc<Key>, stop: &Shutdown) -> Result<(), Trouble> {
        let made = self.newest_made(key).await?;
        let kept = self.newest_kept(key, made).await;
        let told = self.newest_told(key, made).await;
        // Numbers that a place outside knows already are given to no other anchor: the database may have gone back.
        let outside = [kept.as_ref().ok().copied().flatten(), told.as_ref().ok().and_then(Newest::number)];
        let newest = outside.into_iter().flatten().max().unwrap_or_default();
        let known = Known { newest, surely: told.is_ok() };
        while !stop.has_begun() && self.make(key, known).await? {}
        let made = self.newest_made(key).await?;
        let kept = match kept {
            Ok(newest) => self.keep(key, newest.unwrap_or_default(), made).await,
            Err(trouble) => Err(trouble),
        };
        let told = match told {
            Ok(newest) => self.tell(key, newest.number().unwrap_or_default(), made).await,
            Err(trouble) => Err(trouble),
        };
        kept.and(told)
    }
}
