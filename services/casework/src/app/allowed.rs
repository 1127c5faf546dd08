//! What somebody may do with a case and its dispatches now, and why not the rest: by the very rules that the steps are taken by, with
//! all that these ask looked up.

use huying_chassis::{
    log::{Meta, Replay, Versioned},
    run::{Command, Decision, Halt},
    status::Problem,
};
use uuid::Uuid;

use super::{
    App,
    step::reaches,
    world::{Knowing, ProfileOf, See, World},
};
use crate::{
    NAME,
    domain::{By, Case, Dispatch, Error, Known, Refusal, Ruled, rule::Stop},
};

/// Every step that can be asked for, and why somebody may not take it now.
pub type Told = Vec<(&'static str, Option<Error>)>;

/// What somebody may do with a case, and with those of its dispatches that they reach, in the order called.
#[derive(Clone, Debug)]
pub struct Allowed {
    pub case: Versioned<Case>,
    pub steps: Told,
    pub dispatches: Vec<(Versioned<Dispatch>, Told)>,
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
        let dispatches = seen.all::<Dispatch>(&case.it.called())?.into_iter();
        let reached = dispatches.filter(|it| case.it.is_held(self.by) || it.it.is_reached(self.by));
        let dispatches = reached.map(|it| Ok((it.clone(), told(&it.it, &*known.on(it.id))?)));
        let dispatches = dispatches.collect::<Result<_, Stop>>()?;
        Ok(Allowed { case: case.clone(), steps: steps?, dispatches })
    }
}

/// All rules are asked before it is said that something is not known yet, so that it is looked up at once.
fn told<A: Ruled>(it: &A, known: &dyn Known) -> Result<Told, Stop> {
    let told = it.told(known).into_iter().map(|(step, may)| match may {
        Ok(()) => Ok((step, None)),
        Err(Halt::Refused(why)) => Ok((step, Some(why))),
        Err(halt) => Err(halt.map(|why| Refusal { why, allowed: Vec::new() })),
    });
    told.collect()
}
