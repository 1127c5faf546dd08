//! 派出: what a dispatch begins with, beside its case's call.

use huying_chassis::log::Stamp;
use huying_terms::Location;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    clocks::Clocks,
    dispatch::{Dispatch, DispatchState, Tally},
    rule::{Happened, Rule},
    unit::{Holder, Named},
};

/// What a dispatch is sent with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub case: Uuid,
    pub number: String,
    pub district: String,
    pub unit: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit_name: String,
    pub caller: Holder,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arbiter: Option<Named>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    pub lead: bool,
    pub task: String,
    pub category: String,
    pub area: String,
    pub location: Location,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    pub task: Box<Task>,
    pub clocks: Clocks,
}

impl Sent {
    pub(in crate::domain::dispatch) fn begin(&self, state: DispatchState, stamp: &Stamp) -> Dispatch {
        let task = Task::clone(&self.task);
        Dispatch {
            case: task.case,
            number: task.number,
            district: task.district,
            unit: task.unit,
            unit_name: task.unit_name,
            caller: task.caller,
            arbiter: task.arbiter,
            group: task.group,
            lead: task.lead,
            task: task.task,
            category: task.category,
            area: task.area,
            location: task.location,
            state,
            clocks: self.clocks.clone(),
            note: String::new(),
            ruling: None,
            silent: false,
            silences: 0,
            binding: false,
            sent_at: stamp.at,
            due_at: None,
            overdue: false,
            officer: None,
            tally: Tally::default(),
        }
    }
}

impl Happened<Dispatch> for Sent {
    /// It begins; it never happens to a dispatch that is there.
    fn rule(&self) -> Option<Rule<Dispatch>> {
        None
    }

    fn fold(&self, _: &mut Dispatch, _: &Stamp) {}
}
