//! What casework says: for each kind one exhaustive match from change to event. Pure: a log entry carries all that its event needs. Events carry
//! nothing of the reporter; a dispatch's go on the subject of the called unit.

mod absence;
mod approval;
mod case;
mod group;
mod meeting;
mod merge;
mod split;
mod successor;

use huying_chassis::{
    bus::{Event, PublishError},
    log::{Entry, Told},
    log_service::timestamp,
    profile::{self, Profile},
};
use huying_proto::casework::v1 as pb;
use huying_wire::{lamp, place};

use crate::{
    convert,
    domain::{
        CaseworkProfile, ClockKind, Clocks, Dispatch, DispatchChange, DispatchState, Prelude,
        clocks::LampTurned,
        dispatch::{DispatchAbout, step::ArbitrationClimbed},
    },
};

/// The root of the stream for services, and of the one for departments.
pub const ROOT: &str = "casework";
pub const DISPATCH_ROOT: &str = "dispatch";

/// The event of a log entry.
pub fn publish(entry: &Entry) -> Result<Event, PublishError> {
    match entry.head.kind.as_str() {
        "case" => case::publish(entry),
        "dispatch" => dispatch(entry),
        "approval" => approval::publish(entry),
        "meeting" => meeting::publish(entry),
        "absence" => absence::publish(entry),
        "prelude" => prelude(entry),
        "profile" => {
            let profile::About { district } = entry.decode::<Profile<CaseworkProfile>>()?.about;
            Event::new(ROOT, &pb::CaseworkProfileApplied { district, version: entry.head.version })
        }
        other => Err(PublishError::unsayable(format!("casework has no kind {other}"))),
    }
}

fn dispatch(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state, about } = entry.decode::<Dispatch>()?;
    let unit = about.unit.clone();
    let dispatch = Some(dispatch_ref(entry, state, about));
    let event = match change {
        DispatchChange::Sent(it) => Event::new(
            DISPATCH_ROOT,
            &pb::DispatchSent {
                dispatch,
                location: Some(place::write(&it.task.location)),
                task: it.task.task,
                category: it.task.category,
                area: it.task.area,
                respond_due_time: due(&it.clocks, ClockKind::Respond),
                resolve_due_time: due(&it.clocks, ClockKind::Resolve),
            },
        ),
        DispatchChange::Accepted(it) => {
            Event::new(DISPATCH_ROOT, &pb::DispatchAccepted { dispatch, note: it.note })
        }
        DispatchChange::Completed(it) => {
            let assessment = it.assessment.as_ref().map(convert::assessment);
            Event::new(DISPATCH_ROOT, &pb::DispatchCompleted { dispatch, note: it.note, assessment })
        }
        DispatchChange::Declined(it) => {
            Event::new(DISPATCH_ROOT, &pb::DispatchDeclined { dispatch, note: it.note })
        }
        DispatchChange::Insisted(it) => {
            let respond_due_time = due(&it.clocks, ClockKind::Respond);
            let ruling = Some(ruling(entry, &it.reason));
            let reason = it.reason;
            Event::new(DISPATCH_ROOT, &pb::DispatchInsisted { dispatch, reason, respond_due_time, ruling })
        }
        DispatchChange::Ended(it) => {
            let (ending, ruling) = (convert::ending(it.ending).into(), Some(ruling(entry, &it.reason)));
            let assessment = it.assessment.as_ref().map(convert::assessment);
            let reason = it.reason;
            Event::new(DISPATCH_ROOT, &pb::DispatchEnded { dispatch, reason, ending, ruling, assessment })
        }
        DispatchChange::Silent(it) => {
            let due_time = Some(timestamp(it.due_at));
            Event::new(DISPATCH_ROOT, &pb::DispatchSilent { dispatch, due_time, silences: it.silences })
        }
        DispatchChange::LeadPassed(it) => {
            let ruling = Some(ruling(entry, &it.reason));
            Event::new(DISPATCH_ROOT, &pb::DispatchLeadPassed { dispatch, ruling })
        }
        DispatchChange::Appointed(it) => {
            let appointed = it.officer.is_some();
            Event::new(DISPATCH_ROOT, &pb::DispatchOfficerAppointed { dispatch, appointed })
        }
        DispatchChange::Recomputed(it) => {
            let clocks = convert::clocks(&it.clocks);
            Event::new(DISPATCH_ROOT, &pb::DispatchRecomputed { dispatch, clocks })
        }
        DispatchChange::Replaced(it) => {
            let successions = successor::all(it);
            Event::new(DISPATCH_ROOT, &pb::DispatchUnitReplaced { dispatch, successions })
        }
        DispatchChange::ArbitrationClimbed(it) => climbed(dispatch, it),
        DispatchChange::LampTurned(LampTurned { clock, lamp, due_at }) => {
            let (clock, lamp) = (convert::clock_kind(clock).into(), lamp::write(lamp).into());
            let due_time = Some(timestamp(due_at));
            Event::new(DISPATCH_ROOT, &pb::DispatchLampTurned { dispatch, clock, lamp, due_time })
        }
    };
    Ok(event?.for_unit(&unit))
}

fn climbed(dispatch: Option<pb::DispatchRef>, it: ArbitrationClimbed) -> Result<Event, PublishError> {
    let arbitrate_due_time = it.arbitrate.and_then(|clock| clock.due_at).map(timestamp);
    let (from_unit, from_unit_name) = (it.from.unit, it.from.name);
    let climbed = pb::DispatchArbitrationClimbed { dispatch, from_unit, from_unit_name, arbitrate_due_time };
    Event::new(DISPATCH_ROOT, &climbed)
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

/// Who decided, when and why.
fn ruling(entry: &Entry, reason: &str) -> pb::DispatchRuling {
    convert::ruling(reason, entry.actor().unit.as_deref(), entry.head.at)
}

fn due(clocks: &Clocks, kind: ClockKind) -> Option<pbjson_types::Timestamp> {
    clocks.get(kind)?.due_at.map(timestamp)
}

fn dispatch_ref(entry: &Entry, state: DispatchState, about: DispatchAbout) -> pb::DispatchRef {
    let (arbiter, arbiter_name) = about.arbiter.map(|it| (it.unit, it.name)).unwrap_or_default();
    pb::DispatchRef {
        id: entry.head.aggregate.to_string(),
        case: about.case.to_string(),
        number: about.number,
        district: about.district,
        unit: about.unit,
        called_by: about.called_by,
        lead: about.lead,
        state: convert::dispatch_state(state).into(),
        version: entry.head.version,
        unit_name: about.unit_name,
        called_by_name: about.called_by_name,
        respond_due_time: about.respond_due_at.map(timestamp),
        resolve_due_time: about.resolve_due_at.map(timestamp),
        arbiter,
        arbiter_name,
    }
}
