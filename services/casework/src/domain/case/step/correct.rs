//! 更正研判: routing's decision on the case's request was wrong, and a person at the triage desk has put another in its place. The case goes
//! to the unit that it names, unless only the rest of it was wrong; the time used counts. What has been resolved by then, closed, merged or
//! joined is left as it is, and the case's history says that the correction came too late. Nor do its holder's own people give it away so.

use huying_chassis::{
    log::{Actor, Decided, Stamp},
    run::Halt,
};
use huying_terms::{Limit, Priority};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::relieve::{TO, clocks_after, handed_over};
use crate::domain::{
    case::{Case, Change, State},
    clocks::{ClockKind, Clocks},
    demands::Demands,
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
    unit::{Holder, Named},
};

/// The decision that stands in the wrong one's place.
#[derive(Clone, Debug)]
pub struct Correct {
    pub request: Uuid,
    pub area: String,
    pub category: String,
    pub departments: Vec<String>,
    pub priority: Priority,
    pub holder: Holder,
    /// Whether it was for another unit before, or is another person's word for the unit that was named last. If not, whoever has the case by
    /// now keeps it.
    pub moves: bool,
    pub respond: Limit,
    pub resolve: Limit,
    pub reason: String,
    pub demands: Demands,
    /// Who corrected it; none where an older build did not say.
    pub by: Option<Actor>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Corrected {
    pub from: Named,
    /// The same unit where it keeps the case.
    pub to: Holder,
    pub area: String,
    pub category: String,
    pub departments: Vec<String>,
    pub priority: Priority,
    pub reason: String,
    /// All of them, as they are afterwards; none: it came too late, and nothing has changed.
    pub clocks: Option<Clocks>,
    /// What the authority table demands of it.
    #[serde(default, skip_serializing_if = "Demands::is_none")]
    pub demands: Demands,
    /// The unit that its holder's own people named, and to which it therefore does not go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_to: Option<Named>,
}

/// Where somebody works on it, or is to.
pub(super) const WORKED_ON: [State; 5] =
    [State::Assigned, State::Working, State::Returned, State::Suspended, State::Waiting];

/// With a correction that is for another unit: accepted anew.
pub(super) const HAND_OVER: Rule<Case> = Rule::new("hand_over", &WORKED_ON, TO);

impl Step<Case> for Correct {
    /// Wherever it is: that it came too late is written down too.
    const RULE: Rule<Case> = Rule::new("correct", Case::EVERYWHERE, To::Same);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let fits = case.opened_on == self.request && WORKED_ON.contains(&case.state);
        let another = self.moves && self.holder.unit != case.holder.unit;
        let kept = fits && another && self.is_by_holder(case, known)?;
        let moves = another && !kept;
        let same = (&case.area, &case.category, case.priority) == (&self.area, &self.category, self.priority);
        if fits && same && !another {
            return Ok(Decided::AlreadyDone);
        }
        let corrected = Corrected {
            from: Named::from(&case.holder),
            to: if moves { self.holder.clone() } else { case.holder.clone() },
            area: self.area.clone(),
            category: self.category.clone(),
            departments: self.departments.clone(),
            priority: self.priority,
            reason: self.reason.clone(),
            clocks: fits.then(|| self.clocks(case, moves, known)),
            demands: self.demands.clone(),
            not_to: kept.then(|| Named::from(&self.holder)),
        };
        Ok(Decided::one(corrected.into()))
    }
}

impl Correct {
    /// Whether whoever corrected it works for its holder, or acted for it on the case. They hand it back (退单) while they may, and somebody
    /// else decides whose it is: whoever rules on that, or another person who corrects it to the same unit.
    fn is_by_holder(&self, case: &Case, known: &dyn Known) -> Answer<bool> {
        let (Some(by), holder) = (&self.by, case.holder.unit.as_str()) else { return Ok(false) };
        Ok(by.unit.as_deref() == Some(holder) || known.parties(case)?.has_acted(holder, &by.subject))
    }

    /// In the new limits the time used counts, and what presses already gets no longer; another unit has its own time to accept it.
    fn clocks(&self, case: &Case, moves: bool, known: &dyn Known) -> Clocks {
        let (profile, now) = (known.profile(), known.now());
        let mut clocks = match moves {
            true => clocks_after(case, Some(profile.clock(self.respond, now)), known),
            false => case.clocks.clone(),
        };
        for (kind, limit) in [(ClockKind::Respond, self.respond), (ClockKind::Resolve, self.resolve)] {
            let adjusted = clocks.adjusted(kind, limit, profile, now);
            clocks.set(kind, adjusted.as_ref());
        }
        clocks
    }
}

impl Corrected {
    /// Whether another unit goes on with it.
    pub fn moves(&self) -> bool {
        self.clocks.is_some() && self.from.unit != self.to.unit
    }
}

impl Happened<Case> for Corrected {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(if self.moves() { HAND_OVER } else { Correct::RULE })
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        let Some(clocks) = &self.clocks else { return };
        (case.area, case.category) = (self.area.clone(), self.category.clone());
        (case.departments, case.priority) = (self.departments.clone(), self.priority);
        (case.clocks, case.demands) = (clocks.clone(), self.demands.clone());
        if self.moves() {
            handed_over(case, &self.to, &self.reason, stamp);
        }
    }

    /// What it came to, and why.
    fn words(&self) -> String {
        let Self { category, area, reason, .. } = self;
        if let Some(not_to) = &self.not_to {
            return format!("承办单位自行更正，不移交{}（{category}, {area}）: {reason}", not_to.shown());
        }
        match (&self.clocks, self.moves()) {
            (None, _) => format!("更正来得太晚，未改动（{category}，{area}，{}）: {reason}", self.to.unit),
            (Some(_), false) => format!("{category}, {area}: {reason}"),
            (Some(_), true) => {
                let to = Named::from(&self.to);
                format!("{} → {}, {category}, {area}: {reason}", self.from.shown(), to.shown())
            }
        }
    }
}
