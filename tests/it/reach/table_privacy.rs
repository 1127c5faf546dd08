//! The rules of forgetting who called, and of the keys that seal it.

use huying_proto::intake::v1::{
    ForgetOccupantRequest, ForgetReporterRequest, ListKeysRequest, RotateKeysRequest,
};
use huying_tests::world::key;

use super::table::{Ids, Rows, Rule};

pub fn of_privacy(rows: &mut Rows, ids: &Ids) {
    let forget =
        ForgetReporterRequest { request_id: key(), id: ids.acted.clone(), reason: "本人要求".into() };
    rows.add("/huying.intake.v1.PrivacyService/ForgetReporter", Rule::OneOfUnit, forget);
    let (id, reason) = (ids.visit.archive.clone(), "本人要求".into());
    let forget = ForgetOccupantRequest { request_id: key(), id, reason };
    rows.add("/huying.intake.v1.PrivacyService/ForgetOccupant", Rule::OneOfUnit, forget);
    rows.add("/huying.intake.v1.PrivacyService/RotateKeys", Rule::Everything, RotateKeysRequest::default());
    rows.add("/huying.intake.v1.PrivacyService/ListKeys", Rule::Everything, ListKeysRequest {});
}
