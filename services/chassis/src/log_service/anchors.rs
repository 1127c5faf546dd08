//! Anchors, in the contract's words.

use huying_proto::log::v1 as pb;
use tonic::Code;

use super::timestamp;
use crate::{
    anchor::{Anchor, Anchors, Cursor, Fault, Kept, Line, Trouble},
    page,
    status::Problem,
};

/// A page of anchors, oldest first.
pub(super) async fn list(
    anchors: &Anchors,
    request: &pb::ListAnchorsRequest,
) -> Result<pb::ListAnchorsResponse, Problem> {
    let size = page::size(request.page_size)?;
    let after = page::cursor::<u64>(&request.page_token)?.unwrap_or_default();
    let lines = match anchors.kept() {
        Kept::Nowhere => Vec::new(),
        Kept::File | Kept::Table => anchors.list(after, most(size)).await.map_err(problem)?,
    };
    let wire = |(_, text): (u64, String)| wire(anchors, Line::read(&text).ok()?);
    let (told, next_page_token) = page::shown(lines.into_iter(), size, |(place, _)| *place, wire);
    Ok(pb::ListAnchorsResponse { anchors: told, next_page_token, place: place(anchors.kept()).into() })
}

/// A page of checks.
pub(super) async fn verify(
    anchors: &Anchors,
    request: &pb::VerifyAnchorsRequest,
) -> Result<pb::VerifyAnchorsResponse, Problem> {
    let size = page::size(request.page_size)?;
    let after = page::cursor::<Cursor>(&request.page_token)?.unwrap_or_default();
    let found = anchors.verify(after, most(size)).await.map_err(problem)?;
    Ok(pb::VerifyAnchorsResponse {
        checked: i32::try_from(found.checked).unwrap_or(i32::MAX),
        entries: found.entries,
        faults: found.faults.into_iter().map(fault).collect(),
        next_page_token: page::token(found.next),
        place: place(anchors.kept()).into(),
    })
}

fn most(size: i64) -> usize {
    usize::try_from(size).unwrap_or_default()
}

/// None: it says nothing.
fn wire(anchors: &Anchors, line: Line) -> Option<pb::Anchor> {
    let Anchor { number, at, after, until, entries, before, root, .. } = line.says()?;
    Some(pb::Anchor {
        number,
        make_time: Some(timestamp(at)),
        after: Some(after.into()),
        until: Some(until.into()),
        entries,
        before,
        root,
        signed: anchors.has_signed(&line),
        key: line.key,
        signature: line.signature,
    })
}

fn fault(fault: Fault) -> pb::AnchorFault {
    let entry = fault.entry.map(|id| id.to_string()).unwrap_or_default();
    pb::AnchorFault { anchor: fault.anchor, entry, problem: fault.problem }
}

fn place(kept: Kept) -> pb::AnchorPlace {
    match kept {
        Kept::File => pb::AnchorPlace::File,
        Kept::Table => pb::AnchorPlace::Table,
        Kept::Nowhere => pb::AnchorPlace::Nowhere,
    }
}

fn problem(trouble: Trouble) -> Problem {
    match trouble {
        Trouble::Store(error) => error.into(),
        Trouble::File(..) | Trouble::Table(_) | Trouble::Json(_) | Trouble::Away(_) => {
            tracing::error!(%trouble, "anchors cannot be read");
            Problem::new(
                Code::Unavailable,
                "ANCHORS_UNREADABLE",
                "the anchors of this log cannot be read: see its log",
            )
        }
    }
}
