//! Who had part in a case, as an event of it says.

use huying_proto::casework::v1 as pb;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::domain::figure::{parts::Parts, told::What};

/// What an event says of it; `holder` has called where a build before did not say who. None: it says more than
/// can be read here.
pub(super) fn parts(what: What, data: &RawValue, holder: &str) -> Option<Parts> {
    let by = |unit: String| if unit.is_empty() { holder.to_owned() } else { unit };
    let worked = |told: Option<pb::CaseResolved>| Parts::of_workers(told.unwrap_or_default().units);
    Some(match what {
        What::Called => {
            let pb::CaseCalled { units, called_by, .. } = read(data)?;
            Parts::called(units, &by(called_by))
        }
        What::Consulted => {
            let pb::CaseConsulted { units, called_by, .. } = read(data)?;
            Parts::called(units, &by(called_by))
        }
        What::GroupCalled => {
            let pb::Group { chair, members, .. } = read::<pb::CaseGroupCalled>(data)?.group?;
            Parts::called(members.into_iter().map(|it| it.unit), &chair)
        }
        What::Resolved => worked(read(data)?),
        What::Verified => worked(read::<pb::CaseVerified>(data)?.resolved),
        What::Closed => worked(read::<pb::CaseClosed>(data)?.resolved),
        What::Opened
        | What::SplitOff
        | What::Accepted
        | What::Escalated
        | What::Climbed
        | What::Delegated
        | What::Returned
        | What::VerificationFailed
        | What::Reopened
        | What::Declined
        | What::Merged
        | What::Unmerged
        | What::Replaced
        | What::Corrected
        | What::Changed => Parts::default(),
    })
}

fn read<T: DeserializeOwned>(data: &RawValue) -> Option<T> {
    serde_json::from_str(data.get()).ok()
}
