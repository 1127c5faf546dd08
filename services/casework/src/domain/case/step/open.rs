//! 立案: what a case begins with.

use huying_chassis::log::Stamp;
use huying_terms::{Location, Priority};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    case::{Case, CaseRequest, State},
    clocks::Clocks,
    rule::{Happened, Rule},
    supervision::Pressed,
    unit::Holder,
};

/// What a decided route says of the case to open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    pub request: Uuid,
    pub number: String,
    pub district: String,
    pub area: String,
    pub category: String,
    pub priority: Priority,
    pub holder: Holder,
    pub departments: Vec<String>,
    pub content: String,
    pub location: Location,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    pub opening: Box<Opening>,
    pub clocks: Clocks,
    /// The share of its time after which it is idle; none: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_percent: Option<u32>,
}

impl Opened {
    pub(in crate::domain::case) fn begin(&self, state: State, stamp: &Stamp) -> Case {
        let opening = Opening::clone(&self.opening);
        Case {
            number: opening.number,
            opened_on: opening.request,
            district: opening.district,
            area: opening.area,
            category: opening.category,
            priority: opening.priority,
            departments: opening.departments,
            content: opening.content,
            location: opening.location,
            state,
            holder: opening.holder,
            requests: vec![CaseRequest { id: opening.request, answered: false, from: None }],
            clocks: self.clocks.clone(),
            notes: 0,
            last_public_note: None,
            answer: String::new(),
            handling: None,
            judgement: None,
            outcome: None,
            attempt: 1,
            dispatches: Vec::new(),
            approvals: Vec::new(),
            extensions: 0,
            attachments: Vec::new(),
            question: None,
            arbiter: None,
            refusals: Vec::new(),
            verifier: None,
            verification: None,
            suspension: None,
            declined: None,
            charge: None,
            merged: None,
            parts: Vec::new(),
            whole: None,
            depth: 0,
            rerouted: false,
            supervision: None,
            pressed: Pressed::default(),
            supervised_at: None,
            idle_percent: self.idle_percent,
            idle_at: None,
            consultations: 0,
            groups: Vec::new(),
            chaired: Vec::new(),
            groups_end_at: None,
            meetings: Vec::new(),
            opened_at: stamp.at,
            resolved_at: None,
            closed_at: None,
            due_at: None,
            overdue: false,
            updated_at: None,
            officer: None,
        }
    }
}

impl Happened<Case> for Opened {
    /// It begins; it never happens to a case that is there.
    fn rule(&self) -> Option<Rule<Case>> {
        None
    }

    fn fold(&self, _: &mut Case, _: &Stamp) {}
}
