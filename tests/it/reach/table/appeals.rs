//! The rows of appeals.

use huying_proto::evaluation::v1 as evaluation;
use huying_tests::{people::DISTRICT, world::key};

use super::{CALLBACK, Ids, JUDGED, NEVER, Rows, Rule};

pub(super) fn of_appeals(rows: &mut Rows, ids: &Ids) {
    let (id, version) = (|| ids.callback.clone(), NEVER);
    let ground = evaluation::AppealGround::Facts.into();
    let step =
        evaluation::LodgeAppealRequest {
            request_id: key(), id: id(), version, ground, text: "不实".into()
        };
    rows.add("/huying.evaluation.v1.AppealService/LodgeAppeal", CALLBACK, step);
    let decision = "属实".into();
    let step =
        evaluation::DecideAppealRequest { request_id: key(), id: id(), version, upheld: true, decision };
    rows.add("/huying.evaluation.v1.AppealService/DecideAppeal", CALLBACK, step);
    let list = evaluation::ListAppealsRequest { district: DISTRICT.into(), ..Default::default() };
    rows.add("/huying.evaluation.v1.AppealService/ListAppeals", Rule::List(JUDGED), list);
}
