//! Open meetings, in the contract's words.

use huying_chassis::{log::Versioned, log_service::timestamp};
use huying_proto::casework::v1 as pb;

use crate::domain::{
    Meeting, MeetingCount, MeetingState,
    meeting::{Item, Party, PartyKind},
};

pub fn write(meeting: &Versioned<Meeting>) -> pb::Meeting {
    let it = &meeting.it;
    pb::Meeting {
        id: meeting.id.to_string(),
        district: it.district.clone(),
        area: it.area.clone(),
        place: it.place.clone(),
        title: it.title.clone(),
        agenda: it.agenda.clone(),
        convener: it.convener.clone().unwrap_or_default(),
        state: state(it.state).into(),
        items: it.items.iter().map(item).collect(),
        parties: parties(&it.parties),
        minutes: it.minutes.clone(),
        settled: it.settled,
        start_time: Some(timestamp(it.starts_at)),
        convene_time: Some(timestamp(it.convened_at)),
        record_time: it.recorded_at.map(timestamp),
        version: meeting.version,
        steps: Vec::new(),
    }
}

fn item(it: &Item) -> pb::MeetingItem {
    let (outcome, settled) = it.outcome.as_ref().map(|it| (it.text.clone(), it.settled)).unwrap_or_default();
    pb::MeetingItem { case: it.case.to_string(), number: it.number.clone(), outcome, settled }
}

pub fn parties(parties: &[Party]) -> Vec<pb::Party> {
    let party =
        |it: &Party| pb::Party { kind: party_kind(it.kind).into(), name: it.name.clone(), people: it.people };
    parties.iter().map(party).collect()
}

pub fn count(it: MeetingCount) -> pb::MeetingCount {
    let MeetingCount { area, held, cases, settled } = it;
    pb::MeetingCount { area, held, cases, settled }
}

pub fn state(state: MeetingState) -> pb::MeetingState {
    match state {
        MeetingState::Convened => pb::MeetingState::Convened,
        MeetingState::Held => pb::MeetingState::Held,
        MeetingState::Cancelled => pb::MeetingState::Cancelled,
    }
}

pub fn state_from(state: pb::MeetingState) -> Option<MeetingState> {
    match state {
        pb::MeetingState::Unspecified => None,
        pb::MeetingState::Convened => Some(MeetingState::Convened),
        pb::MeetingState::Held => Some(MeetingState::Held),
        pb::MeetingState::Cancelled => Some(MeetingState::Cancelled),
    }
}

fn party_kind(kind: PartyKind) -> pb::PartyKind {
    match kind {
        PartyKind::Residents => pb::PartyKind::Residents,
        PartyKind::OwnersCommittee => pb::PartyKind::OwnersCommittee,
        PartyKind::PropertyManager => pb::PartyKind::PropertyManager,
        PartyKind::Firm => pb::PartyKind::Firm,
        PartyKind::Unit => pb::PartyKind::Unit,
    }
}

pub fn party_kind_from(kind: pb::PartyKind) -> Option<PartyKind> {
    match kind {
        pb::PartyKind::Unspecified => None,
        pb::PartyKind::Residents => Some(PartyKind::Residents),
        pb::PartyKind::OwnersCommittee => Some(PartyKind::OwnersCommittee),
        pb::PartyKind::PropertyManager => Some(PartyKind::PropertyManager),
        pb::PartyKind::Firm => Some(PartyKind::Firm),
        pb::PartyKind::Unit => Some(PartyKind::Unit),
    }
}
