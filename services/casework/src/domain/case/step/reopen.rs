//! 重办: by a supervisor or desk above its holder, because evaluation failed its attempt, or because a reporter objects to its answer. The
//! same holder first, one tier up from the second time on.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    case::{Case, Change, Outcome, State, above_holder},
    clocks::{ClockKind, Clocks},
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
    unit::Holder,
};

/// Why evaluation's failure reopens, before the reasons that were given.
const FAILED: &str = "回访未通过";
/// Why an objection does, for those who do not read the reporter's words.
const OBJECTED: &str = "诉求人提出异议";

#[derive(Clone, Debug)]
pub struct Reopen {
    pub reason: String,
}

/// Evaluation failed an attempt. An older attempt's verdict changes nothing.
#[derive(Clone, Debug)]
pub struct Fail {
    pub attempt: i32,
    /// The coded reasons that its reporters gave, in the profile's words.
    pub reasons: Vec<String>,
}

/// 异议: a reporter does not accept the answer to an attempt. About an older attempt it changes nothing.
#[derive(Clone, Debug)]
pub struct Object {
    pub request: Uuid,
    pub attempt: i32,
    pub words: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reopened {
    pub to: Holder,
    pub reason: String,
    pub clocks: Clocks,
    /// What the reporter says, where it is an objection: for those who read the case's history, and in no event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objection: Option<String>,
}

const RULE: Rule<Case> =
    Rule::new("reopen", &[State::Resolved, State::Closed], To::At(State::Assigned)).fits(may_be_redone);

impl Step<Case> for Reopen {
    const RULE: Rule<Case> = RULE.by(above_holder).fits(may_be_redone_by);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        reopened(case, &self.reason, None, known)
    }
}

impl Step<Case> for Fail {
    const RULE: Rule<Case> = RULE;

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        if self.attempt != case.attempt {
            return Ok(Decided::AlreadyDone);
        }
        let reason = match self.reasons.is_empty() {
            true => FAILED.to_owned(),
            false => format!("{FAILED}：{}", self.reasons.join("、")),
        };
        reopened(case, &reason, None, known)
    }
}

impl Step<Case> for Object {
    const RULE: Rule<Case> = RULE;

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        if self.attempt != case.attempt || !case.has(self.request) {
            return Ok(Decided::AlreadyDone);
        }
        reopened(case, OBJECTED, Some(self.words.clone()), known)
    }
}

/// Nobody drops the question to the reporter who acted for the unit that it is about, whichever they work in now.
fn may_be_redone_by(case: &Case, known: &dyn Known) -> Answer<()> {
    may_be_redone(case, known)?;
    if known.parties(case)?.has_acted(&case.holder.unit, &known.by().person) {
        return Err(Error::OwnWork.into());
    }
    Ok(())
}

/// Not what the reporter took back, nor what is done as part of another case; a part only while its whole is worked on.
fn may_be_redone(case: &Case, known: &dyn Known) -> Answer<()> {
    if let Some(whole) = &case.whole {
        known.case(whole.case)?.is_open_to_requests()?;
    }
    match &case.merged {
        Some(merged) => Err(Error::Merged { into: merged.into.number.clone() }.into()),
        None if case.outcome == Some(Outcome::Withdrawn) => Err(Error::Withdrawn.into()),
        None => Ok(()),
    }
}

/// A holder without a superior, or one that the directory no longer knows, works it again; where it is no more, its successor does.
fn reopened(
    case: &Case,
    reason: &str,
    objection: Option<String>,
    known: &dyn Known,
) -> Result<Decided<Change>, Halt<Error>> {
    let above = match case.reopens_upward(known.profile()) {
        true => known.above(&case.district, &case.holder.unit)?.filter(|unit| unit.tier > case.holder.tier),
        false => None,
    };
    let successor = known.profile().successors.get(&case.holder.unit);
    Ok(Decided::one(
        Reopened {
            to: above.map_or_else(|| successor.unwrap_or(&case.holder).clone(), Holder::of),
            reason: reason.to_owned(),
            clocks: [ClockKind::Respond, ClockKind::Resolve]
                .map(|kind| (kind, case.clocks.anew(kind, known.profile(), known.now())))
                .into_iter()
                .collect(),
            objection,
        }
        .into(),
    ))
}

impl Happened<Case> for Reopened {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(RULE)
    }

    /// The answer of the attempt before stays in the log; this attempt has none yet.
    fn fold(&self, case: &mut Case, _: &Stamp) {
        (case.holder, case.clocks) = (self.to.clone(), self.clocks.clone());
        (case.judgement, case.outcome, case.closed_at) = (None, None, None);
        case.declined = None;
        case.answer.clear();
        (case.handling, case.verification) = (None, None);
        case.attempt += 1;
        for request in &mut case.requests {
            request.answered = false;
        }
    }

    fn words(&self) -> String {
        self.objection.as_ref().unwrap_or(&self.reason).clone()
    }
}
