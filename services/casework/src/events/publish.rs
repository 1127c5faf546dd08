//! What casework says: the one exhaustive match from change to event. Pure: a log entry carries all that its event needs. Events carry
//! nothing of the reporter; a dispatch's go on the subject of the called unit.

use huying_chassis::{
    bus::{Event, PublishError},
    log::{Entry, Told},
    log_service::timestamp,
    profile::{self, Profile},
};
use huying_proto::casework::v1 as pb;

use crate::domain::{
    Case, CaseworkProfile, Change, Clocks, Dispatch, DispatchChange, DispatchState, Prelude, State,
    change::CaseAbout, dispatch_change::DispatchAbout,
};
use crate::grpc::convert;

/// The root of the stream for services, and of the one for departments.
pub const ROOT: &str = "casework";
pub const DISPATCH_ROOT: &str = "dispatch";

/// The event of a log entry.
pub fn publish(entry: &Entry) -> Result<Event, PublishError> {
    match entry.head.kind.as_str() {
        "case" => case(entry),
        "dispatch" => dispatch(entry),
        "prelude" => prelude(entry),
        "profile" => {
            let profile::About { district } = entry.decode::<Profile<CaseworkProfile>>()?.about;
            Event::new(ROOT, &pb::CaseworkProfileApplied { district, version: entry.head.version })
        }
        other => Err(PublishError::unsayable(format!("casework has no kind {other}"))),
    }
}

fn case(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state, about } = entry.decode::<Case>()?;
    let case = Some(case_ref(entry, state, about));
    match change {
        Change::Opened { opening, clocks } => {
            let (respond_due_time, resolve_due_time) = due(&clocks);
            Event::new(
                ROOT,
                &pb::CaseOpened {
                    case,
                    priority: convert::priority(opening.priority).into(),
                    respond_due_time,
                    resolve_due_time,
                },
            )
        }
        Change::Accepted { .. } => Event::new(ROOT, &pb::CaseAccepted { case }),
        Change::Noted { text, public } => {
            let text = if public { text } else { String::new() };
            Event::new(ROOT, &pb::CaseNoted { case, text, public })
        }
        Change::Escalated { from, reason, .. } => {
            Event::new(ROOT, &pb::CaseEscalated { case, from_unit: from, reason })
        }
        Change::Delegated { from, reason, .. } => {
            Event::new(ROOT, &pb::CaseDelegated { case, from_unit: from, reason })
        }
        Change::Called { dispatches } => {
            let units = dispatches.iter().map(|called| called.unit.clone()).collect();
            let dispatches = dispatches.iter().map(|called| called.dispatch.to_string()).collect();
            Event::new(ROOT, &pb::CaseCalled { case, units, dispatches })
        }
        Change::LampTurned { clock, lamp, due_at } => Event::new(
            ROOT,
            &pb::CaseLampTurned {
                case,
                clock: convert::clock_kind(clock).into(),
                lamp: convert::lamp(lamp).into(),
                due_time: Some(timestamp(due_at)),
            },
        ),
        Change::Resolved { answer, units, .. } => Event::new(ROOT, &pb::CaseResolved { case, answer, units }),
        Change::Answered { request } => {
            Event::new(ROOT, &pb::CaseAnswered { case, request: request.to_string() })
        }
        Change::Judged { judgement } => {
            Event::new(ROOT, &pb::CaseJudged { case, judgement: convert::judgement(Some(judgement)).into() })
        }
        Change::Reopened { reason, .. } => Event::new(ROOT, &pb::CaseReopened { case, reason }),
        Change::Closed { outcome, .. } => {
            Event::new(ROOT, &pb::CaseClosed { case, outcome: convert::outcome(Some(outcome)).into() })
        }
        Change::Supplemented { request, .. } => {
            Event::new(ROOT, &pb::CaseSupplemented { case, request: request.to_string() })
        }
    }
}

fn dispatch(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state, about } = entry.decode::<Dispatch>()?;
    let unit = about.unit.clone();
    let dispatch = Some(dispatch_ref(entry, state, about));
    let event = match change {
        DispatchChange::Sent { task, clocks } => {
            let (respond_due_time, resolve_due_time) = due(&clocks);
            Event::new(
                DISPATCH_ROOT,
                &pb::DispatchSent {
                    dispatch,
                    location: Some(convert::location(&task.location)),
                    task: task.task,
                    category: task.category,
                    area: task.area,
                    respond_due_time,
                    resolve_due_time,
                },
            )
        }
        DispatchChange::Accepted { note, .. } => {
            Event::new(DISPATCH_ROOT, &pb::DispatchAccepted { dispatch, note })
        }
        DispatchChange::Completed { note, .. } => {
            Event::new(DISPATCH_ROOT, &pb::DispatchCompleted { dispatch, note })
        }
        DispatchChange::Declined { note, .. } => {
            Event::new(DISPATCH_ROOT, &pb::DispatchDeclined { dispatch, note })
        }
        DispatchChange::Insisted { reason, clocks } => {
            let (respond_due_time, _) = due(&clocks);
            Event::new(DISPATCH_ROOT, &pb::DispatchInsisted { dispatch, reason, respond_due_time })
        }
        DispatchChange::Ended { reason, .. } => {
            Event::new(DISPATCH_ROOT, &pb::DispatchEnded { dispatch, reason })
        }
        DispatchChange::LampTurned { clock, lamp, due_at } => Event::new(
            DISPATCH_ROOT,
            &pb::DispatchLampTurned {
                dispatch,
                clock: convert::clock_kind(clock).into(),
                lamp: convert::lamp(lamp).into(),
                due_time: Some(timestamp(due_at)),
            },
        ),
    };
    Ok(event?.for_unit(&unit))
}

fn prelude(entry: &Entry) -> Result<Event, PublishError> {
    let about = entry.decode::<Prelude>()?.about;
    let case = about.taken_by.map(|case| case.to_string()).unwrap_or_default();
    let noted = pb::PreludeNoted {
        request: entry.head.aggregate.to_string(),
        number: about.number,
        district: about.district,
        withdrawn: about.withdrawn,
        case,
    };
    Event::new(ROOT, &noted)
}

fn due(clocks: &Clocks) -> (Option<pbjson_types::Timestamp>, Option<pbjson_types::Timestamp>) {
    (clocks.respond.due_at.map(timestamp), clocks.resolve.due_at.map(timestamp))
}

fn case_ref(entry: &Entry, state: State, about: CaseAbout) -> pb::CaseRef {
    pb::CaseRef {
        id: entry.head.aggregate.to_string(),
        number: about.number,
        district: about.district,
        area: about.area,
        category: about.category,
        state: convert::state(state).into(),
        tier: convert::tier(about.tier).into(),
        holder: about.holder,
        requests: about.requests.iter().map(ToString::to_string).collect(),
        attempt: about.attempt,
        open_time: Some(timestamp(about.opened_at)),
    }
}

fn dispatch_ref(entry: &Entry, state: DispatchState, about: DispatchAbout) -> pb::DispatchRef {
    pb::DispatchRef {
        id: entry.head.aggregate.to_string(),
        case: about.case.to_string(),
        number: about.number,
        district: about.district,
        unit: about.unit,
        called_by: about.called_by,
        lead: about.lead,
        state: convert::dispatch_state(state).into(),
    }
}
