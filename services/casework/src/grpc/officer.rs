//! Who has a case or a dispatch in hand.

use huying_chassis::validate::Violations;
use huying_proto::casework::v1 as pb;

use crate::domain::{Officer, case::step::Appoint};

/// Whom a unit appoints.
pub fn appoint(v: &mut Violations, officer: Option<&pb::Officer>) -> Appoint {
    let officer = officer.map(|it| {
        let subject = v.line("officer.subject", &it.subject, 1..=128);
        Officer { subject, name: v.line("officer.name", &it.name, 0..=64) }
    });
    Appoint { officer }
}
