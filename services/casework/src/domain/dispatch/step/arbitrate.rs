//! What waits for its arbiter does not wait for ever: a decline, or a silence, that nobody settled in time is the next above's to settle.

use huying_chassis::log::Stamp;
use huying_terms::Clock;
use serde::{Deserialize, Serialize};

use crate::domain::{
    clocks::ClockKind,
    dispatch::{Dispatch, DispatchChange, turns_red},
    known::{Answer, Known},
    lamp::TurnLamps,
    rule::{Happened, Rule, Step},
    unit::Named,
};

/// Nobody settled it in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArbitrationClimbed {
    /// The unit that was to settle it.
    pub from: Named,
    pub to: Named,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arbitrate: Option<Clock>,
}

/// The time in which what waits for its arbiter is to be settled.
pub(super) fn time_to_settle(known: &dyn Known) -> Clock {
    known.profile().clock(known.profile().policies.arbitrate, known.now())
}

/// What comes with the lamps that turn: at red the unit above the arbiter is to settle it, in a time of its own. At the top it stays, and
/// so does what the chair of a group is to settle, who alone commands there.
///
/// # Errors
/// [`huying_chassis::run::Halt::More`].
pub(in crate::domain::dispatch) fn climbing(
    dispatch: &Dispatch,
    changes: &[DispatchChange],
    known: &dyn Known,
) -> Answer<Option<DispatchChange>> {
    let red = turns_red(changes, ClockKind::Arbitrate) && dispatch.group.is_none();
    let Some(arbiter) = dispatch.arbiter.as_ref().filter(|_| red) else { return Ok(None) };
    let above = known.above(&dispatch.district, &arbiter.unit)?;
    let other = above.filter(|unit| unit.code != arbiter.unit && unit.code != dispatch.unit);
    let climbed = other.map(|unit| ArbitrationClimbed {
        from: arbiter.clone(),
        to: Named::of(unit),
        arbitrate: Some(time_to_settle(known)),
    });
    Ok(climbed.map(Into::into))
}

impl Happened<Dispatch> for ArbitrationClimbed {
    fn rule(&self) -> Option<Rule<Dispatch>> {
        Some(<TurnLamps as Step<Dispatch>>::RULE)
    }

    fn fold(&self, dispatch: &mut Dispatch, _: &Stamp) {
        dispatch.arbiter = Some(self.to.clone());
        dispatch.clocks.set(ClockKind::Arbitrate, self.arbitrate.as_ref());
    }

    fn words(&self) -> String {
        format!("{} → {}", self.from.shown(), self.to.shown())
    }
}
