//! The follower's domain: what it heard of one tally, and how often. Not idempotent on purpose: an event applied twice shows.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use futures::FutureExt;
use futures::future::BoxFuture;
use huying_chassis::bus::CloudEvent;
use huying_chassis::follow::{Consumer, Failure, Source};
use huying_chassis::log::{Aggregate, ChangeSet, Draft, Log, Stamp};
use serde::{Deserialize, Serialize};
use sqlx::migrate::Migrator;
use uuid::Uuid;

use super::tally::{SOMEWHERE, meta};

pub static MIGRATIONS: Migrator = sqlx::migrate!("tests/it/migrations/follower");

/// Adding it makes the follower draft something new that is there already.
pub const AGAIN: i64 = 409;
/// Adding it fails each time, as if it were to pass.
pub const LATER: i64 = 503;

/// As a build of some shape has it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Echo<const SHAPE: i16 = 1> {
    /// The versions heard, in the order they took effect.
    pub versions: Vec<i64>,
    pub total: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Heard {
    pub version: i64,
    pub n: i64,
}

impl<const SHAPE: i16> Aggregate for Echo<SHAPE> {
    const KIND: &'static str = "echo";
    const SHAPE: i16 = SHAPE;
    type Change = Heard;
    type State = ();
    type About = ();

    fn leads_to(_: Option<&Self>, _: &Heard) -> Option<()> {
        Some(())
    }

    fn first(change: &Heard, (): (), stamp: &Stamp) -> Option<Self> {
        let mut echo = Self::default();
        echo.apply(change, (), stamp);
        Some(echo)
    }

    fn apply(&mut self, change: &Heard, (): (), _: &Stamp) {
        self.versions.push(change.version);
        self.total += change.n;
    }

    fn district(&self) -> &str {
        SOMEWHERE
    }

    fn about(&self) {}
}

/// What of a tally's event is heard.
#[derive(Deserialize)]
struct Said {
    n: i64,
}

/// Hears tallies. It chokes on one number, which may be changed. From shape 2 on it knows what paint is.
pub struct Ear<const SHAPE: i16 = 1> {
    pub log: Log,
    pub chokes_on: Arc<AtomicI64>,
}

impl<const SHAPE: i16> Ear<SHAPE> {
    async fn hear(&self, event: &CloudEvent) -> Result<ChangeSet, Failure> {
        let n = event.decode::<Said>()?.n;
        if n != 0 && n == self.chokes_on.load(Ordering::SeqCst) {
            return Err(Failure::Poison(format!("chokes on {n}")));
        }
        if n == LATER {
            return Err(Failure::Later("not now".into()));
        }
        let change = [Heard { version: event.sequence, n }];
        let before = self.log.load::<Echo<SHAPE>>(event.partitionkey).await?;
        let drafted = match before.filter(|_| n != AGAIN) {
            Some(before) => Draft::on(&before, &change, &meta(), self.log.now())?,
            None => Draft::new::<Echo<SHAPE>>(event.partitionkey, &change, &meta(), self.log.now())?,
        };
        Ok(drafted.into_iter().map(|(draft, _)| draft).collect::<Vec<_>>().into())
    }
}

/// Tallies.
pub const SOURCES: &[Source] =
    &[Source { service: "tally", root: "tally", kinds: &["tally"], named_by: "id" }];

impl<const SHAPE: i16> Consumer for Ear<SHAPE> {
    fn apply<'a>(&'a self, event: &'a CloudEvent) -> BoxFuture<'a, Result<ChangeSet, Failure>> {
        self.hear(event).boxed()
    }

    fn knows(&self, event: &CloudEvent) -> bool {
        ["Opened", "Added", "Wound", "Rang"].contains(&event.message())
            || (SHAPE > 1 && event.message() == "Painted")
    }
}

/// What was heard of a tally so far: the versions in order, as the newest build reads them.
pub async fn heard(log: &Log, tally: Uuid) -> Vec<i64> {
    log.load::<Echo<2>>(tally).await.unwrap().map(|echo| echo.it.versions).unwrap_or_default()
}
