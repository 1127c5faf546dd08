//! What a caller may do, and why not the rest: in the words that the step would be refused with.

use huying_chassis::{log::Aggregate, status::Problem};
use huying_proto::casework::v1 as pb;

use super::access::rpc_of;
use crate::{
    app::allowed::{Allowed, Told},
    convert,
    domain::{Approval, Case, Dispatch, Error},
};

pub fn answer(allowed: &Allowed) -> pb::GetAllowedStepsResponse {
    let dispatches = allowed.dispatches.iter().map(|(dispatch, told)| pb::DispatchSteps {
        id: dispatch.id.to_string(),
        unit: dispatch.it.unit.clone(),
        unit_name: dispatch.it.unit_name.clone(),
        version: dispatch.version,
        steps: steps::<Dispatch>(told),
    });
    let approvals = allowed.approvals.iter().map(|(approval, told)| pb::ApprovalSteps {
        id: approval.id.to_string(),
        kind: convert::approval_kind((&approval.it.ask).into()).into(),
        granter: approval.it.granter.unit.clone(),
        version: approval.version,
        steps: steps::<Approval>(told),
    });
    pb::GetAllowedStepsResponse {
        id: allowed.case.id.to_string(),
        number: allowed.case.it.number.clone(),
        version: allowed.case.version,
        steps: steps::<Case>(&allowed.steps),
        dispatches: dispatches.collect(),
        approvals: approvals.collect(),
    }
}

/// Of whatever is told of alone.
pub fn steps<A: Aggregate>(told: &Told) -> Vec<pb::StepAllowed> {
    told.iter().map(|(step, why)| one(A::KIND, step, why.as_ref())).collect()
}

fn one(kind: &str, step: &str, why: Option<&Error>) -> pb::StepAllowed {
    let problem = why.cloned().map(Problem::from);
    let (reason, words) =
        problem.map(|it| (it.reason().to_owned(), it.message().to_owned())).unwrap_or_default();
    let rpc = rpc_of(kind, step).unwrap_or_default().to_owned();
    pb::StepAllowed { step: step.to_owned(), allowed: why.is_none(), reason, words, rpc }
}
