//! What evaluation's commands may ask besides rows: the district's profile, and who else is asked about an attempt.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use huying_chassis::{
    log::{Log, Versioned},
    profile::Profiles,
    run::{Answering, Halt, Question},
    status::Problem,
};
use uuid::Uuid;

use super::See;
use crate::{
    domain::{callback::Callback, error::Error, profile::EvaluationProfile},
    store::Store,
};

/// Whom questions are put to.
pub struct World {
    pub profiles: Arc<Profiles<EvaluationProfile>>,
    pub store: Store,
}

impl World {
    /// A district's profile, or the built-in one (true).
    ///
    /// # Errors
    /// The store is away.
    pub async fn profile(&self, district: &str) -> Result<(Arc<EvaluationProfile>, bool), Problem> {
        match self.profiles.get(district).await {
            Ok(profile) => Ok((profile, false)),
            Err(problem) if problem.reason() == "UNKNOWN_DISTRICT" => {
                Ok((Arc::new(EvaluationProfile::default_of(district)), true))
            }
            Err(problem) => Err(problem),
        }
    }
}

/// The profile of a district.
#[derive(Clone, Debug)]
pub(super) struct ProfileOf(pub String);

impl Question<World> for ProfileOf {
    type Answer = Arc<EvaluationProfile>;

    fn answer<'a>(&'a self, _: &'a Log, world: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move { Ok(world.profile(&self.0).await?.0) })
    }
}

/// Who is asked about an attempt at a case. All of them are opened in one commit, so they stay the same.
#[derive(Clone, Debug)]
struct AskedAbout {
    case: Uuid,
    attempt: i32,
}

impl Question<World> for AskedAbout {
    type Answer = Vec<Uuid>;

    fn answer<'a>(&'a self, _: &'a Log, world: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move { Ok(world.store.asked_about(self.case, self.attempt).await?) })
    }
}

/// Whose window is over, of those who are asked about an attempt.
#[derive(Clone, Debug)]
struct DueAbout {
    case: Uuid,
    attempt: i32,
    now: DateTime<Utc>,
}

impl Question<World> for DueAbout {
    type Answer = Option<Uuid>;

    fn answer<'a>(&'a self, _: &'a Log, world: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move { Ok(world.store.first_due(self.case, self.attempt, self.now).await?) })
    }
}

/// Whether it is the one that ends all of its attempt whose window is over.
pub(super) fn ends_the_others(seen: &See, it: &Versioned<Callback>) -> Result<bool, Halt<Error>> {
    let opened = &it.it.opened;
    if opened.among.is_none() {
        return Ok(true);
    }
    let due = DueAbout { case: opened.case, attempt: opened.attempt, now: seen.now() };
    Ok(*seen.ask(due)? == Some(it.id))
}

/// The others that are asked about the same attempt. Each is guarded: of two that end at once, one decides anew. Nothing is looked up where
/// there are none.
pub(super) fn others<'a>(seen: &'a See, it: &Versioned<Callback>) -> Result<Vec<&'a Callback>, Halt<Error>> {
    Ok(other_rows(seen, it)?.into_iter().map(|other| &other.it).collect())
}

/// The same, as they are kept.
pub(super) fn other_rows<'a>(
    seen: &'a See,
    it: &Versioned<Callback>,
) -> Result<Vec<&'a Versioned<Callback>>, Halt<Error>> {
    let opened = &it.it.opened;
    if opened.among.is_none() {
        return Ok(Vec::new());
    }
    let asked = seen.ask(AskedAbout { case: opened.case, attempt: opened.attempt })?;
    let others: Vec<Uuid> = asked.iter().copied().filter(|id| *id != it.id).collect();
    seen.all::<Callback>(&others)
}
