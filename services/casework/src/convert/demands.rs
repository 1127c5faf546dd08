//! What routing's authority table demands, as its decision says it.

use huying_proto::{casework::v1 as pb, routing::v1 as routing};

use super::attachment;
use crate::domain::demands::{Demands, Verifier};

/// Nothing where the decision names no row, or a row that demands nothing. A kind of attachment that this build does not know cannot be
/// added either: it is passed over.
pub fn demands(authority: Option<routing::Authority>) -> Demands {
    let demands = authority.and_then(|row| row.demands).unwrap_or_default();
    let kind = |word: &String| {
        let name = format!("ATTACHMENT_KIND_{}", word.to_uppercase());
        attachment::kind_from(pb::AttachmentKind::from_str_name(&name)?)
    };
    let named = Some(demands.verifier).filter(|unit| !unit.is_empty());
    let verified = demands.verified.then(|| named.map_or(Verifier::Superior, Verifier::Unit));
    Demands { evidence: demands.evidence.iter().filter_map(kind).collect(), verified }
}
