//! What casework's commands may ask besides rows: the district's profile, the directory, and which case a request has.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use huying_chassis::{
    log::Log,
    profile::Profiles,
    run::{Answering, Question, Seen},
    status::Problem,
};
use uuid::Uuid;

use crate::{
    directory::{Directory, DirectoryError, Matter},
    domain::{
        Approval, By, Case, CaseworkProfile, Dispatch, Error, Known, Load, Parties, Refusal, Unit,
        case::step::Routed, known::Answer, parties::tellers, rule::Stop,
    },
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

/// The unit one tier above another; none when the directory knows none, or not the unit.
#[derive(Clone, Debug)]
pub struct SuperiorOf {
    pub district: String,
    pub unit: String,
}

impl Question<World> for SuperiorOf {
    type Answer = Option<Unit>;

    fn answer<'a>(&'a self, _: &'a Log, world: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move {
            match world.directory.superior(&self.district, &self.unit).await {
                Ok(unit) => Ok(Some(unit)),
                Err(DirectoryError::Unknown { .. } | DirectoryError::Nobody(_)) => Ok(None),
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

/// Whether the directory knows a unit.
#[derive(Clone, Debug)]
pub struct KnownUnit {
    pub district: String,
    pub unit: String,
}

impl Question<World> for KnownUnit {
    type Answer = bool;

    fn answer<'a>(&'a self, _: &'a Log, world: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move {
            match world.directory.units(&self.district, std::slice::from_ref(&self.unit)).await {
                Ok(_) => Ok(true),
                Err(DirectoryError::Unknown { .. }) => Ok(false),
                Err(
                    error
                    @ (DirectoryError::Nobody(_) | DirectoryError::Away(_) | DirectoryError::Strange(_)),
                ) => Err(error.into()),
            }
        })
    }
}

impl Question<World> for Matter {
    type Answer = Routed;

    fn answer<'a>(&'a self, _: &'a Log, world: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move { Ok(world.directory.routed(self).await?) })
    }
}

/// The case that was opened on a request, if it was yet. Which that is never changes, wherever it was merged into. That there is still none when it is committed is guarded by the claim on the request.
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

/// Who had part in a case, as the logs of these tell.
#[derive(Clone, Debug)]
pub struct PartiesOf {
    pub aggregates: Vec<Uuid>,
}

impl Question<World> for PartiesOf {
    type Answer = Parties;

    fn answer<'a>(&'a self, log: &'a Log, _: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move { Ok(store::parties::of(log.pool(), &self.aggregates).await?) })
    }
}

/// What officers of a unit have in hand at an instant, and who of them is away.
#[derive(Clone, Debug)]
pub struct Loads {
    pub district: String,
    pub unit: String,
    pub officers: Vec<String>,
    pub at: DateTime<Utc>,
}

impl Question<World> for Loads {
    type Answer = Vec<Load>;

    fn answer<'a>(&'a self, log: &'a Log, _: &'a World) -> Answering<'a, Self::Answer> {
        let of = (self.district.as_str(), self.unit.as_str());
        Box::pin(async move { Ok(store::load::of_unit(log.pool(), of, &self.officers, self.at).await?) })
    }
}

/// What a command has looked at.
pub type See = Seen<World, Refusal>;

/// What a step on one aggregate may ask.
pub struct Knowing<'a> {
    pub seen: &'a See,
    pub id: Uuid,
    pub by: &'a By,
    pub profile: &'a CaseworkProfile,
    /// Routing was asked and does not answer: what needs it is refused, and nothing else waits for it.
    pub away: bool,
}

impl Knowing<'_> {
    fn routing(&self) -> Answer<()> {
        if self.away { Err(Error::RoutingAway.into()) } else { Ok(()) }
    }
}

impl Known for Knowing<'_> {
    fn id(&self) -> Uuid {
        self.id
    }

    fn now(&self) -> DateTime<Utc> {
        self.seen.now()
    }

    fn by(&self) -> &By {
        self.by
    }

    fn profile(&self) -> &CaseworkProfile {
        self.profile
    }

    fn above(&self, district: &str, unit: &str) -> Answer<Option<&Unit>> {
        self.routing()?;
        let superior = SuperiorOf { district: district.to_owned(), unit: unit.to_owned() };
        Ok(plain(self.seen.ask(superior))?.as_ref())
    }

    fn units(&self, district: &str, codes: &[String]) -> Answer<&[Unit]> {
        self.routing()?;
        let units = Units { district: district.to_owned(), codes: codes.to_vec() };
        Ok(plain(self.seen.ask(units))?)
    }

    fn knows(&self, district: &str, unit: &str) -> Answer<bool> {
        self.routing()?;
        let known = KnownUnit { district: district.to_owned(), unit: unit.to_owned() };
        Ok(*plain(self.seen.ask(known))?)
    }

    fn routed(&self, case: &Case, category: &str) -> Answer<&Routed> {
        self.routing()?;
        let matter = Matter {
            district: case.district.clone(),
            area: case.area.clone(),
            category: category.to_owned(),
            content: case.content.clone(),
            at_least: case.priority,
        };
        plain(self.seen.ask(matter))
    }

    fn case(&self, id: Uuid) -> Answer<&Case> {
        Ok(&plain(self.seen.get::<Case>(id))?.it)
    }

    fn dispatches(&self, case: &Case) -> Answer<Vec<(Uuid, &Dispatch)>> {
        let dispatches = plain(self.seen.all::<Dispatch>(&case.called()))?;
        Ok(dispatches.into_iter().map(|dispatch| (dispatch.id, &dispatch.it)).collect())
    }

    fn parties(&self, case: &Case) -> Answer<Parties> {
        let aggregates = tellers(case, self)?;
        let mut parties = plain(self.seen.ask(PartiesOf { aggregates }))?.clone();
        parties.units.extend(case.workers());
        Ok(parties)
    }

    fn loads(&self, district: &str, unit: &str, officers: &[String]) -> Answer<&[Load]> {
        let (district, unit, officers) = (district.to_owned(), unit.to_owned(), officers.to_vec());
        Ok(plain(self.seen.ask(Loads { district, unit, officers, at: self.seen.now() }))?)
    }

    fn approval(&self, id: Uuid) -> Answer<&Approval> {
        Ok(&plain(self.seen.get::<Approval>(id))?.it)
    }

    fn on(&self, id: Uuid) -> Box<dyn Known + '_> {
        Box::new(Knowing { id, ..*self })
    }
}

/// A halt of a question has no refusal in it.
fn plain<T>(answer: Result<T, Stop>) -> Answer<T> {
    answer.map_err(|halt| halt.map(|refusal| refusal.why))
}
