//! Cards.

use huying_chassis::{log::Versioned, log_service::timestamp};
use huying_proto::intake::v1 as pb;
use uuid::Uuid;

use crate::domain::card::{Card, CardKind, CardState, Face};

pub fn kind(kind: CardKind) -> pb::CardKind {
    match kind {
        CardKind::ServiceCard => pb::CardKind::ServiceCard,
        CardKind::ResidentQr => pb::CardKind::ResidentQr,
    }
}

/// None: unspecified.
pub fn kind_from(kind: pb::CardKind) -> Option<CardKind> {
    match kind {
        pb::CardKind::Unspecified => None,
        pb::CardKind::ServiceCard => Some(CardKind::ServiceCard),
        pb::CardKind::ResidentQr => Some(CardKind::ResidentQr),
    }
}

pub fn state(state: CardState) -> pb::CardState {
    match state {
        CardState::Valid => pb::CardState::Valid,
        CardState::Replaced => pb::CardState::Replaced,
        CardState::Revoked => pb::CardState::Revoked,
    }
}

/// None: unspecified.
pub fn state_from(state: pb::CardState) -> Option<CardState> {
    match state {
        pb::CardState::Unspecified => None,
        pb::CardState::Valid => Some(CardState::Valid),
        pb::CardState::Replaced => Some(CardState::Replaced),
        pb::CardState::Revoked => Some(CardState::Revoked),
    }
}

/// What whoever holds it is told.
pub fn face(face: &Face) -> pb::CardFace {
    let Face { district, kind: it, area, unit: _, cadre, phone, address } = face.clone();
    pb::CardFace { kind: kind(it).into(), district, area, cadre, phone, address }
}

/// A card; `base` is the address that stands before its code in print.
pub fn card(card: &Versioned<Card>, base: &str) -> pb::Card {
    let Card { face, print, state: stands, uses, issued_at, used_at, replaced_by, reason } = card.it.clone();
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    pb::Card {
        id: card.id.to_string(),
        district: face.district,
        kind: kind(face.kind).into(),
        url: format!("{base}{}", print.code),
        code: print.code,
        area: face.area,
        unit: face.unit,
        cadre: face.cadre,
        phone: face.phone,
        address: face.address,
        state: state(stands).into(),
        batch: print.batch.to_string(),
        uses,
        issue_time: Some(timestamp(issued_at)),
        use_time: used_at.map(timestamp),
        replaces: id(print.replaces),
        replaced_by: id(replaced_by),
        reason,
        version: card.version,
    }
}
