//! The events of splitting.

use huying_chassis::bus::Event;
use huying_proto::casework::v1 as pb;
use huying_wire::priority;

use super::{
    ROOT,
    case::{Ref, Said},
    due,
};
use crate::{
    convert::merge::name,
    domain::{
        ClockKind,
        case::step::{SplitOff, WasSplit},
    },
};

pub(super) fn was_split(case: Ref, it: WasSplit) -> Said {
    Event::new(
        ROOT,
        &pb::CaseSplit {
            case,
            parts: it.parts.iter().map(|part| name(&part.name)).collect(),
            reason: it.reason,
        },
    )
}

pub(super) fn split_off(case: Ref, it: &SplitOff) -> Said {
    Event::new(
        ROOT,
        &pb::CaseSplitOff {
            case,
            whole: Some(name(&it.whole)),
            priority: priority::write(it.opening.priority).into(),
            respond_due_time: due(&it.clocks, ClockKind::Respond),
            resolve_due_time: due(&it.clocks, ClockKind::Resolve),
        },
    )
}
