//! One step by one hand: told beforehand by the replica whether it may be taken, then taken there, and the two compared.

use huying_casework::{
    app::{App, allowed::Allowed},
    domain::{Approval, By, Error, Ruled, Step, Unit},
};
use huying_chassis::{log::Aggregate as _, status::Problem};
use tonic::Code;
use uuid::Uuid;

use crate::{properties::told::by_what_comes, support::meta};

/// What a hand came to.
#[derive(Default)]
pub struct Taken {
    pub steps: u32,
    pub notes: u32,
    pub late: u32,
    /// How often what came of it was compared with what was told.
    pub told: u32,
}

impl Taken {
    pub fn add(&mut self, one: Self) {
        self.steps += one.steps;
        self.notes += one.notes;
        self.late += one.late;
        self.told += one.told;
    }
}

/// Somebody who takes steps on a case and what is part of it.
#[derive(Clone, Copy)]
pub struct Hand<'a> {
    pub app: &'a App,
    pub case: Uuid,
    pub by: &'a By,
    pub unit: &'a Unit,
}

impl Hand<'_> {
    /// On the case, one of its dispatches, or an approval, which GetAllowedSteps says nothing of; with its version.
    pub async fn step<A: Ruled, S: Step<A>>(&self, (id, version): (Uuid, i64), step: &S) -> Taken {
        let name = S::RULE.name;
        // The rpc refuses whoever has none of the roles that may call it.
        if !self.by.may_ask(A::KIND, name) {
            return Taken::default();
        }
        let before = self.told().await;
        let taken = self.app.take::<A, S>(id, self.by, step, &meta(self.unit, version)).await.map(drop);
        if taken.as_ref().is_err_and(|why| why.code() == Code::Aborted) {
            return Taken { late: 1, ..Taken::default() };
        }
        let steps = u32::from(taken.is_ok());
        if A::KIND == Approval::KIND {
            return Taken { steps, ..Taken::default() };
        }
        let told = before.as_ref().and_then(|allowed| of_step(allowed, id, name));
        let after = versions(self.told().await.as_ref());
        let same = |(one, version): (Uuid, i64)| after.contains(&(one, version)) || (one == id && steps > 0);
        // Somebody else moved what it was told by.
        if !versions(before.as_ref()).into_iter().all(same) {
            return Taken { steps, ..Taken::default() };
        }
        match taken {
            Ok(()) => assert_eq!(told, Some(None), "{name} happened"),
            Err(why) => self.refused(name, told, &why),
        }
        Taken { steps, told: 1, ..Taken::default() }
    }

    /// By GetAllowedSteps; none where the case is out of reach.
    async fn told(&self) -> Option<Allowed> {
        match self.app.allowed(self.case, self.by).await {
            Ok(allowed) => Some(allowed),
            Err(why) => {
                assert_eq!(why.code(), Code::NotFound, "{why}");
                None
            }
        }
    }

    fn refused(&self, name: &str, told: Option<Option<Error>>, why: &Problem) {
        match told {
            Some(Some(told)) => assert_eq!(Problem::from(told).reason(), why.reason(), "{name}"),
            Some(None) => {
                assert!(by_what_comes(name, why.reason()), "{name} was offered, and refused: {why}")
            }
            None => assert_eq!(why.code(), Code::NotFound, "{name} by {}: {why}", self.unit.code),
        }
    }
}

/// What was told of a step on the case or one of its dispatches; none: nothing, as that is out of reach.
fn of_step(allowed: &Allowed, id: Uuid, name: &str) -> Option<Option<Error>> {
    let of_dispatch = || allowed.dispatches.iter().find(|(dispatch, _)| dispatch.id == id).map(|it| &it.1);
    let steps = if allowed.case.id == id { Some(&allowed.steps) } else { of_dispatch() };
    steps?.iter().find(|(step, _)| *step == name).map(|(_, why)| why.clone())
}

/// Of the case and the dispatches that somebody was told of; none where they do not reach the case.
fn versions(told: Option<&Allowed>) -> Vec<(Uuid, i64)> {
    let Some(told) = told else { return Vec::new() };
    let dispatches = told.dispatches.iter().map(|(dispatch, _)| (dispatch.id, dispatch.version));
    std::iter::once((told.case.id, told.case.version)).chain(dispatches).collect()
}
