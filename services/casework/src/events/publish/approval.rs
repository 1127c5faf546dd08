//! The events of approvals.

use huying_chassis::{
    bus::{Event, PublishError},
    log::{Entry, Told},
    log_service::timestamp,
};
use huying_proto::casework::v1 as pb;
use huying_wire::lamp;

use super::{ROOT, due, successor};
use crate::{
    convert,
    domain::{
        Approval, ApprovalChange, ApprovalState, ClockKind, approval::ApprovalAbout, clocks::LampTurned,
    },
};

pub(super) fn publish(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state, about } = entry.decode::<Approval>()?;
    let approval = Some(approval_ref(entry, state, about));
    match change {
        ApprovalChange::Asked(it) => {
            let approve_due_time = due(&it.clocks, ClockKind::Approve);
            Event::new(ROOT, &pb::ApprovalAsked { approval, reason: it.reason, approve_due_time })
        }
        ApprovalChange::Granted(it) => Event::new(ROOT, &pb::ApprovalGranted { approval, reason: it.reason }),
        ApprovalChange::Refused(it) => Event::new(ROOT, &pb::ApprovalRefused { approval, reason: it.reason }),
        ApprovalChange::Climbed(it) => {
            let approve_due_time = it.approve.and_then(|clock| clock.due_at).map(timestamp);
            Event::new(ROOT, &pb::ApprovalClimbed { approval, from_unit: it.from, approve_due_time })
        }
        ApprovalChange::Lapsed(_) => Event::new(ROOT, &pb::ApprovalLapsed { approval }),
        ApprovalChange::Recomputed(it) => {
            Event::new(ROOT, &pb::ApprovalRecomputed { approval, clocks: convert::clocks(&it.clocks) })
        }
        ApprovalChange::Replaced(it) => {
            Event::new(ROOT, &pb::ApprovalUnitReplaced { approval, successions: successor::all(it) })
        }
        ApprovalChange::LampTurned(LampTurned { clock, lamp, due_at }) => Event::new(
            ROOT,
            &pb::ApprovalLampTurned {
                approval,
                clock: convert::clock_kind(clock).into(),
                lamp: lamp::write(lamp).into(),
                due_time: Some(timestamp(due_at)),
            },
        ),
    }
}

fn approval_ref(entry: &Entry, state: ApprovalState, about: ApprovalAbout) -> pb::ApprovalRef {
    pb::ApprovalRef {
        id: entry.head.aggregate.to_string(),
        case: about.case.to_string(),
        number: about.number,
        district: about.district,
        area: about.area,
        kind: convert::approval_kind(about.kind).into(),
        asked_by: about.asked_by,
        granter: about.granter,
        state: convert::approval_state(state).into(),
    }
}
