//! Ratings in the contract's words, and back.

use chrono::{DateTime, Utc};
use huying_proto::evaluation::v1 as pb;
use huying_wire::instant;
use uuid::Uuid;

use crate::{
    convert,
    domain::rating::{Rated, RatingKind, RatingReason, Said},
};

pub fn rating(id: Uuid, rated: Rated, rated_at: DateTime<Utc>) -> pb::Rating {
    let (satisfaction, apt) = match rated.said {
        Said::Grassroots(said) => (convert::satisfied(said), None),
        Said::Aptness(apt) => (pb::Satisfaction::Unspecified, Some(apt)),
    };
    pb::Rating {
        id: id.to_string(),
        case: rated.case.to_string(),
        number: rated.number,
        district: rated.district,
        area: rated.area,
        category: rated.category,
        attempt: rated.attempt,
        kind: kind(rated.said.kind()).into(),
        rater: rated.rater,
        unit: rated.unit,
        satisfaction: satisfaction.into(),
        apt,
        reasons: rated.reasons.into_iter().map(|it| reason(it).into()).collect(),
        comment: rated.comment,
        rate_time: Some(instant::write(rated_at)),
    }
}

/// The same, for the unit that is rated, and for events.
pub fn without_words(id: Uuid, rated: Rated, rated_at: DateTime<Utc>) -> pb::Rating {
    rating(id, Rated { comment: String::new(), ..rated }, rated_at)
}

fn kind(kind: RatingKind) -> pb::RatingKind {
    match kind {
        RatingKind::Grassroots => pb::RatingKind::Grassroots,
        RatingKind::Aptness => pb::RatingKind::Aptness,
    }
}

fn reason(reason: RatingReason) -> pb::RatingReason {
    match reason {
        RatingReason::Slow => pb::RatingReason::Slow,
        RatingReason::Shifted => pb::RatingReason::Shifted,
        RatingReason::Unsettled => pb::RatingReason::Unsettled,
        RatingReason::Absent => pb::RatingReason::Absent,
        RatingReason::NotResponsible => pb::RatingReason::NotResponsible,
        RatingReason::Unneeded => pb::RatingReason::Unneeded,
        RatingReason::Unclear => pb::RatingReason::Unclear,
        RatingReason::Other => pb::RatingReason::Other,
    }
}

/// None for the unspecified one.
pub fn reason_from(reason: pb::RatingReason) -> Option<RatingReason> {
    match reason {
        pb::RatingReason::Unspecified => None,
        pb::RatingReason::Slow => Some(RatingReason::Slow),
        pb::RatingReason::Shifted => Some(RatingReason::Shifted),
        pb::RatingReason::Unsettled => Some(RatingReason::Unsettled),
        pb::RatingReason::Absent => Some(RatingReason::Absent),
        pb::RatingReason::NotResponsible => Some(RatingReason::NotResponsible),
        pb::RatingReason::Unneeded => Some(RatingReason::Unneeded),
        pb::RatingReason::Unclear => Some(RatingReason::Unclear),
        pb::RatingReason::Other => Some(RatingReason::Other),
    }
}
