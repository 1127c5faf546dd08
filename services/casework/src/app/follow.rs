//! What intake and evaluation cause. Each may run again for the same event and then finds it done.
//!
//! A case that is not there is no mistake: a request may be taken back or added to before its route is decided ([`Prelude`]).

use huying_chassis::{
    follow::Failure,
    log::{ChangeSet, Decided, Draft, Meta},
    run,
};
use uuid::Uuid;

use super::{
    App,
    step::caused,
    world::{CaseOf, See},
};
use crate::{
    NAME,
    domain::{
        Case, Judgement, Prelude,
        case::step::{Answer, Correct, Endanger, Fail, Judge, Object, Supplement, Withdraw},
        prelude::PreludeChange,
        rule::Stop,
    },
};

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
        self.heard(|seen| match case_of(seen, request)? {
            Some(case) => caused::<Case>(seen, case, &Answer { request, attempt }),
            None => Ok(Vec::new()),
        })
        .await
    }

    /// The reporter does not accept the answer to an attempt: it is done again, by the case that has the request now.
    pub async fn objected(&self, request: Uuid, attempt: i32, words: &str) -> Effect {
        let step = Object { request, attempt, words: words.to_owned() };
        self.heard(|seen| match case_of(seen, request)? {
            Some(case) => caused::<Case>(seen, case, &step),
            None => Ok(Vec::new()),
        })
        .await
    }

    /// The triage desk has put another decision in the place of the one that the case was opened on.
    pub async fn corrected(&self, step: &Correct) -> Effect {
        self.heard(|seen| match case_of(seen, step.request)? {
            Some(case) => caused::<Case>(seen, case, step),
            None => Ok(Vec::new()),
        })
        .await
    }

    /// The reporter added that life is in danger: whichever case has the request now should know.
    pub async fn endangered(&self, step: &Endanger) -> Effect {
        self.heard(|seen| match case_of(seen, step.request)? {
            Some(case) => caused::<Case>(seen, case, step),
            None => Ok(Vec::new()),
        })
        .await
    }

    /// Evaluation passed a case, or let it lapse.
    pub async fn judged(&self, case: Uuid, attempt: i32, judgement: Judgement) -> Effect {
        self.heard(|seen| caused::<Case>(seen, case, &Judge { attempt, judgement })).await
    }

    /// Evaluation failed a case: it is done again.
    pub async fn failed(&self, case: Uuid, attempt: i32, reasons: Vec<String>) -> Effect {
        let step = Fail { attempt, reasons };
        self.heard(|seen| caused::<Case>(seen, case, &step)).await
    }

    /// The reporter added something.
    pub async fn supplemented(&self, request: &RequestName, text: &str) -> Effect {
        let RequestName { id, number, district } = request.clone();
        let (step, text) = (Supplement { request: id, text: text.to_owned() }, text.to_owned());
        let first = PreludeChange::Added { number, district, text };
        self.heard(|seen| match case_of(seen, id)? {
            Some(case) => caused::<Case>(seen, case, &step),
            None => before_the_case(seen, id, &first, |prelude| prelude.add(&step.text)),
        })
        .await
    }

    /// The reporter took the request back: it leaves the case. With the last one the case closes and its open dispatches end, all at once.
    pub async fn withdrawn(&self, request: &RequestName) -> Effect {
        let RequestName { id, number, district } = request.clone();
        let first = PreludeChange::Withdrawn { number, district };
        self.heard(|seen| match case_of(seen, id)? {
            Some(case) => caused::<Case>(seen, case, &Withdraw { request: id }),
            None => before_the_case(seen, id, &first, Prelude::withdraw),
        })
        .await
    }
}

/// The case that a request is on: the one opened on it, or, through each merge, the one that has it now. Each row on the way is looked
/// at, so a merge or un-merging meanwhile makes it all be decided again.
fn case_of(seen: &See, request: Uuid) -> Result<Option<Uuid>, Stop> {
    let Some(mut case) = *seen.ask(CaseOf(request))? else { return Ok(None) };
    while let Some(merged) = seen.find::<Case>(case)?.and_then(|row| row.it.merged.as_ref()) {
        case = merged.into.case;
    }
    Ok(Some(case))
}

fn before_the_case(
    seen: &See,
    request: Uuid,
    first: &PreludeChange,
    next: impl Fn(&Prelude) -> Decided<PreludeChange>,
) -> Result<Vec<Draft>, Stop> {
    let drafted = match seen.find::<Prelude>(request)? {
        Some(prelude) => seen.draft(prelude, next(&prelude.it))?,
        None => seen.begin::<Prelude>(request, std::slice::from_ref(first))?,
    };
    Ok(drafted.map(|(draft, _)| draft).into_iter().collect())
}
