//! Lives of visits, archives and risks, for what the log keeps of them.

use huying_chassis::seal::Sealed;
use huying_intake::domain::{
    archive::{
        ArchiveChange, ArchiveKind, Met, Place,
        due::{Due, DueReason, Obliging},
    },
    risk::{RiskChange, RiskKind},
    visit::{Diary, FindingKind, Found, KeptVisited, Visit, VisitChange, VisitedKind},
};
use huying_terms::PriorityKind;
use huying_testing::golden::instant;
use uuid::Uuid;

const DISTRICT: &str = "990101";
const GRID: &str = "990101001001001";
const VISIT: Uuid = Uuid::from_u128(5);

/// Something that was sealed, by a key that nobody has.
pub fn sealed_by(key: u128) -> Sealed {
    let sealed = serde_json::json!({ "v": 1, "key": Uuid::from_u128(key), "nonce": "AAAAAAAAAAAAAAAA", "ciphertext": "c2VhbGVk" });
    serde_json::from_value(sealed).unwrap()
}

/// Who was visited, as it is kept.
fn sealed(key: u128) -> KeptVisited {
    KeptVisited::Sealed { priority: [PriorityKind::LivingAlone].into(), sealed: sealed_by(key) }
}

/// By what an archive is found, as it is kept.
fn by(n: u8) -> String {
    format!("{n:032x}")
}

pub fn recorded() -> VisitChange {
    let found = |kind, id, number: &str| Found { kind, id: Uuid::from_u128(id), number: number.into() };
    let visit = Visit {
        district: DISTRICT.into(),
        area: GRID.into(),
        kind: VisitedKind::Household,
        visited: sealed(13),
        night: true,
        diary: Diary::Resident,
        unit: "G-1".into(),
        team: vec!["网格员某".into()],
        notes: "腿脚不便".into(),
        occasion: "走访日".into(),
        visited_at: instant(0),
        found: vec![
            found(FindingKind::Request, 8, "SY-20260302-000002"),
            found(FindingKind::HiddenDanger, 7, ""),
        ],
        requests: 1,
        risks: 1,
        archive: Some(Uuid::from_u128(6)),
        unkept_needs: vec!["装扶手".into()],
        recorded_at: instant(1),
    };
    VisitChange::Recorded { visit: Box::new(visit) }
}

fn due(reason: DueReason) -> Due {
    let on = instant(0).date_naive();
    Due { reason, on, since: instant(0), due_at: instant(100), told: false }
}

/// Opened, visited, written into, and to be visited again.
pub fn archive() -> Vec<ArchiveChange> {
    let place =
        Place { district: DISTRICT.into(), area: GRID.into(), kind: ArchiveKind::Household, key: false };
    vec![
        ArchiveChange::Opened {
            place,
            visited: Box::new(sealed(14)),
            known_by: by(1),
            also: vec![by(2)],
            unit: "G-1".into(),
        },
        ArchiveChange::Visited {
            visit: VISIT,
            at: instant(0),
            unit: "G-1".into(),
            requests: vec![Uuid::from_u128(8)],
            needs: vec!["送药上门".into()],
            priority: [PriorityKind::Disabled].into(),
            learned: Some(Box::new(sealed(15))),
            also: vec![by(3)],
        },
        ArchiveChange::Updated {
            visited: Some(Box::new(sealed(16))),
            key: None,
            needs: vec!["装扶手".into()],
            met: vec![Met { number: 1, met: "巡诊点每周送药".into() }],
            also: vec![by(4)],
        },
        ArchiveChange::Planned { due: Some(due(DueReason::Plan)) },
        ArchiveChange::Obliged { due: due(DueReason::Obliged(Obliging::SafetyAccident)) },
        ArchiveChange::Missed { due: due(DueReason::Plan) },
        ArchiveChange::Forgotten { reason: "本人要求".into() },
    ]
}

/// Opened, and settled.
pub fn risk() -> Vec<RiskChange> {
    let opened = RiskChange::Opened {
        district: DISTRICT.into(),
        area: GRID.into(),
        kind: RiskKind::HiddenDanger,
        content: "楼道堆放液化气瓶".into(),
        unit: "G-1".into(),
        visit: Some(VISIT),
    };
    vec![opened, RiskChange::Settled { outcome: "已搬走".into() }]
}
