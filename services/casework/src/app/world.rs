//! What casework's commands may ask besides rows: the district's profile, the directory, and which case a request has.

use std::sync::Arc;

use huying_chassis::{
    log::{Aggregate, Decided, Draft, Log, Replay, Versioned},
    profile::Profiles,
    run::{Answering, Command, Decision, Halt, Question, Seen},
    status::Problem,
};
use uuid::Uuid;

use crate::{
    directory::{Directory, DirectoryError},
    domain::{Case, CaseworkProfile, Dispatch, Error, Unit},
    store,
};

/// Whom questions are put to.
pub struct World {
    pub profiles: Arc<Profiles<CaseworkProfile>>,
    pub directory: Directory,
}

impl World {
    /// The district's profile. Where none is applied yet the fallback stands in: a case that is here must be workable.
    pub async fn profile(&self, district: &str) -> Result<Arc<CaseworkProfile>, Problem> {
        match self.profiles.get(district).await {
            Ok(profile) => Ok(profile),
            Err(problem) if problem.reason() == "UNKNOWN_DISTRICT" => {
                tracing::warn!(district, "no casework profile is applied: the fallback stands in");
                Ok(Arc::new(CaseworkProfile::fallback(district)))
            }
            Err(problem) => Err(problem),
        }
    }
}

/// The profile of a district.
#[derive(Clone, Debug)]
pub struct ProfileOf(pub String);

impl Question<World> for ProfileOf {
    type Answer = Arc<CaseworkProfile>;

    fn answer<'a>(&'a self, _: &'a Log, world: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(world.profile(&self.0))
    }
}

/// The unit one tier above a case's holder.
#[derive(Clone, Debug)]
pub struct SuperiorOf {
    district: String,
    unit: String,
}

impl SuperiorOf {
    pub fn holder(case: &Case) -> Self {
        Self { district: case.district.clone(), unit: case.holder.unit.clone() }
    }
}

impl Question<World> for SuperiorOf {
    type Answer = Unit;

    fn answer<'a>(&'a self, _: &'a Log, world: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move { Ok(world.directory.superior(&self.district, &self.unit).await?) })
    }
}

/// The same; none when the directory knows none, or not the holder.
#[derive(Clone, Debug)]
pub struct SuperiorIfAny(pub SuperiorOf);

impl Question<World> for SuperiorIfAny {
    type Answer = Option<Unit>;

    fn answer<'a>(&'a self, _: &'a Log, world: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move {
            let SuperiorOf { district, unit } = &self.0;
            match world.directory.superior(district, unit).await {
                Ok(unit) => Ok(Some(unit)),
                Err(DirectoryError::UnknownUnit(_) | DirectoryError::Nobody(_)) => Ok(None),
                Err(error @ (DirectoryError::Away(_) | DirectoryError::Strange(_))) => Err(error.into()),
            }
        })
    }
}

/// The units of codes, in their order.
#[derive(Clone, Debug)]
pub struct Units {
    pub district: String,
    pub codes: Vec<String>,
}

impl Question<World> for Units {
    type Answer = Vec<Unit>;

    fn answer<'a>(&'a self, _: &'a Log, world: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move { Ok(world.directory.units(&self.district, &self.codes).await?) })
    }
}

/// The case of a request, if it is open yet. That there is still none when it is committed is guarded by the claim on the request.
#[derive(Clone, Debug)]
pub struct CaseOf(pub Uuid);

impl Question<World> for CaseOf {
    type Answer = Option<Uuid>;

    fn answer<'a>(&'a self, log: &'a Log, _: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move { Ok(store::case::by_request(log.pool(), self.0).await?) })
    }
}

/// The dispatches that a case called in one of its versions; none when something else happened then.
#[derive(Clone, Debug)]
pub struct CalledIn {
    pub case: Uuid,
    pub version: i64,
}

impl Question<World> for CalledIn {
    type Answer = Vec<Uuid>;

    fn answer<'a>(&'a self, log: &'a Log, _: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move { Ok(store::case::called_in(log.pool(), self.case, self.version).await?) })
    }
}

/// What a command has looked at.
pub type See = Seen<World, Error>;
/// Why it does not decide.
pub type Stop = Halt<Error>;

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// What has a district, and so a profile that its steps go by.
pub trait Placed: Aggregate {}
impl Placed for Case {}
impl Placed for Dispatch {}

/// A step on one aggregate, by the profile of its district.
pub struct On<A, F> {
    id: Uuid,
    step: F,
    of: std::marker::PhantomData<fn() -> A>,
}

pub fn on<A, F>(id: Uuid, step: F) -> On<A, F>
where
    A: Placed,
    F: Fn(&Versioned<A>, &CaseworkProfile, &See) -> Result<Decided<A::Change>, Stop> + Send + Sync,
{
    On { id, step, of: std::marker::PhantomData }
}

impl<A, F> Command<World> for On<A, F>
where
    A: Placed,
    F: Fn(&Versioned<A>, &CaseworkProfile, &See) -> Result<Decided<A::Change>, Stop> + Send + Sync,
{
    type Error = Error;
    type Answer = Versioned<A>;

    fn decide(&self, seen: &See) -> Result<Decision<Versioned<A>>, Stop> {
        let it = seen.expected::<A>(self.id)?;
        let profile = seen.ask(ProfileOf(it.it.district().to_owned()))?;
        let decided = (self.step)(it, profile, seen)?;
        Ok(match seen.draft(it, decided)? {
            Some((draft, after)) => Decision { drafts: vec![draft], answer: after },
            None => Decision::nothing(it.clone()),
        })
    }

    fn again(&self, seen: &See, _: &Replay) -> Result<Versioned<A>, Stop> {
        seen.get::<A>(self.id).cloned()
    }
}

/// Something heard of: what happens then, without an answer to anybody.
pub struct Heard<F>(pub F);

impl<F: Fn(&See) -> Result<Vec<Draft>, Stop> + Send + Sync> Command<World> for Heard<F> {
    type Error = Error;
    type Answer = ();

    fn decide(&self, seen: &See) -> Result<Decision<()>, Stop> {
        Ok(Decision { drafts: (self.0)(seen)?, answer: () })
    }

    fn again(&self, _: &See, _: &Replay) -> Result<(), Stop> {
        Ok(())
    }
}
