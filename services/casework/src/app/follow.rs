//! What intake and evaluation cause. Each drafts and never writes; each may run again for the same event and then finds it done.
//!
//! A case that is not there is no mistake: a request may be taken back or added to before its route is decided ([`Prelude`]).

use huying_chassis::{
    follow::Failure,
    log::{Aggregate, Decided, Draft, Meta, Versioned},
    status::Problem,
};
use uuid::Uuid;

use super::App;
use crate::{
    NAME,
    directory::DirectoryError,
    domain::{Case, CaseworkProfile, Dispatch, Judgement, Prelude, Unit, prelude::PreludeChange},
};

/// Why a withdrawn case's dispatches end, for the departments.
const WITHDRAWN: &str = "诉求人已撤回";
/// Why evaluation's failure reopens, where it gives no words of its own.
const FAILED: &str = "回访未通过";

type Drafts = Result<Vec<Draft>, Failure>;

/// A request as its events name it.
#[derive(Clone, Debug)]
pub struct RequestName {
    pub id: Uuid,
    pub number: String,
    pub district: String,
}

impl App {
    /// The reporter has the answer.
    pub async fn answered(&self, request: Uuid, attempt: i32) -> Drafts {
        let Some(id) = self.case_of(request).await? else {
            return Ok(Vec::new());
        };
        self.draft_on::<Case>(id, |case| case.answer(request, attempt)).await
    }

    /// Evaluation passed a case, or let it lapse.
    pub async fn judged(&self, case: Uuid, attempt: i32, judgement: Judgement) -> Drafts {
        self.draft_on::<Case>(case, |case| case.judge(attempt, judgement)).await
    }

    /// Evaluation failed a case: it is done again, from the second time on one tier up.
    pub async fn failed(&self, case: Uuid, attempt: i32) -> Drafts {
        let Some(before) = self.log.load::<Case>(case).await? else {
            return Ok(Vec::new());
        };
        let profile = self.profile(&before.it.district).await.map_err(later)?;
        let superior = self
            .superior_for_reopening(&before.it, &profile)
            .await
            .map_err(|error| Failure::Later(error.to_string()))?;
        let now = self.log.now();
        let decided = before.it.fail(attempt, superior.as_ref(), FAILED, &profile, now);
        draft(&before, decided, now)
    }

    /// The reporter added something.
    pub async fn supplemented(&self, request: &RequestName, text: &str) -> Drafts {
        match self.case_of(request.id).await? {
            Some(id) => self.draft_on::<Case>(id, |case| case.supplement(request.id, text)).await,
            None => {
                let first = PreludeChange::Added {
                    number: request.number.clone(),
                    district: request.district.clone(),
                    text: text.to_owned(),
                };
                self.before_the_case(request, first, |prelude| prelude.add(text)).await
            }
        }
    }

    /// The reporter took the request back: the case closes and its open dispatches end, all at once.
    pub async fn withdrawn(&self, request: &RequestName) -> Drafts {
        let Some(id) = self.case_of(request.id).await? else {
            let first = PreludeChange::Withdrawn {
                number: request.number.clone(),
                district: request.district.clone(),
            };
            return self.before_the_case(request, first, Prelude::withdraw).await;
        };
        let Some(case) = self.log.load::<Case>(id).await? else {
            return Ok(Vec::new());
        };
        let profile = self.profile(&case.it.district).await.map_err(later)?;
        let now = self.log.now();
        let mut drafts = draft(&case, case.it.withdraw(request.id, &profile, now), now)?;
        if drafts.is_empty() {
            return Ok(drafts);
        }
        let ids: Vec<Uuid> = case.it.dispatches.iter().map(|called| called.dispatch).collect();
        for dispatch in self.log.load_all::<Dispatch>(&ids).await? {
            let ended = dispatch.it.end(WITHDRAWN, &profile, now);
            drafts.extend(draft(&dispatch, ended, now)?);
        }
        Ok(drafts)
    }

    /// Who is above, for a reopening that goes up. A holder without a superior, or one that the directory no longer knows, works it again.
    pub(super) async fn superior_for_reopening(
        &self,
        case: &Case,
        profile: &CaseworkProfile,
    ) -> Result<Option<Unit>, DirectoryError> {
        if !case.reopens_upward(profile) {
            return Ok(None);
        }
        match self.directory.superior(&case.district, &case.holder.unit).await {
            Ok(unit) => Ok(Some(unit)),
            Err(DirectoryError::UnknownUnit(_) | DirectoryError::Nobody(_)) => Ok(None),
            Err(error @ (DirectoryError::Away(_) | DirectoryError::Strange(_))) => Err(error),
        }
    }

    async fn before_the_case(
        &self,
        request: &RequestName,
        first: PreludeChange,
        next: impl Fn(&Prelude) -> Decided<PreludeChange>,
    ) -> Drafts {
        let now = self.log.now();
        match self.log.load::<Prelude>(request.id).await? {
            Some(prelude) => draft(&prelude, next(&prelude.it), now),
            None => {
                let drafted = Draft::new::<Prelude>(request.id, &[first], &Meta::of_service(NAME), now)?;
                Ok(drafted.map(|(draft, _)| draft).into_iter().collect())
            }
        }
    }

    async fn draft_on<A: Aggregate>(&self, id: Uuid, decide: impl Fn(&A) -> Decided<A::Change>) -> Drafts {
        let Some(before) = self.log.load::<A>(id).await? else {
            return Ok(Vec::new());
        };
        draft(&before, decide(&before.it), self.log.now())
    }
}

fn draft<A: Aggregate>(
    before: &Versioned<A>,
    decided: Decided<A::Change>,
    now: chrono::DateTime<chrono::Utc>,
) -> Drafts {
    let drafted = Draft::on(before, &decided.changes(), &Meta::of_service(NAME), now)?;
    Ok(drafted.map(|(draft, _)| draft).into_iter().collect())
}

fn later(problem: Problem) -> Failure {
    Failure::Later(problem.to_string())
}
