//! A case's log, as people read it.

use huying_chassis::{log::Entry, log_service::timestamp, status::Problem};
use huying_proto::{casework::v1 as pb, common::v1 as common};

use super::convert;
use crate::{
    domain::{Case, Change, case::step::Noted},
    events::publish::publish,
};

/// One entry: its event's name, who, when, and the words that go with it.
pub fn entry(entry: &Entry) -> Result<pb::HistoryEntry, Problem> {
    let event = publish(entry).map_err(Problem::bug)?.name;
    let told = entry.decode::<Case>().map_err(Problem::bug)?;
    let actor = entry.actor();
    Ok(pb::HistoryEntry {
        version: entry.head.version,
        event: event.rsplit('.').next().unwrap_or_default().to_owned(),
        actor: Some(common::Actor { subject: actor.subject, unit: actor.unit.unwrap_or_default() }),
        time: Some(timestamp(entry.head.at)),
        text: told.change.happened().words(),
        state: convert::state(told.state).into(),
        holder: told.about.holder,
        public: matches!(told.change, Change::Noted(Noted { public: true, .. })),
    })
}
