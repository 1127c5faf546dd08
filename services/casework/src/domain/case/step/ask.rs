//! 补充: the holder asks the reporter something, in public, and the resolve clock stands still. What the reporter or the first contact
//! adds answers it ([`Supplement`](super::Supplement)); when nobody has in time, the case goes back to work by itself.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use crate::domain::{
    case::{Case, Change, Note, State, holder, part::is_whole, turns_red},
    clocks::{ClockKind, Clocks},
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Debug)]
pub struct AskReporter {
    pub question: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    pub question: String,
    pub clocks: Clocks,
}

/// Nobody answered in time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnswerMissed {
    pub clocks: Clocks,
}

impl Step<Case> for AskReporter {
    const RULE: Rule<Case> = Rule::new("ask_reporter", &[State::Working], To::At(State::Waiting))
        .by(holder)
        .fits(|case, _| Ok(is_whole(case)?));

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let profile = known.profile();
        let wait = (ClockKind::Wait, profile.policies.wait);
        let clocks = case.clocks.standing_still(wait, profile, known.now());
        Ok(Decided::one(Asked { question: self.question.clone(), clocks }.into()))
    }
}

/// With its wait clock at red.
pub(super) const MISS_ANSWER: Rule<Case> =
    Rule::new("miss_answer", &[State::Waiting], To::At(State::Working));

/// What comes of lamps that turn: at red of the wait clock the case goes on without the answer.
pub(in crate::domain::case) fn missing_answer(
    case: &Case,
    changes: &[Change],
    known: &dyn Known,
) -> Option<Change> {
    turns_red(changes, ClockKind::Wait).then(|| {
        let clocks = case.clocks.all_turned(known.now());
        AnswerMissed { clocks: clocks.running_on(ClockKind::Wait, known.profile(), known.now()) }.into()
    })
}

impl Happened<Case> for Asked {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(AskReporter::RULE)
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        let unit = stamp.actor.unit.clone().unwrap_or_default();
        case.question = Some(Note { text: self.question.clone(), unit, at: stamp.at });
        case.clocks = self.clocks.clone();
    }

    fn words(&self) -> String {
        self.question.clone()
    }

    fn is_public(&self) -> bool {
        true
    }
}

impl Happened<Case> for AnswerMissed {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(MISS_ANSWER)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        (case.question, case.clocks) = (None, self.clocks.clone());
    }
}
