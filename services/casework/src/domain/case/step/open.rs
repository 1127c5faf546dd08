//! 立案: what a case begins with.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::Stamp;
use huying_terms::{Limit, Location, Priority, worktime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    case::{Case, CaseRequest, State},
    clocks::Clocks,
    demands::Demands,
    profile::CaseworkProfile,
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
    /// How long it was at the triage desk; none: rules decided at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<DeskStay>,
    /// It concerns people who come first: a home visit comes before all else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub visit_first: bool,
    /// What the authority table demands of it.
    #[serde(default, skip_serializing_if = "Demands::is_none")]
    pub demands: Demands,
}

/// What the triage desk used of the time to resolve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskStay {
    #[serde(with = "ts_microseconds")]
    pub queued_at: DateTime<Utc>,
    #[serde(with = "ts_microseconds")]
    pub decided_at: DateTime<Utc>,
    /// In the measure of the limit to resolve, as it was when the case was opened.
    pub used_seconds: i64,
    /// Of that limit; more than 100 where the desk used more than all of it.
    pub percent: u32,
}

impl DeskStay {
    /// What it used of a limit.
    pub fn of(
        profile: &CaseworkProfile,
        resolve: Limit,
        (queued_at, decided_at): (DateTime<Utc>, DateTime<Utc>),
    ) -> Self {
        let used = worktime::used(&profile.calendar, resolve.kind, queued_at, decided_at).num_seconds();
        let whole = resolve.length(&profile.calendar).num_seconds().max(1);
        let percent = u32::try_from(used.saturating_mul(100) / whole).unwrap_or(u32::MAX);
        Self { queued_at, decided_at, used_seconds: used, percent }
    }
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
            requests: vec![CaseRequest {
                id: opening.request,
                answered: false,
                from: None,
                visit_first: opening.visit_first,
            }],
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
            appointed_at: None,
            desk: opening.desk,
            demands: opening.demands,
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
