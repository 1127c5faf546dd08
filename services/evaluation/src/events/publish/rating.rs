//! What a unit said of another, without its words.

use huying_chassis::{
    bus::{Event, PublishError},
    log::Entry,
};
use huying_proto::evaluation::v1 as pb;

use crate::{
    NAME,
    convert::rating as convert,
    domain::rating::{Rating, RatingChange},
};

pub(super) fn rating(entry: &Entry) -> Result<Event, PublishError> {
    let RatingChange::Given(rated) = entry.decode::<Rating>()?.change;
    let rating = Some(convert::without_words(entry.head.aggregate, *rated, entry.head.at));
    Event::new(NAME, &pb::UnitRated { rating })
}
