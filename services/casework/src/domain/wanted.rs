//! What lists are asked for.

use huying_terms::Tier;
use uuid::Uuid;

use super::{approval::ApprovalState, case::State, dispatch::DispatchState};

/// Which cases are wanted.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    pub district: String,
    pub state: Option<State>,
    pub tier: Option<Tier>,
    pub holder: Option<String>,
    /// Those returned whose arbiter it is.
    pub arbiter: Option<String>,
    pub area: Option<String>,
    /// What the caller's own area is: both must hold.
    pub within: Option<String>,
    pub category: Option<String>,
    pub overdue: bool,
    /// Those that ever had a notice or a talk.
    pub supervised: bool,
}

/// Which dispatches are wanted.
#[derive(Clone, Debug, Default)]
pub struct Dispatches {
    pub district: String,
    pub unit: Option<String>,
    pub case: Option<Uuid>,
    pub state: Option<DispatchState>,
    /// Those that wait for their arbiter because nobody reported in.
    pub silent: bool,
    /// The caller's own area.
    pub within: Option<String>,
}

/// Which approvals are wanted.
#[derive(Clone, Debug, Default)]
pub struct Approvals {
    pub district: String,
    pub granter: Option<String>,
    pub asked_by: Option<String>,
    pub case: Option<Uuid>,
    pub state: Option<ApprovalState>,
    /// The caller's own area.
    pub within: Option<String>,
}
