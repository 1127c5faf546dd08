//! 审批: a holder asks for what only somebody above may allow. Actors: the holder's step asks, the granter grants or refuses, the clock
//! takes it one tier up when nobody ruled in time, and it lapses when the case moves on.
//!
//! Guaranteed: granting and what comes of it are one commit; what was ruled is ruled for good.

pub mod ask;
pub mod change;
pub mod state;
pub mod step;

use chrono::serde::{ts_microseconds, ts_microseconds_option};
use chrono::{DateTime, Utc};
use huying_chassis::run::Halt;
use serde::{Deserialize, Serialize};
use strum::VariantArray as _;
use uuid::Uuid;

use super::{
    beside::Beside,
    clocks::{ClockKind, Clocks},
    error::Error,
    known::{Answer, Known, higher},
    lamp::Clocked,
    rule::{Rule, Ruled},
    unit::{By, Holder},
};
pub use ask::{Ask, AskKind};
pub use change::ApprovalAbout;
pub use state::ApprovalState;
pub use step::ApprovalChange;
use step::Climbed;

/// An approval as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    /// The case.
    pub case: Uuid,
    pub number: String,
    pub district: String,
    pub area: String,
    pub ask: Ask,
    /// Why it is asked for.
    pub reason: String,
    /// Who asks, as the holder stood then.
    pub asked_by: Holder,
    /// The unit that is to rule.
    pub granter: Holder,
    pub state: ApprovalState,
    pub clocks: Clocks,
    /// Why it was granted or refused.
    pub ruling: String,
    #[serde(with = "ts_microseconds")]
    pub asked_at: DateTime<Utc>,
    #[serde(default, with = "ts_microseconds_option")]
    pub due_at: Option<DateTime<Utc>>,
    pub overdue: bool,
}

impl Ruled for Approval {
    const STATES: &'static [ApprovalState] = ApprovalState::VARIANTS;

    fn rules() -> &'static [Rule<Self>] {
        step::RULES
    }

    fn state(&self) -> ApprovalState {
        self.state
    }

    fn state_name(&self) -> &'static str {
        self.state.name()
    }

    /// By who asks, who is to rule, and those whose area the case lies in.
    fn is_reached(&self, by: &By) -> bool {
        let concerned = [&self.asked_by.unit, &self.granter.unit];
        concerned.into_iter().any(|unit| by.is(&self.district, unit)) || by.sees(&self.district, &self.area)
    }

    fn case(&self) -> Option<Uuid> {
        Some(self.case)
    }

    /// Nobody ruled in time: whoever is above is to rule, in a time of their own. At the top it stays.
    fn entails(
        &self,
        changes: &[ApprovalChange],
        known: &dyn Known,
    ) -> Answer<(Vec<ApprovalChange>, Vec<Beside>)> {
        let red = |change: &ApprovalChange| matches!(change, ApprovalChange::LampTurned(it) if it.is_red(ClockKind::Approve));
        if !changes.iter().any(red) {
            return Ok((Vec::new(), Vec::new()));
        }
        let climbed = higher(known, &self.district, &self.granter)?.map(|unit| Climbed {
            from: self.granter.unit.clone(),
            to: Holder::of(unit),
            approve: self.clocks.anew(ClockKind::Approve, known.profile(), known.now()),
        });
        Ok((climbed.into_iter().map(Into::into).collect(), Vec::new()))
    }
}

impl Clocked for Approval {
    fn clocks(&self) -> &Clocks {
        &self.clocks
    }

    fn clocks_mut(&mut self) -> &mut Clocks {
        &mut self.clocks
    }
}

/// The unit that is to rule, and whoever answers for all of its area; never the unit that asked.
fn granter(approval: &Approval, by: &By) -> Result<(), Error> {
    let (district, granter) = (&approval.district, &approval.granter);
    let rules = by.is(district, &granter.unit) || by.sees(district, &granter.area);
    if rules && !by.is(district, &approval.asked_by.unit) {
        Ok(())
    } else {
        Err(Error::NotGranter { granter: granter.unit.clone() })
    }
}

/// All of its clocks, as they are once somebody ruled.
fn stopped(approval: &Approval, known: &dyn Known) -> Result<Clocks, Halt<Error>> {
    Ok(approval.clocks.all_stopped(known.profile(), known.now()))
}
