//! How a callback ends, but for the case's own doing: a verdict, a refusal to answer, or nobody reached.

use huying_chassis::{
    log::{Decided, Draft, Meta, Versioned},
    run::{Halt, heard, on},
    timer::Timer,
};
use uuid::Uuid;

use super::{
    App, Refused, See,
    ask::{ProfileOf, ends_the_others, other_rows, others},
    parties::not_own_work,
    quota::TRY,
};
use crate::{
    NAME,
    domain::{
        callback::{Beside, Callback, Teller},
        change::Change,
        error::Error,
        rules::{CallbackRules, Said},
        verdict::{By, Verdict},
    },
};

/// What is decided on a callback.
type Deciding = Result<Decided<Change>, Halt<Error>>;

/// How it went where there is no verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Unreachable,
    Refused,
}

impl App {
    /// The reporter said this.
    ///
    /// # Errors
    /// The domain's, and the log's.
    pub async fn judge(
        &self,
        id: Uuid,
        meta: &Meta,
        by: By,
        said: &Said,
    ) -> Result<Versioned<Callback>, Refused> {
        self.step(id, meta, |it, seen| {
            not_own_work(seen, &it.it, meta)?;
            let others = others(seen, it)?;
            let verdict = verdict(seen, &it.it, said, by)?;
            Ok(it.it.judge(verdict, teller(meta, by), beside(seen, &others))?)
        })
        .await
    }

    /// Nobody was reached this time, which is counted; or they would not answer, which ends it.
    ///
    /// # Errors
    /// The domain's, and the log's; `QUOTA_SPENT`.
    pub async fn attempt(
        &self,
        id: Uuid,
        meta: &Meta,
        by: By,
        (outcome, note): (Outcome, &str),
    ) -> Result<Versioned<Callback>, Refused> {
        self.step(id, meta, |it, seen| {
            not_own_work(seen, &it.it, meta)?;
            let (others, note, teller) = (others(seen, it)?, note.to_owned(), teller(meta, by));
            let beside = beside(seen, &others);
            match outcome {
                Outcome::Refused => Ok(it.it.refuse(note, teller, beside)?),
                Outcome::Unreachable => {
                    let most = rules(seen, &it.it)?.tries;
                    let tried = it.it.attempt(note, teller, most, beside)?;
                    self.quota(TRY, &it.it.opened.district, seen)?;
                    Ok(tried)
                }
            }
        })
        .await
    }

    /// Ends the callbacks whose window is over.
    pub fn lapsing(&self) -> Timer {
        let lapse = |id| heard(move |seen: &See| lapsed(seen, id));
        Timer::new::<Callback, _, _>("lapse", "due_at", self.runner.clone(), Meta::of_service(NAME), lapse)
    }

    pub(super) async fn step(
        &self,
        id: Uuid,
        meta: &Meta,
        decide: impl Fn(&Versioned<Callback>, &See) -> Deciding + Send + Sync,
    ) -> Result<Versioned<Callback>, Refused> {
        self.runner.run(&on(id, decide), meta).await
    }
}

/// Those of one attempt end together, by the first of them: if each looked at all others they would hold each other up.
fn lapsed(seen: &See, id: Uuid) -> Result<Vec<Draft>, Halt<Error>> {
    let it = seen.get::<Callback>(id)?;
    if it.it.lapse(beside(seen, &[])) == Decided::AlreadyDone || !ends_the_others(seen, it)? {
        return Ok(Vec::new());
    }
    let rows: Vec<_> = [it].into_iter().chain(other_rows(seen, it)?).collect();
    let mut after: Vec<Callback> = rows.iter().map(|row| row.it.clone()).collect();
    let mut drafts = Vec::new();
    for (n, row) in rows.into_iter().enumerate() {
        let others: Vec<&Callback> =
            after.iter().enumerate().filter(|(at, _)| *at != n).map(|(_, it)| it).collect();
        if let Some((draft, ended)) = seen.draft(row, row.it.lapse(beside(seen, &others)))? {
            drafts.push(draft);
            after[n] = ended.it;
        }
    }
    Ok(drafts)
}

pub(super) fn teller(meta: &Meta, by: By) -> Teller<'_> {
    Teller { by, who: (&meta.actor).into() }
}

pub(super) fn beside<'a>(seen: &See, others: &'a [&'a Callback]) -> Beside<'a> {
    Beside { now: seen.now(), others }
}

/// What was said, with the words of the profile; which is asked only where something of it is named.
pub(super) fn verdict(seen: &See, it: &Callback, said: &Said, by: By) -> Result<Verdict, Halt<Error>> {
    let coded = !said.reasons.is_empty() || !said.answers.is_empty();
    let built_in = CallbackRules::default();
    let rules = if coded { rules(seen, it)? } else { &built_in };
    Ok(rules.read(said, by).map_err(Error::from)?)
}

fn rules<'a>(seen: &'a See, it: &Callback) -> Result<&'a CallbackRules, Halt<Error>> {
    Ok(&seen.ask(ProfileOf(it.opened.district.clone()))?.callbacks)
}
