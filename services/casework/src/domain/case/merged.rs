//! 并案 as cases remember it: which requests came with which case, and where a merged case went.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Case, CaseRequest, State};
use crate::domain::error::Error;

/// Most requests on one case.
pub const MOST_REQUESTS: usize = 200;
/// How deep cases may be merged that others were merged into before: whoever looks for a request's case follows each of these merges.
pub const MOST_DEEP: u32 = 4;

/// A case as another one names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseName {
    pub case: Uuid,
    pub number: String,
}

/// Where a merged case went, and what it had by then: what it has again when it is un-merged, as far as it is still there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedInto {
    pub into: CaseName,
    pub requests: Vec<CaseRequest>,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
}

/// Where other cases' requests come to a case and go from it again: it is not resolved, so no reporter has its answer.
pub const OPEN_TO_REQUESTS: [State; 5] =
    [State::Assigned, State::Working, State::Returned, State::Suspended, State::Waiting];

impl Case {
    /// The cases that were merged into it, as far as requests of theirs are on it; where it was merged itself, that were until then.
    pub fn joined(&self) -> impl Iterator<Item = Uuid> + '_ {
        let before = self.merged.iter().flat_map(|merged| &merged.requests);
        self.requests.iter().chain(before).filter_map(|request| Some(request.from.as_ref()?.case))
    }

    /// Nor is one of its parts done again once it is.
    ///
    /// # Errors
    /// `TARGET_NOT_OPEN`.
    pub(super) fn is_open_to_requests(&self) -> Result<(), Error> {
        if OPEN_TO_REQUESTS.contains(&self.state) {
            return Ok(());
        }
        Err(Error::TargetNotOpen { number: self.number.clone(), state: self.state.name() })
    }
}
