//! 逾期未报到: nobody accepted until the respond clock was red. It comes with that lamp, once for each deadline, and is told to the arbiter,
//! who may end the dispatch or insist, and has a time of its own for that. The department may still accept.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::Stamp;
use huying_terms::Clock;
use serde::{Deserialize, Serialize};

use super::arbitrate::time_to_settle;
use crate::domain::{
    clocks::ClockKind,
    dispatch::{Dispatch, DispatchChange, DispatchState},
    known::Known,
    lamp::TurnLamps,
    rule::{Happened, Rule, Step},
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silent {
    /// By when it should have reported in.
    #[serde(with = "ts_microseconds")]
    pub due_at: DateTime<Utc>,
    /// How often by now.
    pub silences: u32,
    /// By when its arbiter is to settle it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arbitrate: Option<Clock>,
}

/// What comes with a lamp that turned.
pub(in crate::domain::dispatch) fn silence(
    dispatch: &Dispatch,
    changes: &[DispatchChange],
    known: &dyn Known,
) -> Option<DispatchChange> {
    let red = changes.iter().find_map(|change| {
        let DispatchChange::LampTurned(it) = change else { return None };
        it.is_red(ClockKind::Respond).then_some(it)
    })?;
    let (silences, arbitrate) = (dispatch.silences + 1, Some(time_to_settle(known)));
    let silent = Silent { due_at: red.due_at, silences, arbitrate };
    (dispatch.state == DispatchState::Sent).then(|| silent.into())
}

impl Happened<Dispatch> for Silent {
    fn rule(&self) -> Option<Rule<Dispatch>> {
        Some(<TurnLamps as Step<Dispatch>>::RULE)
    }

    /// That it is silent now follows from its clock.
    fn fold(&self, dispatch: &mut Dispatch, _: &Stamp) {
        dispatch.silences = self.silences;
        dispatch.clocks.set(ClockKind::Arbitrate, self.arbitrate.as_ref());
    }
}
