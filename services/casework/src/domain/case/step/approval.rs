//! 审批 as its case sees it: what is asked of whom, and how it was ruled. Any step that asks begins its approval with [`ask`].

use huying_chassis::log::Stamp;
use serde::{Deserialize, Serialize};
use strum::Display;
use uuid::Uuid;

use crate::domain::{
    approval::{
        Ask, AskKind,
        step::{Asked, lapse},
    },
    beside::Beside,
    case::{Case, Change, Pending, State},
    clocks::{ClockKind, Clocks},
    error::Error,
    known::{Answer, Known, above_at},
    policies::Granter,
    rule::{Happened, Rule, To},
    unit::Holder,
};

/// Something is asked for that somebody above must allow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalAsked {
    pub approval: Uuid,
    pub kind: AskKind,
    pub reason: String,
}

/// It was ruled on, or lapsed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalRuled {
    pub approval: Uuid,
    pub kind: AskKind,
    pub ruling: Ruling,
    pub reason: String,
}

/// How.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Ruling {
    Granted,
    Refused,
    Lapsed,
}

/// Something is asked at most once at a time.
///
/// # Errors
/// `APPROVAL_PENDING`.
pub fn not_asked(case: &Case, kind: AskKind) -> Result<(), Error> {
    match case.approvals.iter().find(|pending| pending.kind == kind) {
        Some(pending) => Err(Error::ApprovalPending { approval: pending.approval }),
        None => Ok(()),
    }
}

/// What a step that asks comes to on its case.
pub fn asked(approval: Uuid, kind: AskKind, reason: &str) -> Change {
    ApprovalAsked { approval, kind, reason: reason.to_owned() }.into()
}

/// And beside it: the approval, put to whoever grants it by the profile.
///
/// # Errors
/// [`huying_chassis::run::Halt::More`].
pub fn ask(case: &Case, approval: Uuid, ask: Ask, reason: &str, known: &dyn Known) -> Answer<Vec<Beside>> {
    let profile = known.profile();
    let granter = granter(case, &ask, known)?;
    let asked = Asked {
        case: known.id(),
        number: case.number.clone(),
        district: case.district.clone(),
        area: case.area.clone(),
        ask,
        reason: reason.to_owned(),
        asked_by: case.holder.clone(),
        granter,
        clocks: Clocks::start([(ClockKind::Approve, profile.policies.approve)], profile, known.now()),
    };
    Ok(vec![Beside::Approval(approval, vec![asked.into()])])
}

/// Where nobody is above, those who answer for all of the holder's area rule.
fn granter(case: &Case, ask: &Ask, known: &dyn Known) -> Answer<Holder> {
    let above = |tier| above_at(known, &case.district, &case.holder.unit, tier);
    let unit = match (known.profile().policies.granter(ask.into()), ask) {
        (Granter::Chair, Ask::CallGroup { group, .. }) => return Ok(group.chair.clone()),
        (Granter::Superior | Granter::Chair, _) => known.above(&case.district, &case.holder.unit)?,
        // A town on its own ends below the district.
        (Granter::Tier(tier), _) => above(tier.min(known.profile().top_tier))?,
    };
    Ok(unit.map_or_else(|| case.holder.clone(), Holder::of))
}

/// The approvals that are open when the case moves on lapse with it.
///
/// # Errors
/// [`huying_chassis::run::Halt::More`].
pub(in crate::domain::case) fn lapsing(
    case: &Case,
    changes: &[Change],
    known: &dyn Known,
) -> Answer<(Vec<Change>, Vec<Beside>)> {
    let moves_on = |change: &Change| change.happened().rule().is_some_and(|rule| moves_on(&rule));
    if !changes.iter().any(moves_on) {
        return Ok((Vec::new(), Vec::new()));
    }
    let (mut ruled, mut beside) = (Vec::new(), Vec::new());
    for &Pending { approval, kind } in &case.approvals {
        beside.push(Beside::Approval(approval, vec![lapse(known.approval(approval)?, known)]));
        ruled.push(ApprovalRuled { approval, kind, ruling: Ruling::Lapsed, reason: String::new() }.into());
    }
    Ok((ruled, beside))
}

/// Whether it is worked on by somebody else afterwards, or by nobody.
fn moves_on(rule: &Rule<Case>) -> bool {
    match rule.to {
        To::Same => false,
        To::At(state) => state.is_at_rest(),
        To::Per(pairs) => pairs.iter().any(|(_, state)| state.is_at_rest()),
    }
}

impl Happened<Case> for ApprovalAsked {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(ASK)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.approvals.push(Pending { approval: self.approval, kind: self.kind });
    }

    fn words(&self) -> String {
        self.reason.clone()
    }
}

impl Happened<Case> for ApprovalRuled {
    /// Wherever the case has come to by then.
    fn rule(&self) -> Option<Rule<Case>> {
        None
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.approvals.retain(|pending| pending.approval != self.approval);
    }

    fn words(&self) -> String {
        format!("{} {} {}", self.kind, self.ruling, self.reason).trim_end().to_owned()
    }
}

/// By whichever step asks.
const ASK: Rule<Case> = Rule::new("ask_approval", &[State::Assigned, State::Working], To::Same);
