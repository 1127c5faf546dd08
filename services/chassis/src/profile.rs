//! Profiles: each service keeps its part of a district's profile as an aggregate like any other, so that it is versioned, logged and
//! replayed, and serves it from memory. A replica sees another's change within a second. What else an operator applies to a district as a
//! whole, such as a learned model, is kept in the same way under a kind of its own.

mod differences;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use sqlx::AssertSqlSafe;
use tokio::sync::OnceCell;
use tonic::Code;

use crate::{
    auth::{Reach, outside},
    db::asked,
    id,
    log::{Aggregate, AppendError, ChangeSet, Draft, Log, Meta, Stamp, Versioned},
    shutdown::Shutdown,
    status::Problem,
};

/// Between looks for what other replicas applied.
const REFRESH: Duration = Duration::from_secs(1);
/// Most lines of a difference.
const LINES: usize = 200;
/// How often an apply that meets another is done anew.
const TRIES: usize = 8;

/// A service's part of a profile, checked before it gets here.
pub trait Part: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + Unpin + 'static {
    /// The kind of its aggregates, and the name of their table, which has the columns of `profile`.
    const KIND: &'static str = "profile";
    /// The part as it is used: indexed, parsed, ready.
    type Index: Send + Sync + 'static;
    /// The district's area code.
    fn district(&self) -> &str;
    /// Makes it ready.
    ///
    /// # Errors
    /// A part that an older build took and this one cannot use, in words.
    fn index(self) -> Result<Self::Index, String>;
}

/// The aggregate: a district's part and how often it was replaced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "P: Part")]
pub struct Profile<P> {
    pub district: String,
    pub part: P,
}

/// What can happen to a profile.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "P: Part", rename_all = "snake_case")]
pub enum Change<P> {
    /// The part was replaced.
    Applied(P),
}

/// What its events say: nothing but which.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct About {
    pub district: String,
}

impl<P: Part> Aggregate for Profile<P> {
    const KIND: &'static str = P::KIND;
    type Change = Change<P>;
    type State = ();
    type About = About;

    fn leads_to(_: Option<&Self>, _: &Change<P>) -> Option<()> {
        Some(())
    }

    fn first(Change::Applied(part): &Change<P>, (): (), _: &Stamp) -> Option<Self> {
        Some(Self { district: part.district().to_owned(), part: part.clone() })
    }

    fn apply(&mut self, Change::Applied(part): &Change<P>, (): (), _: &Stamp) {
        self.part = part.clone();
    }

    fn district(&self) -> &str {
        &self.district
    }

    fn about(&self) -> About {
        About { district: self.district.clone() }
    }
}

/// What an apply came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub version: i64,
    pub differences: Vec<String>,
}

struct Held<I> {
    version: i64,
    index: Arc<I>,
}

/// All districts' profiles of one service, in memory.
pub struct Profiles<P: Part> {
    log: Log,
    held: RwLock<HashMap<String, Held<P::Index>>>,
    /// All that there are have been looked up once.
    looked: OnceCell<()>,
}

impl<P: Part> Profiles<P> {
    /// Starts keeping them fresh until the stop.
    pub fn start(log: Log, stop: Shutdown) -> Arc<Self> {
        let profiles = Arc::new(Self { log, held: RwLock::new(HashMap::new()), looked: OnceCell::new() });
        let fresh = profiles.clone();
        tokio::spawn(async move {
            while stop.pause(REFRESH).await {
                if let Err(error) = fresh.refresh().await {
                    tracing::debug!(error = %error, "profiles stay as they are");
                }
            }
        });
        profiles
    }

    /// A district's profile.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT` when none is applied; `STORE_UNAVAILABLE`.
    pub async fn get(&self, district: &str) -> Result<Arc<P::Index>, Problem> {
        if let Some(index) = self.held(district) {
            return Ok(index);
        }
        if let Some((version, part)) = self.load(district).await? {
            self.hold(version, part.part)?;
        }
        self.held(district).ok_or_else(|| {
            Problem::new(
                Code::InvalidArgument,
                "UNKNOWN_DISTRICT",
                format!("no profile is applied for district {district}: apply it first"),
            )
            .field("district", "must be a district whose profile is applied")
            .resource("district", district)
        })
    }

    /// A district's part, if it has one. From memory, but for the first question of all, which looks up what every district has.
    ///
    /// # Errors
    /// `STORE_UNAVAILABLE`, until it was there once.
    pub async fn find(&self, district: &str) -> Result<Option<Arc<P::Index>>, Problem> {
        self.looked.get_or_try_init(|| self.refresh()).await?;
        Ok(self.held(district))
    }

    /// A district's part as it was applied last, by whichever replica; none: none was.
    ///
    /// # Errors
    /// `STORE_UNAVAILABLE`.
    pub async fn stored(&self, district: &str) -> Result<Option<P>, Problem> {
        Ok(self.versioned(district).await?.map(|profile| profile.it.part))
    }

    /// All districts' profiles.
    pub fn all(&self) -> Vec<Arc<P::Index>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.values().map(|held| held.index.clone()).collect()
    }

    /// Replaces a district's part, or with `dry_run` only says what would differ. What is the same already stays at its version.
    ///
    /// # Errors
    /// `OUTSIDE_AREA` for who does not govern the district; `DISTRICTS_OVERLAP`; `PROFILE_UNUSABLE` when it cannot be indexed; what
    /// [`AppendError`] maps to.
    pub async fn apply(
        &self,
        part: P,
        dry_run: bool,
        reach: &Reach,
        meta: &Meta,
    ) -> Result<Outcome, Problem> {
        if !reach.governs(part.district()) {
            return Err(outside());
        }
        for _ in 0..TRIES {
            let replayed = self.log.repeated(meta).await?.is_some();
            if !replayed {
                self.stands_alone(part.district()).await?;
                part.clone().index().map_err(unusable)?;
            }
            let before = self.versioned(part.district()).await?;
            let outcome = Outcome {
                version: before.as_ref().map_or(0, |before| before.version),
                differences: compare(before.as_ref().map(|before| &before.it.part), &part)?,
            };
            if dry_run || replayed || outcome.differences.is_empty() {
                return Ok(outcome);
            }
            let (changes, now) = ([Change::Applied(part.clone())], self.log.now());
            let drafted = match &before {
                Some(before) => Draft::on(before, &changes, meta, now),
                None => Draft::new(id::new(), &changes, meta, now),
            };
            let Some((draft, after)) = drafted? else {
                return Ok(outcome);
            };
            match self.log.append(ChangeSet::from(draft)).await {
                Ok(()) => {
                    self.hold(after.version, after.it.part)?;
                    return Ok(Outcome { version: after.version, ..outcome });
                }
                Err(AppendError::Stale | AppendError::Duplicate | AppendError::Replayed) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(AppendError::Stale.into())
    }

    /// A unit's district follows from its area: so no district may lie in another.
    async fn stands_alone(&self, district: &str) -> Result<(), Problem> {
        let sql = format!(
            "select district from {}
              where district <> $1 and (starts_with(district, $1) or starts_with($1, district)) limit 1",
            P::KIND
        );
        let other: Option<String> = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(district)
            .fetch_optional(asked(self.log.pool()))
            .await?;
        match other {
            None => Ok(()),
            Some(other) => Err(Problem::new(
                Code::FailedPrecondition,
                "DISTRICTS_OVERLAP",
                format!("{district} and the district {other} lie in each other: only one may have a profile"),
            )
            .resource("district", other)),
        }
    }

    async fn refresh(&self) -> Result<(), Problem> {
        let sql = format!("select district, version from {}", P::KIND);
        let rows: Vec<(String, i64)> =
            sqlx::query_as(AssertSqlSafe(sql)).fetch_all(asked(self.log.pool())).await?;
        for (district, version) in rows {
            let known = self
                .held
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .get(&district)
                .is_some_and(|held| held.version >= version);
            if !known && let Some((version, profile)) = self.load(&district).await? {
                // One that this build cannot use must not keep the others old.
                if let Err(error) = self.hold(version, profile.part) {
                    tracing::warn!(district, version, %error, "a profile stays as it was");
                }
            }
        }
        Ok(())
    }

    async fn versioned(&self, district: &str) -> Result<Option<Versioned<Profile<P>>>, Problem> {
        let sql = format!("select id, version, shape, hash, body from {} where district = $1", P::KIND);
        let row =
            sqlx::query_as(AssertSqlSafe(sql)).bind(district).fetch_optional(asked(self.log.pool())).await?;
        Ok(row)
    }

    async fn load(&self, district: &str) -> Result<Option<(i64, Profile<P>)>, Problem> {
        Ok(self.versioned(district).await?.map(|profile| (profile.version, profile.it)))
    }

    fn held(&self, district: &str) -> Option<Arc<P::Index>> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).get(district).map(|held| held.index.clone())
    }

    fn hold(&self, version: i64, part: P) -> Result<(), Problem> {
        let district = part.district().to_owned();
        let index = Arc::new(part.index().map_err(unusable)?);
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if held.get(&district).is_none_or(|held| held.version < version) {
            held.insert(district, Held { version, index });
        }
        Ok(())
    }
}

fn unusable(why: String) -> Problem {
    Problem::new(Code::InvalidArgument, "PROFILE_UNUSABLE", format!("the profile cannot be used: {why}"))
}

fn compare<P: Part>(before: Option<&P>, after: &P) -> Result<Vec<String>, Problem> {
    let value = |part: &P| serde_json::to_value(part).map_err(Problem::bug);
    let before = before.map(value).transpose()?.unwrap_or(Value::Null);
    let mut lines = differences::differences(&before, &value(after)?);
    if lines.len() > LINES {
        let more = lines.len() - LINES + 1;
        lines.truncate(LINES - 1);
        lines.push(format!("… and {more} more"));
    }
    Ok(lines)
}
