//! 督办: somebody above presses the holder, who answers by a time. What presses already, and at least as hard, stays with its deadline:
//! pressing again is counted and told, and does not put off the answer.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::Clock;
use serde::{Deserialize, Serialize};

use crate::domain::{
    case::{Case, Change, State, above_holder},
    clocks::ClockKind,
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
    supervision::{Level, Supervision},
};

#[derive(Clone, Debug)]
pub struct Supervise {
    pub level: Level,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Supervised {
    pub level: Level,
    pub reason: String,
    /// The clock for the answer, where it is another one now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Clock>,
}

impl Step<Case> for Supervise {
    const RULE: Rule<Case> = Rule::new("supervise", &State::OPEN, To::Same).by(above_holder);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        Ok(Decided::one(press(case, self.level, &self.reason, known)))
    }
}

/// The holder is pressed for an answer.
pub(super) fn press(case: &Case, level: Level, reason: &str, known: &dyn Known) -> Change {
    let reply = if stands(case, level) { None } else { reply(case, level, known) };
    Supervised { level, reason: reason.to_owned(), reply }.into()
}

/// Whether something as hard waits for its answer already.
fn stands(case: &Case, level: Level) -> bool {
    let runs = case.clocks.get(ClockKind::Reply).is_some_and(Clock::is_running);
    runs && case.unanswered().is_some_and(|it| it.level >= level)
}

/// The clock for an answer at a level; where none is asked for, the one before, stopped.
pub(super) fn reply(case: &Case, level: Level, known: &dyn Known) -> Option<Clock> {
    let (profile, now) = (known.profile(), known.now());
    match profile.policies.supervision.of(level) {
        Some(limit) => Some(profile.clock(limit, now)),
        None => case.clocks.stopped(ClockKind::Reply, profile, now),
    }
}

impl Case {
    /// It is pressed at a level, and with a notice or a talk it is a supervised item from then on.
    pub(super) fn press(&mut self, level: Level, stamp: &Stamp) {
        self.pressed.count(level);
        if level >= Level::Notice {
            self.supervised_at.get_or_insert(stamp.at);
        }
    }
}

impl Happened<Case> for Supervised {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Supervise::RULE)
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        case.press(self.level, stamp);
        if !stands(case, self.level) {
            let (level, reason, unit) = (self.level, self.reason.clone(), stamp.actor.unit.clone());
            case.supervision = Some(Supervision { level, unit, reason, at: stamp.at, answer: None });
        }
        case.clocks.set(ClockKind::Reply, self.reply.as_ref());
    }

    fn stirs(&self) -> bool {
        false
    }

    fn words(&self) -> String {
        format!("{} {}", self.level, self.reason)
    }
}
