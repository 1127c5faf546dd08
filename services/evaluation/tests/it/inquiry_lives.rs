//! The lives of inquiries and inspections.

use huying_evaluation::domain::{
    inquiry::{Answered, Asked, Claimed, InquiryChange, Judged},
    inspection::{Found, InspectionChange},
};
use huying_testing::golden::instant;
use uuid::Uuid;

use crate::support::{COMMUNITY, DISTRICT, HOLDER};

/// One that was late and is solved at the second answer, and one that was taken back.
pub fn inquiries() -> [Vec<InquiryChange>; 2] {
    let opened = || {
        InquiryChange::Opened(Box::new(Asked {
            district: DISTRICT.into(),
            area: COMMUNITY[..9].into(),
            unit: HOLDER.into(),
            cases: vec![Uuid::from_u128(3), Uuid::from_u128(8)],
            question: "为何三天两头又堵上".into(),
            due_at: instant(1440),
        }))
    };
    let answered = |number| InquiryChange::Answered(Answered { number, text: "已加装护栏".into() });
    let judged =
        |solved, due_at| InquiryChange::Judged(Judged { solved, note: "到现场看过".into(), due_at });
    [
        vec![
            opened(),
            InquiryChange::Missed { due_at: instant(1440) },
            InquiryChange::Claimed(Claimed {
                office: "副区长（分管城建）".into(), due_at: instant(11520)
            }),
            answered(1),
            judged(false, Some(instant(12000))),
            answered(2),
            judged(true, None),
        ],
        vec![opened(), InquiryChange::Withdrawn { note: "问错了单位".into() }],
    ]
}

pub fn inspections() -> [Vec<InspectionChange>; 1] {
    let found = Found {
        district: DISTRICT.into(),
        area: COMMUNITY.into(),
        case: Uuid::from_u128(3),
        good: false,
        text: "护栏只装了一半".into(),
    };
    [vec![InspectionChange::Recorded(Box::new(found))]]
}
