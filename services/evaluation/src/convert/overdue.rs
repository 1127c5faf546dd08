//! How old what is overdue is, on the wire.

use huying_proto::evaluation::v1 as pb;
use huying_wire::instant;

use crate::domain::figure::age::{DAYS, Overdue};

pub fn overdue(told: &Overdue) -> pb::CountOverdueResponse {
    let from = std::iter::once(0).chain(DAYS);
    let to = DAYS.into_iter().chain([0]);
    let ages = from.zip(to).zip(told.ages.0);
    let ages = ages.map(|((over_days, up_to_days), number)| pb::OverdueAge { over_days, up_to_days, number });
    pb::CountOverdueResponse {
        ages: ages.collect(),
        at_time: Some(instant::write(told.at)),
        counted_time: Some(instant::write(told.counted_at)),
    }
}
