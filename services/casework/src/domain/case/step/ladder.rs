//! 到点做什么: what the district's ladder does to a case when a lamp turns, when it lies still, or when a called department is silent or late.
//! Rungs are run in their order, for each occasion once, and a level that was missed is run as well.

use huying_chassis::log::{Actor, Aggregate as _, Stamp};
use huying_terms::Tier;
use serde::{Deserialize, Serialize};

use super::{Escalate, Supervised, escalate::escalated, supervise::press};
use crate::domain::{
    beside::Beside,
    case::{Case, Change, State},
    clocks::ClockKind,
    known::{Answer, Known, higher},
    ladder::{Act, Occasion},
    rule::{Happened, Rule, Ruled as _, Step, To},
    supervision::Level,
    unit::{Named, Unit},
};

/// 告知上级: the superior is told how a case stands. Nothing else happens to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldUpward {
    /// The unit above the holder; none: nobody is, and whoever governs the district is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superior: Option<Named>,
    pub reason: String,
}

const TELL: Rule<Case> = Rule::new("tell_upward", &State::OPEN, To::Same);

/// What comes with these changes by the ladder.
///
/// # Errors
/// [`huying_chassis::run::Halt::More`].
pub(in crate::domain::case) fn ladder(
    case: &Case,
    changes: &[Change],
    known: &dyn Known,
) -> Answer<Vec<Change>> {
    let occasions: Vec<Occasion> = changes.iter().filter_map(occasion).collect();
    if occasions.is_empty() {
        return Ok(Vec::new());
    }
    climb(after(case.clone(), changes, known), &occasions, known)
}

/// What a silent or late department brings about on its case, and beside it.
///
/// # Errors
/// [`huying_chassis::run::Halt::More`].
pub fn on_dispatch(
    case: &Case,
    occasions: &[Occasion],
    known: &dyn Known,
) -> Answer<(Vec<Change>, Vec<Beside>)> {
    let mut changes = climb(case.clone(), occasions, known)?;
    let (more, beside) = case.entails(&changes, known)?;
    changes.extend(more);
    Ok((changes, beside))
}

/// A deadline of the holder's own; what waits for an answer or a decision climbs, or goes on, by itself.
fn occasion(change: &Change) -> Option<Occasion> {
    if let Change::LampTurned(it) = change {
        let own = matches!(it.clock, ClockKind::Respond | ClockKind::Resolve | ClockKind::Review);
        own.then_some(Occasion::Lamp(it.clock, it.lamp))
    } else {
        matches!(change, Change::Idled(_)).then_some(Occasion::Idle)
    }
}

/// Each act looks at the case as the one before left it.
fn climb(mut case: Case, occasions: &[Occasion], known: &dyn Known) -> Answer<Vec<Change>> {
    let mut happened = Vec::new();
    if !case.state.is_open() {
        return Ok(happened);
    }
    for &occasion in occasions {
        for rung in known.profile().policies.ladder.iter().filter(|rung| rung.is_for(occasion)) {
            let mut by_rung = Vec::new();
            for act in &rung.acts {
                let change = run(&case, *act, occasion.reason(), known)?;
                // An escalation that comes to telling, beside what tells, tells once.
                if !by_rung.contains(&change) {
                    case = after(case, std::slice::from_ref(&change), known);
                    by_rung.push(change);
                }
            }
            happened.extend(by_rung);
        }
    }
    Ok(happened)
}

fn run(case: &Case, act: Act, reason: &str, known: &dyn Known) -> Answer<Change> {
    Ok(match act {
        Act::UrgeHolder => Supervised { level: Level::Urge, reason: reason.to_owned(), reply: None }.into(),
        Act::Supervise => press(case, Level::Notice, reason, known),
        Act::TellSuperior => told(higher(known, &case.district, &case.holder)?, reason),
        Act::Escalate => {
            let superior = higher(known, &case.district, &case.holder)?;
            match superior.filter(|unit| may_hold(case, unit.tier, known)) {
                Some(unit) => escalated(case, unit, reason, known),
                None => told(superior, reason),
            }
        }
    })
}

/// Whether it can go up to that tier from where it is.
fn may_hold(case: &Case, tier: Tier, known: &dyn Known) -> bool {
    tier <= known.profile().top_tier && <Escalate as Step<Case>>::RULE.leads(case.state).is_some()
}

fn told(superior: Option<&Unit>, reason: &str) -> Change {
    ToldUpward { superior: superior.map(Named::of), reason: reason.to_owned() }.into()
}

/// As it will be after these.
pub(super) fn after(mut case: Case, changes: &[Change], known: &dyn Known) -> Case {
    let stamp = Stamp { id: known.id(), at: known.now(), actor: Actor::default() };
    for change in changes {
        if let Some(state) = Case::leads_to(Some(&case), change) {
            case.apply(change, state, &stamp);
        }
    }
    case
}

impl Happened<Case> for ToldUpward {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(TELL)
    }

    fn fold(&self, _: &mut Case, _: &Stamp) {}

    fn stirs(&self) -> bool {
        false
    }

    fn words(&self) -> String {
        let superior = self.superior.as_ref().map_or("", |it| it.unit.as_str());
        format!("{superior} {}", self.reason).trim_start().to_owned()
    }
}
