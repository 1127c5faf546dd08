//! Forums.

use huying_chassis::{log::Versioned, log_service::timestamp};
use huying_proto::intake::v1 as pb;

use super::person::participant;
use crate::domain::{
    counted::ForumCount,
    forum::{Forum, ForumKind, Participant, ParticipantKind},
};

pub fn kind(kind: ForumKind) -> pb::ForumKind {
    match kind {
        ForumKind::Talk => pb::ForumKind::Talk,
        ForumKind::RoundTable => pb::ForumKind::RoundTable,
        ForumKind::NightMarket => pb::ForumKind::NightMarket,
        ForumKind::DelegateDay => pb::ForumKind::DelegateDay,
    }
}

/// None: unspecified.
pub fn kind_from(kind: pb::ForumKind) -> Option<ForumKind> {
    match kind {
        pb::ForumKind::Unspecified => None,
        pb::ForumKind::Talk => Some(ForumKind::Talk),
        pb::ForumKind::RoundTable => Some(ForumKind::RoundTable),
        pb::ForumKind::NightMarket => Some(ForumKind::NightMarket),
        pb::ForumKind::DelegateDay => Some(ForumKind::DelegateDay),
    }
}

pub(super) fn participant_kind(kind: ParticipantKind) -> pb::ParticipantKind {
    match kind {
        ParticipantKind::Resident => pb::ParticipantKind::Resident,
        ParticipantKind::Enterprise => pb::ParticipantKind::Enterprise,
        ParticipantKind::Grassroots => pb::ParticipantKind::Grassroots,
        ParticipantKind::Delegate => pb::ParticipantKind::Delegate,
        ParticipantKind::ResidentUnit => pb::ParticipantKind::ResidentUnit,
        ParticipantKind::Officer => pb::ParticipantKind::Officer,
    }
}

/// None: unspecified.
pub fn participant_kind_from(kind: pb::ParticipantKind) -> Option<ParticipantKind> {
    match kind {
        pb::ParticipantKind::Unspecified => None,
        pb::ParticipantKind::Resident => Some(ParticipantKind::Resident),
        pb::ParticipantKind::Enterprise => Some(ParticipantKind::Enterprise),
        pb::ParticipantKind::Grassroots => Some(ParticipantKind::Grassroots),
        pb::ParticipantKind::Delegate => Some(ParticipantKind::Delegate),
        pb::ParticipantKind::ResidentUnit => Some(ParticipantKind::ResidentUnit),
        pb::ParticipantKind::Officer => Some(ParticipantKind::Officer),
    }
}

/// A forum, and who came, masked; nobody for those who may not see it.
pub fn forum(forum: &Versioned<Forum>, came: &[Participant]) -> pb::Forum {
    let it = &forum.it;
    let requests = it.requests.iter();
    let requests = requests.map(|it| pb::ForumRequest { id: it.id.to_string(), number: it.number.clone() });
    pb::Forum {
        id: forum.id.to_string(),
        district: it.district.clone(),
        area: it.area.clone(),
        kind: kind(it.kind).into(),
        place: it.place.clone(),
        hold_time: Some(timestamp(it.held_at)),
        host: it.host.clone(),
        topic: it.topic.clone(),
        participants: came.iter().map(participant).collect(),
        participant_count: u32::try_from(it.participants.len()).unwrap_or(u32::MAX),
        requests: requests.collect(),
        offers: it.offers.iter().map(ToString::to_string).collect(),
        enter_time: Some(timestamp(it.entered_at)),
    }
}

/// None: of a kind that this build does not know.
pub fn counted(it: &ForumCount) -> Option<pb::ForumCount> {
    let found = ForumKind::ALL.iter().find(|kind| kind.name() == it.kind)?;
    let ForumCount { forums, participants, requests, offers, .. } = *it;
    Some(pb::ForumCount { kind: kind(*found).into(), forums, participants, requests, offers })
}
