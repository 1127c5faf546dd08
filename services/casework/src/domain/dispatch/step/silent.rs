//! 逾期未报到: nobody accepted until the respond clock was red. It comes with that lamp, once for each deadline, and is told to the arbiter,
//! who may end the dispatch or insist. The department may still accept.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::Stamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    clocks::ClockKind,
    dispatch::{Dispatch, DispatchChange, DispatchState},
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
}

/// What comes with a lamp that turned.
pub(in crate::domain::dispatch) fn silence(
    dispatch: &Dispatch,
    changes: &[DispatchChange],
) -> Option<DispatchChange> {
    let red = changes.iter().find_map(|change| {
        let DispatchChange::LampTurned(it) = change else { return None };
        it.is_red(ClockKind::Respond).then_some(it)
    })?;
    let silent = Silent { due_at: red.due_at, silences: dispatch.silences + 1 };
    (dispatch.state == DispatchState::Sent).then(|| silent.into())
}

impl Happened<Dispatch> for Silent {
    fn rule(&self) -> Option<Rule<Dispatch>> {
        Some(<TurnLamps as Step<Dispatch>>::RULE)
    }

    /// That it is silent now follows from its clock.
    fn fold(&self, dispatch: &mut Dispatch, _: &Stamp) {
        dispatch.silences = self.silences;
    }
}
