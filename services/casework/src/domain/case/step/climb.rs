//! 督办升级: nobody answered in time, so the holder is pressed one level harder by itself, and the superior is told. At a talk it stays red.

use huying_chassis::log::Stamp;
use huying_terms::Clock;
use serde::{Deserialize, Serialize};

use super::supervise::reply;
use crate::domain::{
    case::{Case, Change, State, turns_red},
    clocks::ClockKind,
    known::{Answer, Known, higher},
    rule::{Happened, Rule, To},
    supervision::Level,
    unit::Named,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupervisionClimbed {
    pub from: Level,
    pub to: Level,
    /// The unit above the holder, which is told; none: nobody is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superior: Option<Named>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Clock>,
}

/// With its clock at red.
const CLIMB: Rule<Case> = Rule::new("climb", &State::OPEN, To::Same);

/// What comes with the lamps that turn.
///
/// # Errors
/// [`huying_chassis::run::Halt::More`].
pub(in crate::domain::case) fn climbs(
    case: &Case,
    changes: &[Change],
    known: &dyn Known,
) -> Answer<Option<Change>> {
    let from = case.unanswered().filter(|_| turns_red(changes, ClockKind::Reply)).map(|it| it.level);
    let Some((from, to)) = from.and_then(|from| Some((from, from.next()?))) else { return Ok(None) };
    let superior = higher(known, &case.district, &case.holder)?.map(Named::of);
    Ok(Some(SupervisionClimbed { from, to, superior, reply: reply(case, to, known) }.into()))
}

impl Happened<Case> for SupervisionClimbed {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(CLIMB)
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        case.press(self.to, stamp);
        if let Some(supervision) = &mut case.supervision {
            (supervision.level, supervision.at) = (self.to, stamp.at);
        }
        case.clocks.set(ClockKind::Reply, self.reply.as_ref());
    }

    fn stirs(&self) -> bool {
        false
    }

    fn words(&self) -> String {
        format!("{} → {}", self.from, self.to)
    }
}
