//! What somebody may do with a case, its dispatches and what is asked for on it now, and why not the rest: by the very rules that the
//! steps are taken by, with all that these ask looked up.

use huying_chassis::{
    log::{Meta, Replay, Versioned},
    run::{Command, Decision, Halt},
    status::Problem,
};
use uuid::Uuid;

use super::{
    App,
    step::{reaches, unasked},
    world::{Knowing, ProfileOf, See, World},
};
use crate::{
    NAME,
    domain::{Approval, By, Case, Dispatch, Error, Known, Refusal, Ruled, rule::Stop},
};

/// Every step that can be asked for, and why somebody may not take it now.
pub type Told = Vec<(&'static str, Option<Error>)>;

/// What somebody may do with a case, with those of its dispatches that they reach, in the order called, and with what is asked for and not
/// ruled on.
#[derive(Clone, Debug)]
pub struct Allowed {
    pub case: Versioned<Case>,
    pub steps: Told,
    pub dispatches: Vec<(Versioned<Dispatch>, Told)>,
    pub approvals: Vec<(Versioned<Approval>, Told)>,
}

impl App {
    /// What a caller may do with a case now. While routing is away the steps that need it are refused for that, as they would be.
    ///
    /// # Errors
    /// `NOT_FOUND`.
    pub async fn allowed(&self, case: Uuid, by: &By) -> Result<Allowed, Problem> {
        let ask = |away| Ask { case, by, away };
        let told = self.runner.run(&ask(false), &Meta::of_service(NAME)).await.map_err(Problem::from);
        match told {
            Err(problem) if problem.reason() == "ROUTING_UNAVAILABLE" => {
                Ok(self.runner.run(&ask(true), &Meta::of_service(NAME)).await?)
            }
            told => told,
        }
    }
}

struct Ask<'a> {
    case: Uuid,
    by: &'a By,
    away: bool,
}

impl Command<World> for Ask<'_> {
    type Error = Refusal;
    type Answer = Allowed;

    fn admit(&self, seen: &See) -> Result<(), Stop> {
        reaches::<Case>(seen, self.case, self.by)
    }

    fn decide(&self, seen: &See) -> Result<Decision<Allowed>, Stop> {
        self.look(seen).map(Decision::nothing)
    }

    fn again(&self, seen: &See, _: &Replay) -> Result<Allowed, Stop> {
        self.look(seen)
    }
}

impl Ask<'_> {
    fn look(&self, seen: &See) -> Result<Allowed, Stop> {
        let case = seen.get::<Case>(self.case)?;
        let profile = seen.ask(ProfileOf(case.it.district.clone()))?;
        let known = Knowing { seen, id: case.id, by: self.by, profile, away: self.away };
        let steps = told(&case.it, &known);
        let dispatches = each::<Dispatch>(case, &case.it.called(), &known);
        let approvals = each::<Approval>(case, &case.it.asked(), &known);
        Ok(Allowed { case: case.clone(), steps: steps?, dispatches: dispatches?, approvals: approvals? })
    }
}

/// The same of those parts of a case that somebody reaches.
fn each<A: Ruled>(
    case: &Versioned<Case>,
    ids: &[Uuid],
    known: &Knowing<'_>,
) -> Result<Vec<(Versioned<A>, Told)>, Stop> {
    let reached = known.seen.all::<A>(ids)?.into_iter();
    let reached = reached.filter(|it| case.it.is_held(known.by) || it.it.is_reached(known.by));
    // All of them are told of before it is said that something is not known yet.
    let told: Vec<_> =
        reached.map(|it| told(&it.it, &*known.on(it.id)).map(|told| (it.clone(), told))).collect();
    told.into_iter().collect()
}

/// All rules are asked before it is said that something is not known yet, so that it is looked up at once.
pub(super) fn told<A: Ruled>(it: &A, known: &dyn Known) -> Result<Told, Stop> {
    let told = it.told(known).into_iter().map(|(step, may)| match may {
        Ok(()) => Ok((step, None)),
        Err(Halt::Refused(why)) => Ok((step, Some(why))),
        Err(halt) => Err(halt.map(unasked)),
    });
    told.collect()
}
