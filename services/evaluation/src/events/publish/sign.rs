//! What a district's figures showed.

use huying_chassis::{
    bus::{Event, PublishError},
    log::Entry,
};
use huying_proto::evaluation::v1 as pb;

use crate::{
    NAME,
    convert::sign as convert,
    domain::sign::{Sign, SignChange},
};

pub(super) fn sign(entry: &Entry) -> Result<Event, PublishError> {
    let SignChange::Raised(seen) = entry.decode::<Sign>()?.change;
    let sign = Some(convert::sign(entry.head.aggregate, *seen, entry.head.at));
    Event::new(NAME, &pb::SignRaised { sign })
}
