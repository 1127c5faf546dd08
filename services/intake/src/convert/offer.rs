//! What communities and resident units offer and need.

use huying_chassis::{log::Versioned, log_service::timestamp};
use huying_proto::intake::v1 as pb;

use crate::domain::offer::{Answers, Offer, OfferContent, OfferKind, OfferRating, OfferSide, OfferState};

pub fn kind(kind: OfferKind) -> pb::OfferKind {
    match kind {
        OfferKind::Service => pb::OfferKind::Service,
        OfferKind::Need => pb::OfferKind::Need,
    }
}

/// None: unspecified.
pub fn kind_from(kind: pb::OfferKind) -> Option<OfferKind> {
    match kind {
        pb::OfferKind::Unspecified => None,
        pb::OfferKind::Service => Some(OfferKind::Service),
        pb::OfferKind::Need => Some(OfferKind::Need),
    }
}

pub fn side(side: OfferSide) -> pb::OfferSide {
    match side {
        OfferSide::ResidentUnit => pb::OfferSide::ResidentUnit,
        OfferSide::Community => pb::OfferSide::Community,
    }
}

/// None: unspecified.
pub fn side_from(side: pb::OfferSide) -> Option<OfferSide> {
    match side {
        pb::OfferSide::Unspecified => None,
        pb::OfferSide::ResidentUnit => Some(OfferSide::ResidentUnit),
        pb::OfferSide::Community => Some(OfferSide::Community),
    }
}

pub fn state(state: OfferState) -> pb::OfferState {
    match state {
        OfferState::Offered => pb::OfferState::Offered,
        OfferState::Matched => pb::OfferState::Matched,
        OfferState::Done => pb::OfferState::Done,
        OfferState::Withdrawn => pb::OfferState::Withdrawn,
    }
}

/// None: unspecified.
pub fn state_from(state: pb::OfferState) -> Option<OfferState> {
    match state {
        pb::OfferState::Unspecified => None,
        pb::OfferState::Offered => Some(OfferState::Offered),
        pb::OfferState::Matched => Some(OfferState::Matched),
        pb::OfferState::Done => Some(OfferState::Done),
        pb::OfferState::Withdrawn => Some(OfferState::Withdrawn),
    }
}

/// What stands for whoever is to be spoken with: who that is `PersonService` tells.
const SOMEBODY: &str = "**";

fn content(it: &OfferContent) -> pb::OfferContent {
    pb::OfferContent {
        kind: kind(it.kind).into(),
        side: side(it.side).into(),
        party: it.party.clone(),
        title: it.title.clone(),
        text: it.text.clone(),
        contact: if it.contact.is_said() { SOMEBODY.to_owned() } else { String::new() },
        until_time: it.until.map(timestamp),
    }
}

fn rating(it: &OfferRating) -> pb::OfferRating {
    pb::OfferRating {
        side: side(it.side).into(),
        score: it.score,
        comment: it.comment.clone(),
        time: Some(timestamp(it.at)),
    }
}

/// The id of what answers it: an offer's, or a request's.
pub fn answers(answers: Option<Answers>) -> (String, String) {
    match answers {
        None => (String::new(), String::new()),
        Some(Answers::Offer(id)) => (id.to_string(), String::new()),
        Some(Answers::Request(id)) => (String::new(), id.to_string()),
    }
}

pub fn offer(offer: &Versioned<Offer>) -> pb::Offer {
    let it = &offer.it;
    let (counterpart, request) = answers(it.answers);
    pb::Offer {
        id: offer.id.to_string(),
        district: it.district.clone(),
        area: it.area.clone(),
        content: Some(content(&it.content)),
        state: state(it.state).into(),
        forum: it.forum.map(|forum| forum.to_string()).unwrap_or_default(),
        counterpart,
        request,
        result: it.result.clone(),
        ratings: it.ratings.iter().map(rating).collect(),
        unit: it.unit.clone().unwrap_or_default(),
        make_time: Some(timestamp(it.made_at)),
        version: offer.version,
    }
}
