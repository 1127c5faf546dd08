//! Who is there and who is away, in the contract's words.

use huying_chassis::{log::Versioned, log_service::timestamp};
use huying_proto::casework::v1 as pb;

use super::list;
use crate::domain::{
    Absence, CaseworkProfile, Load, Officer, Rostered,
    absence::{AbsenceKind, AbsenceState},
};

/// With the name that the roster has.
pub fn absence(absence: &Versioned<Absence>, profile: &CaseworkProfile) -> pb::Absence {
    let it = &absence.it;
    let known = profile.roster_of(&it.unit).find(|one| one.subject == it.subject);
    let nameless = || Officer { subject: it.subject.clone(), name: String::new() };
    pb::Absence {
        id: absence.id.to_string(),
        district: it.district.clone(),
        unit: it.unit.clone(),
        officer: Some(list::officer(&known.map_or_else(nameless, Rostered::officer))),
        kind: kind(it.kind).into(),
        state: state(it.state).into(),
        from_time: Some(timestamp(it.from)),
        until_time: Some(timestamp(it.until)),
        record_time: Some(timestamp(it.recorded_at)),
        end_time: it.ended_at.map(timestamp),
        version: absence.version,
    }
}

pub fn on_roster(it: &Rostered, on_duty: bool, load: &Load) -> pb::OfficerOnRoster {
    pb::OfficerOnRoster {
        officer: Some(list::officer(&it.officer())),
        duty: it.duty.to_string(),
        on_duty,
        absent: load.absent,
        open_cases: load.open,
        appoint_time: load.appointed_at.map(timestamp),
    }
}

pub fn state(state: AbsenceState) -> pb::AbsenceState {
    match state {
        AbsenceState::Recorded => pb::AbsenceState::Recorded,
        AbsenceState::Ended => pb::AbsenceState::Ended,
    }
}

fn kind(kind: AbsenceKind) -> pb::AbsenceKind {
    match kind {
        AbsenceKind::Leave => pb::AbsenceKind::Leave,
        AbsenceKind::Sick => pb::AbsenceKind::Sick,
        AbsenceKind::Training => pb::AbsenceKind::Training,
        AbsenceKind::Other => pb::AbsenceKind::Other,
    }
}

pub fn kind_from(kind: pb::AbsenceKind) -> Option<AbsenceKind> {
    match kind {
        pb::AbsenceKind::Unspecified => None,
        pb::AbsenceKind::Leave => Some(AbsenceKind::Leave),
        pb::AbsenceKind::Sick => Some(AbsenceKind::Sick),
        pb::AbsenceKind::Training => Some(AbsenceKind::Training),
        pb::AbsenceKind::Other => Some(AbsenceKind::Other),
    }
}
