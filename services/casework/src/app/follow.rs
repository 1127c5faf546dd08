//! What intake and evaluation cause. Each may run again for the same event and then finds it done.
//!
//! A case that is not there is no mistake: a request may be taken back or added to before its route is decided ([`Prelude`]).

use huying_chassis::{
    follow::Failure,
    log::{Aggregate, ChangeSet, Decided, Draft, Meta, Versioned},
    run,
};
use uuid::Uuid;

use super::{
    App,
    world::{CaseOf, ProfileOf, See, Stop, SuperiorIfAny, SuperiorOf},
};
use crate::{
    NAME,
    domain::{Case, CaseworkProfile, Dispatch, Judgement, Prelude, Unit, prelude::PreludeChange},
};

/// Why a withdrawn case's dispatches end, for the departments.
const WITHDRAWN: &str = "诉求人已撤回";
/// Why evaluation's failure reopens, where it gives no words of its own.
const FAILED: &str = "回访未通过";

type Effect = Result<ChangeSet, Failure>;

/// A request as its events name it.
#[derive(Clone, Debug)]
pub struct RequestName {
    pub id: Uuid,
    pub number: String,
    pub district: String,
}

impl App {
    /// What happens when something is heard; committed with the event's mark.
    pub(super) async fn heard(
        &self,
        what: impl Fn(&See) -> Result<Vec<Draft>, Stop> + Send + Sync,
    ) -> Effect {
        Ok(self.runner.heard(&run::heard(what), &Meta::of_service(NAME)).await?)
    }

    /// The reporter has the answer.
    pub async fn answered(&self, request: Uuid, attempt: i32) -> Effect {
        self.heard(|seen| match seen.ask(CaseOf(request))? {
            Some(id) => on_case(seen, *id, |case| case.answer(request, attempt)),
            None => Ok(Vec::new()),
        })
        .await
    }

    /// Evaluation passed a case, or let it lapse.
    pub async fn judged(&self, case: Uuid, attempt: i32, judgement: Judgement) -> Effect {
        self.heard(|seen| on_case(seen, case, |case| case.judge(attempt, judgement))).await
    }

    /// Evaluation failed a case: it is done again, from the second time on one tier up.
    pub async fn failed(&self, case: Uuid, attempt: i32) -> Effect {
        self.heard(|seen| {
            let Some(case) = seen.find::<Case>(case)? else { return Ok(Vec::new()) };
            let profile = seen.ask(ProfileOf(case.it.district.clone()))?;
            let superior = superior_for_reopening(seen, &case.it, profile)?;
            draft(seen, case, case.it.fail(attempt, superior, FAILED, profile, seen.now()))
        })
        .await
    }

    /// The reporter added something.
    pub async fn supplemented(&self, request: &RequestName, text: &str) -> Effect {
        let RequestName { id, number, district } = request.clone();
        let first = PreludeChange::Added { number, district, text: text.to_owned() };
        self.heard(|seen| match seen.ask(CaseOf(id))? {
            Some(case) => on_case(seen, *case, |case| case.supplement(id, text)),
            None => before_the_case(seen, id, &first, |prelude| prelude.add(text)),
        })
        .await
    }

    /// The reporter took the request back: the case closes and its open dispatches end, all at once.
    pub async fn withdrawn(&self, request: &RequestName) -> Effect {
        let RequestName { id, number, district } = request.clone();
        let first = PreludeChange::Withdrawn { number, district };
        self.heard(|seen| {
            let Some(case) = *seen.ask(CaseOf(id))? else {
                return before_the_case(seen, id, &first, Prelude::withdraw);
            };
            let Some(case) = seen.find::<Case>(case)? else { return Ok(Vec::new()) };
            let profile = seen.ask(ProfileOf(case.it.district.clone()))?;
            let mut drafts = draft(seen, case, case.it.withdraw(id, profile, seen.now()))?;
            if drafts.is_empty() {
                return Ok(drafts);
            }
            let called: Vec<Uuid> = case.it.dispatches.iter().map(|called| called.dispatch).collect();
            for dispatch in seen.all::<Dispatch>(&called)? {
                drafts.extend(draft(seen, dispatch, dispatch.it.end(WITHDRAWN, profile, seen.now()))?);
            }
            Ok(drafts)
        })
        .await
    }
}

/// Who is above, for a reopening that goes up. A holder without a superior, or one that the directory no longer knows, works it again.
pub(super) fn superior_for_reopening<'a>(
    seen: &'a See,
    case: &Case,
    profile: &CaseworkProfile,
) -> Result<Option<&'a Unit>, Stop> {
    match case.reopens_upward(profile) {
        true => Ok(seen.ask(SuperiorIfAny(SuperiorOf::holder(case)))?.as_ref()),
        false => Ok(None),
    }
}

fn before_the_case(
    seen: &See,
    request: Uuid,
    first: &PreludeChange,
    next: impl Fn(&Prelude) -> Decided<PreludeChange>,
) -> Result<Vec<Draft>, Stop> {
    match seen.find::<Prelude>(request)? {
        Some(prelude) => draft(seen, prelude, next(&prelude.it)),
        None => {
            let begun = seen.begin::<Prelude>(request, std::slice::from_ref(first))?;
            Ok(begun.map(|(draft, _)| draft).into_iter().collect())
        }
    }
}

fn on_case(
    seen: &See,
    id: Uuid,
    decide: impl Fn(&Case) -> Decided<<Case as Aggregate>::Change>,
) -> Result<Vec<Draft>, Stop> {
    match seen.find::<Case>(id)? {
        Some(case) => draft(seen, case, decide(&case.it)),
        None => Ok(Vec::new()),
    }
}

fn draft<A: Aggregate>(
    seen: &See,
    before: &Versioned<A>,
    decided: Decided<A::Change>,
) -> Result<Vec<Draft>, Stop> {
    Ok(seen.draft(before, decided)?.map(|(draft, _)| draft).into_iter().collect())
}
