//! Running a step: asked for by a caller, heard from an event, or due by the clock.

use std::marker::PhantomData;

use huying_chassis::{
    log::{Aggregate, Decided, Draft, Meta, Replay, Versioned},
    quota::Quota,
    run::{Command, Decision, Halt},
    status::Problem,
};
use huying_terms::worktime;
use uuid::Uuid;

use super::{
    App, quota,
    world::{CalledIn, Knowing, ProfileOf, See, World},
};
use crate::domain::{Approval, Beside, By, Case, Dispatch, Error, Refusal, Ruled, Step, rule::Stop};

/// What a step was taken on, after it, and the dispatches that it called. A repeated one gets what the first one called, the lead first,
/// as it is now.
pub type Done<A> = (Versioned<A>, Vec<Versioned<Dispatch>>);

impl App {
    /// A step that a caller asks for: reach is asked first, then whether it was done before, then its rule.
    ///
    /// # Errors
    /// `NOT_FOUND`, `STALE_VERSION`, what the rule refuses, and what routing answers where it must be asked.
    pub async fn take<A: Ruled, S: Step<A>>(
        &self,
        id: Uuid,
        by: &By,
        step: &S,
        meta: &Meta,
    ) -> Result<Done<A>, Problem> {
        let asked = Asked { id, by, step, most: self.notes_a_day, of: PhantomData };
        Ok(self.runner.run(&asked, meta).await?)
    }
}

impl App {
    /// Whether a step that a caller asks for would change something now. Nothing is written.
    ///
    /// # Errors
    /// As [`take`](Self::take); whether it was done before is not asked.
    pub async fn would<A: Ruled, S: Step<A>>(
        &self,
        id: Uuid,
        by: &By,
        step: &S,
        meta: &Meta,
    ) -> Result<bool, Problem> {
        let asked = Asked { id, by, step, most: self.notes_a_day, of: PhantomData };
        let set = self.runner.heard(&asked, meta).await?;
        Ok(!set.drafts.is_empty())
    }
}

/// Whoever holds a case reaches what is part of it. Asked only of those who do not reach it anyway, and also where there is nothing: what is not
/// there is found out by as many look-ups as what is out of reach.
pub(super) fn reaches<A: Ruled>(seen: &See, id: Uuid, by: &By) -> Result<(), Stop> {
    let found = seen.find::<A>(id)?;
    if found.is_some_and(|found| found.it.is_reached(by)) {
        return Ok(());
    }
    let case = found.and_then(|found| found.it.case()).unwrap_or_default();
    let held = seen.find::<Case>(case)?.is_some_and(|case| case.it.is_held(by));
    seen.reached::<A>(id, |_| held)
}

struct Asked<'a, A, S> {
    id: Uuid,
    by: &'a By,
    step: &'a S,
    /// How often a caller may take it in a day, where it is counted.
    most: u32,
    of: PhantomData<fn() -> A>,
}

impl<A: Ruled, S: Step<A>> Command<World> for Asked<'_, A, S> {
    type Error = Refusal;
    type Answer = Done<A>;

    fn admit(&self, seen: &See) -> Result<(), Stop> {
        reaches::<A>(seen, self.id, self.by)
    }

    fn decide(&self, seen: &See) -> Result<Decision<Done<A>>, Stop> {
        let it = seen.expected::<A>(self.id)?;
        let decision = take(seen, it, self.by, self.step)?;
        // What is so already is answered, however often it is asked for: nothing is written, so nothing is counted.
        let counted = quota::counted_by(A::KIND, S::RULE.name).filter(|_| !decision.drafts.is_empty());
        if let Some(message) = counted {
            let zone = seen.ask(ProfileOf(it.it.district().to_owned()))?.calendar.zone;
            seen.ask(Quota::new(seen.meta(), message, self.most, worktime::day(zone, seen.now())))?;
        }
        Ok(decision)
    }

    fn again(&self, seen: &See, done: &Replay) -> Result<Done<A>, Stop> {
        let it = seen.get::<A>(self.id)?.clone();
        let called = seen.ask(CalledIn { case: self.id, version: done.version })?;
        Ok((it, seen.all::<Dispatch>(called)?.into_iter().cloned().collect()))
    }
}

/// A step that an event or the clock causes. What its rule refuses, or what is not there, is no mistake: it was done before, or is not
/// to be done any more.
pub(super) fn caused<A: Ruled>(seen: &See, id: Uuid, step: &impl Step<A>) -> Result<Vec<Draft>, Stop> {
    let Some(it) = seen.find::<A>(id)? else { return Ok(Vec::new()) };
    match take(seen, it, &By::default(), step) {
        Ok(decision) => Ok(decision.drafts),
        Err(Halt::Refused(_)) => Ok(Vec::new()),
        Err(halt) => Err(halt),
    }
}

fn take<A: Ruled>(
    seen: &See,
    it: &Versioned<A>,
    by: &By,
    step: &impl Step<A>,
) -> Result<Decision<Done<A>>, Stop> {
    let profile = seen.ask(ProfileOf(it.it.district().to_owned()))?;
    let (decided, beside) = step.take(&it.it, by, &Knowing { seen, id: it.id, by, profile, away: false })?;
    let Some((draft, after)) = seen.draft(it, decided)? else {
        return Ok(Decision::nothing((it.clone(), Vec::new())));
    };
    let (mut drafts, mut dispatches) = (vec![draft], Vec::new());
    for one in beside {
        match one {
            Beside::Case(id, changes) => drafts.extend(other::<Case>(seen, id, changes)?.map(|it| it.0)),
            Beside::Dispatch(id, changes) => {
                let called = begins::<Dispatch>(&changes);
                let (draft, dispatch): (Vec<_>, Vec<_>) =
                    other::<Dispatch>(seen, id, changes)?.into_iter().unzip();
                drafts.extend(draft);
                dispatches.extend(dispatch.into_iter().filter(|_| called));
            }
            Beside::Approval(id, changes) => {
                drafts.extend(other::<Approval>(seen, id, changes)?.map(|it| it.0));
            }
        }
    }
    Ok(Decision { drafts, answer: (after, dispatches) })
}

/// A refusal of what is no step on anything yet.
pub(super) fn unasked(why: Error) -> Refusal {
    Refusal { why, allowed: Vec::new() }
}

/// The same, as what stops a command.
pub(super) fn refused(why: Error) -> Stop {
    Halt::Refused(unasked(why))
}

/// What happens to another, which may begin by it.
fn other<A: Aggregate>(
    seen: &See,
    id: Uuid,
    changes: Vec<A::Change>,
) -> Result<Option<(Draft, Versioned<A>)>, Stop> {
    if begins::<A>(&changes) {
        seen.begin::<A>(id, &changes)
    } else {
        seen.draft(seen.get::<A>(id)?, Decided::Done(changes))
    }
}

fn begins<A: Aggregate>(changes: &[A::Change]) -> bool {
    changes.first().is_some_and(|first| A::leads_to(None, first).is_some())
}
