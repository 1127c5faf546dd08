//! The events of units that are no more.

use huying_chassis::{bus::Event, log_service::timestamp};
use huying_proto::casework::v1 as pb;
use huying_terms::Clock;

use super::{
    ROOT,
    case::{Ref, Said},
};
use crate::domain::{
    ClockKind,
    case::step::Relieved,
    successor::{Replaced, Successor},
};

pub(super) fn relieved(case: Ref, it: Relieved) -> Said {
    let running = |kind| it.clocks.get(kind).filter(|clock| clock.is_running());
    let due = |kind| running(kind).and_then(|clock: &Clock| clock.due_at).map(timestamp);
    let (respond_due_time, resolve_due_time) = (due(ClockKind::Respond), due(ClockKind::Resolve));
    let (from_unit, from_unit_name, unit_name, reason) = (it.from.unit, it.from.name, it.to.name, it.reason);
    Event::new(
        ROOT,
        &pb::CaseRelieved {
            case,
            from_unit,
            from_unit_name,
            unit_name,
            reason,
            respond_due_time,
            resolve_due_time,
        },
    )
}

/// Who goes on for whom.
pub(super) fn all(it: Replaced) -> Vec<pb::Succession> {
    let one = |Successor { unit, to }| pb::Succession { unit, successor: to.unit, successor_name: to.name };
    it.successors.into_iter().map(one).collect()
}
