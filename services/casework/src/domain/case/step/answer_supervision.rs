//! 答复督办: the holder answers whoever presses. Nothing needs an answer any more once the case is resolved, closed or reopened.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::Clock;
use serde::{Deserialize, Serialize};

use crate::domain::{
    case::{Case, Change, State, holder},
    clocks::ClockKind,
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
    supervision::SupervisionAnswer,
};

#[derive(Clone, Debug)]
pub struct AnswerSupervision {
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupervisionAnswered {
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Clock>,
}

/// The case was resolved, closed or reopened before there was an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupervisionLapsed {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Clock>,
}

impl Step<Case> for AnswerSupervision {
    const RULE: Rule<Case> =
        Rule::new("answer_supervision", &State::OPEN, To::Same).by(holder).fits(unanswered);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        Ok(Decided::one(SupervisionAnswered { text: self.text.clone(), reply: stopped(case, known) }.into()))
    }
}

fn unanswered(case: &Case, _: &dyn Known) -> Answer<()> {
    case.unanswered().map(|_| ()).ok_or_else(|| Error::NotSupervised.into())
}

fn stopped(case: &Case, known: &dyn Known) -> Option<Clock> {
    case.clocks.stopped(ClockKind::Reply, known.profile(), known.now())
}

/// What lapses with these changes: they lead to where nobody works on it any more, or back from there.
pub(in crate::domain::case) fn no_answer_needed(
    case: &Case,
    changes: &[Change],
    known: &dyn Known,
) -> Option<Change> {
    case.unanswered()?;
    let next = |state, change: &Change| change.happened().rule().and_then(|rule| rule.leads(state));
    let end = changes.iter().fold(case.state, |state, change| next(state, change).unwrap_or(state));
    let over = |state| matches!(state, State::Resolved | State::Closed);
    let lapses = end != case.state && (over(end) || over(case.state));
    lapses.then(|| SupervisionLapsed { reply: stopped(case, known) }.into())
}

impl Happened<Case> for SupervisionAnswered {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(AnswerSupervision::RULE)
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        if let Some(supervision) = &mut case.supervision {
            let unit = stamp.actor.unit.clone().unwrap_or_default();
            supervision.answer = Some(SupervisionAnswer { text: self.text.clone(), unit, at: stamp.at });
        }
        case.clocks.set(ClockKind::Reply, self.reply.as_ref());
    }

    fn words(&self) -> String {
        self.text.clone()
    }
}

impl Happened<Case> for SupervisionLapsed {
    /// Wherever the case has come to by then.
    fn rule(&self) -> Option<Rule<Case>> {
        None
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.supervision = None;
        case.clocks.set(ClockKind::Reply, self.reply.as_ref());
    }
}
