//! 改类: the category was wrong. Routing is asked again what the right one comes to: how pressing it is, by when, whom it concerns; and,
//! the first time, whose it is. The time used counts, and what presses already gets no longer.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::{Clock, Limit, Priority};
use serde::{Deserialize, Serialize};

use crate::domain::{
    case::{Case, Change, State, holder_or_above},
    clocks::{ClockKind, Clocks},
    demands::Demands,
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
    unit::{Holder, Named, Unit},
};

#[derive(Clone, Debug)]
pub struct Recategorise {
    /// The code of the right one.
    pub category: String,
    pub reason: String,
}

/// What routing says of a category: who would hold the case, whom it concerns, how pressing it is and by when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routed {
    pub unit: Unit,
    pub departments: Vec<String>,
    pub priority: Priority,
    pub respond: Limit,
    pub resolve: Limit,
    pub demands: Demands,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recategorised {
    pub from: String,
    pub to: String,
    pub departments: Vec<String>,
    pub priority: Priority,
    pub reason: String,
    pub clocks: Clocks,
    /// What the authority table demands of it.
    #[serde(default, skip_serializing_if = "Demands::is_none")]
    pub demands: Demands,
}

/// The right category is another unit's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rerouted {
    pub from: Named,
    pub to: Holder,
    pub respond: Clock,
}

impl Step<Case> for Recategorise {
    const RULE: Rule<Case> =
        Rule::new("recategorise", &[State::Assigned, State::Working], To::Same).by(holder_or_above);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        if self.category == case.category {
            return Ok(Decided::AlreadyDone);
        }
        let routed = known.routed(case, &self.category)?;
        let (profile, now) = (known.profile(), known.now());
        let mut clocks = case.clocks.clone();
        for (kind, limit) in [(ClockKind::Respond, routed.respond), (ClockKind::Resolve, routed.resolve)] {
            clocks.set(kind, case.clocks.adjusted(kind, limit, profile, now).as_ref());
        }
        let mut changes = vec![
            Recategorised {
                from: case.category.clone(),
                to: self.category.clone(),
                departments: routed.departments.clone(),
                priority: routed.priority,
                reason: self.reason.clone(),
                clocks,
                demands: routed.demands.clone(),
            }
            .into(),
        ];
        if may_move(case) && routed.unit.code != case.holder.unit {
            changes.push(
                Rerouted {
                    from: Named::from(&case.holder),
                    to: Holder::of(&routed.unit),
                    respond: profile.clock(routed.respond, now),
                }
                .into(),
            );
        }
        Ok(Decided::Done(changes))
    }
}

/// Once, so that no unit is rid of a case by calling it something else again and again; and not from a unit that it was decided for.
fn may_move(case: &Case) -> bool {
    let decided = case.refusals.last().and_then(|refusal| refusal.arbitration.as_ref());
    !case.rerouted && decided.is_none_or(|it| !it.binding || it.to.unit != case.holder.unit)
}

impl Happened<Case> for Recategorised {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Recategorise::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        (case.category, case.departments) = (self.to.clone(), self.departments.clone());
        (case.priority, case.clocks) = (self.priority, self.clocks.clone());
        case.demands = self.demands.clone();
    }

    fn words(&self) -> String {
        format!("{} → {}: {}", self.from, self.to, self.reason)
    }
}

impl Happened<Case> for Rerouted {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(REROUTE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        (case.holder, case.rerouted) = (self.to.clone(), true);
        case.clocks.set(ClockKind::Respond, Some(&self.respond));
    }

    fn words(&self) -> String {
        format!("{} → {}", self.from.shown(), Named::from(&self.to).shown())
    }
}

/// With a recategorising.
pub(super) const REROUTE: Rule<Case> =
    Rule::new("reroute", &[State::Assigned, State::Working], To::At(State::Assigned));
