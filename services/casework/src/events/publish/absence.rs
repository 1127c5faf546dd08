//! The events of absences: that somebody of a unit is away, and not who or why.

use huying_chassis::{
    bus::{Event, PublishError},
    log::{Entry, Told},
    log_service::timestamp,
};
use huying_proto::casework::v1 as pb;

use super::ROOT;
use crate::{
    convert,
    domain::{
        Absence,
        absence::{AbsenceAbout, AbsenceChange},
    },
};

pub(super) fn publish(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state, about } = entry.decode::<Absence>()?;
    let AbsenceAbout { district, unit, from, until } = about;
    let absence = Some(pb::AbsenceRef {
        id: entry.head.aggregate.to_string(),
        district,
        unit,
        state: convert::officer::state(state).into(),
        from_time: Some(timestamp(from)),
        until_time: Some(timestamp(until)),
    });
    match change {
        AbsenceChange::Recorded(_) => Event::new(ROOT, &pb::AbsenceRecorded { absence }),
        AbsenceChange::Ended(_) => Event::new(ROOT, &pb::AbsenceEnded { absence }),
    }
}
