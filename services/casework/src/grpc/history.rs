//! A case's log, as people read it.

use huying_chassis::{bus::Publisher, log::Entry, status::Problem};
use huying_proto::casework::v1 as pb;
use huying_wire::{actor, instant};

use crate::{
    convert,
    domain::{Case, Change},
};

/// One entry: its event's name, who, when, and the words that go with it.
pub fn entry(entry: &Entry, publish: Publisher) -> Result<pb::HistoryEntry, Problem> {
    let event = publish(entry).map_err(Problem::bug)?.name;
    let told = entry.decode::<Case>().map_err(Problem::bug)?;
    let happened = told.change.happened();
    let resolved = if let Change::Resolved(it) = &told.change { it.handling.as_ref() } else { None };
    Ok(pb::HistoryEntry {
        version: entry.head.version,
        event: event.rsplit('.').next().unwrap_or_default().to_owned(),
        actor: Some(actor::write(entry.named_actor())),
        time: Some(instant::write(entry.head.at)),
        text: happened.words(),
        state: convert::state(told.state).into(),
        holder: told.about.holder,
        public: happened.is_public(),
        handling: resolved.map(|it| convert::handling::write(it, true)),
    })
}
