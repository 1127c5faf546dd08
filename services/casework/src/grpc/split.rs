//! What a case is split into.

use huying_chassis::{id, validate::Violations};
use huying_proto::casework::v1 as pb;

use super::validate::{reason, words};
use crate::domain::case::step::{Part, Split};

/// Most parts at once.
const MOST: usize = 10;

pub fn split(request: &pb::SplitCaseRequest, v: &mut Violations) -> Split {
    v.list_len("parts", request.parts.len(), 1..=MOST);
    let mut parts = Vec::with_capacity(request.parts.len().min(MOST));
    for (n, part) in request.parts.iter().take(MOST).enumerate() {
        v.token(&format!("parts[{n}].unit"), &part.unit, 1..=64);
        let content = words(v, &format!("parts[{n}].content"), &part.content);
        parts.push(Part { case: id::new(), unit: part.unit.clone(), content });
    }
    Split { parts, reason: reason(v, &request.reason) }
}
