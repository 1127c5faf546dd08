//! What delegates pick from and what they found, in the contract's words. Nothing of a reporter, none of their words.

use huying_chassis::log::Versioned;
use huying_proto::evaluation::v1 as pb;
use huying_wire::instant;

use super::round::count;
use crate::domain::{callback::Callback, inspection::Inspection};

pub fn inspection(Versioned { id, version, it, .. }: Versioned<Inspection>) -> pb::Inspection {
    pb::Inspection {
        id: id.to_string(),
        district: it.found.district,
        area: it.found.area,
        case: it.found.case.to_string(),
        good: it.found.good,
        text: it.found.text,
        record_time: Some(instant::write(it.recorded_at)),
        version,
    }
}

pub fn inspectable((Versioned { it, .. }, days_late): (Versioned<Callback>, i64)) -> pb::InspectableCase {
    let opened = it.opened;
    let satisfaction = it.verdict.map_or(0, |verdict| super::verdict(verdict).satisfaction);
    pb::InspectableCase {
        case: opened.case.to_string(),
        number: opened.number,
        area: opened.area,
        category: opened.category,
        unit: opened.unit,
        worked: opened.worked,
        attempt: opened.attempt,
        state: super::state(it.state).into(),
        satisfaction,
        resolve_time: Some(instant::write(opened.resolve_at)),
        days_late: count(days_late),
    }
}
