//! The rows of ratings.

use huying_proto::evaluation::v1 as evaluation;
use huying_tests::{people::DISTRICT, world::key};

use super::{CASE, Ids, JUDGED, Rows, Rule};

/// Nobody is rated: a unit that there is not had no part in the case.
pub(super) fn of_ratings(rows: &mut Rows, ids: &Ids) {
    let rate = evaluation::RateUnitRequest {
        request_id: key(),
        case: ids.case.clone(),
        unit: "nobody".into(),
        satisfaction: evaluation::Satisfaction::Satisfied.into(),
        ..Default::default()
    };
    rows.add("/huying.evaluation.v1.RatingService/RateUnit", CASE, rate);
    let judge = evaluation::JudgeCallRequest {
        request_id: key(),
        case: ids.case.clone(),
        unit: "nobody".into(),
        apt: true,
        ..Default::default()
    };
    rows.add("/huying.evaluation.v1.RatingService/JudgeCall", CASE, judge);
    let list = evaluation::ListRatingsRequest { district: DISTRICT.into(), ..Default::default() };
    rows.add("/huying.evaluation.v1.RatingService/ListRatings", Rule::List(JUDGED), list);
}
