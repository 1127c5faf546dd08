//! The events of open meetings: what was said there is for those who look the meeting up.

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
        Meeting, MeetingState,
        meeting::{MeetingAbout, MeetingChange},
    },
};

pub(super) fn publish(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state, about } = entry.decode::<Meeting>()?;
    let meeting = Some(meeting_ref(entry, state, about));
    match change {
        MeetingChange::Convened(it) => Event::new(
            ROOT,
            &pb::MeetingConvened { meeting, parties: convert::meeting::parties(&it.parties) },
        ),
        MeetingChange::Recorded(it) => {
            let settled = it.outcomes.iter().filter(|(_, outcome)| outcome.settled);
            let settled = settled.map(|(case, _)| case.to_string()).collect();
            let parties = convert::meeting::parties(&it.parties);
            Event::new(ROOT, &pb::MeetingRecorded { meeting, parties, settled })
        }
        MeetingChange::Cancelled(_) => Event::new(ROOT, &pb::MeetingCancelled { meeting }),
    }
}

fn meeting_ref(entry: &Entry, state: MeetingState, about: MeetingAbout) -> pb::MeetingRef {
    pb::MeetingRef {
        id: entry.head.aggregate.to_string(),
        district: about.district,
        area: about.area,
        state: convert::meeting::state(state).into(),
        cases: about.cases.iter().map(ToString::to_string).collect(),
        start_time: Some(timestamp(about.starts_at)),
    }
}
