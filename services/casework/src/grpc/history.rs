//! A case's log, as people read it.

use huying_chassis::{bus::Publisher, log::Entry, page, status::Problem};
use huying_proto::casework::v1 as pb;
use huying_wire::{actor, instant};

use prost::Message as _;

use crate::{
    convert,
    domain::{Case, Change},
};

/// What is told of these entries, in so many bytes as a page has at most; and the version where the next page begins, of those up to `newest`; 0: it
/// was the last.
///
/// # Errors
/// A bug.
pub fn told(
    entries: &[Entry],
    newest: i64,
    publish: Publisher,
) -> Result<(Vec<pb::HistoryEntry>, i64), Problem> {
    let (mut told, mut bytes) = (Vec::with_capacity(entries.len()), 0);
    for it in entries {
        let one = entry(it, publish)?;
        bytes += one.encoded_len();
        if bytes > page::BYTES && !told.is_empty() {
            return Ok((told, it.head.version));
        }
        told.push(one);
    }
    let last = entries.last().map(|last| last.head.version).filter(|last| *last < newest);
    Ok((told, last.map_or(0, |last| last + 1)))
}

/// One entry: its event's name, who, when, and the words that go with it.
fn entry(entry: &Entry, publish: Publisher) -> Result<pb::HistoryEntry, Problem> {
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
