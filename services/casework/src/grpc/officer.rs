//! Who has a case or a dispatch in hand.

use huying_chassis::validate::Violations;
use huying_proto::casework::v1 as pb;

use crate::domain::{Officer, case::step::Appoint};

/// Whom a unit appoints.
pub fn appoint(v: &mut Violations, officer: Option<&pb::Officer>) -> Appoint {
    let officer = officer.map(|it| {
        v.text("officer.subject", &it.subject, 1..=128);
        v.text("officer.name", &it.name, 0..=64);
        Officer { subject: it.subject.clone(), name: it.name.clone() }
    });
    Appoint { officer }
}
