//! Lives of cases of which each change is kept as a sample (`golden.rs`).

use huying_casework::domain::{
    AttachmentKind, Change, Demands, Holder, Level, Officer,
    case::{
        CaseName, CaseRequest,
        part::PartOf,
        step::{
            Accepted, Appointed, ChargeEnded, ChargeReported, ChargeTaken, Corrected, DeskStay, Idled,
            Joined, Merged, Opened, Opening, Parted, Recategorised, Relieved, RequestWithdrawn, Rerouted,
            SplitOff, Supervised, SupervisionAnswered, SupervisionClimbed, SupervisionLapsed, ToldUpward,
            Unmerged, WasSplit,
        },
    },
    demands::Verifier,
    successor::{Replaced, Successor},
    unit::Named,
};
use huying_terms::{Clock, Limit, LimitKind};
use huying_testing::golden::instant;
use uuid::Uuid;

use super::{
    fixture as f,
    golden::{clocks, opening},
};

/// Urged, pressed harder, answered; and what came to an end before it was.
pub fn pressed() -> Vec<Change> {
    vec![
        Opened { opening: Box::new(opening()), clocks: clocks(), idle_percent: None }.into(),
        Supervised { level: Level::Urge, reason: "已催两次".into(), reply: reply(18) }.into(),
        SupervisionClimbed {
            from: Level::Urge,
            to: Level::Notice,
            superior: Some(Named { unit: "D-1".into(), name: "某区".into() }),
            reply: reply(19),
        }
        .into(),
        SupervisionAnswered { text: "周五完成".into(), reply: reply(20) }.into(),
        SupervisionLapsed { reply: None }.into(),
        ToldUpward {
            superior: Some(Named { unit: "D-1".into(), name: "某区".into() }),
            reason: "时限已过".into(),
        }
        .into(),
        Idled { at: instant(9) }.into(),
        ChargeTaken {
            leader: "某区长".into(), plan: "年内改造管网".into(), area: f::DISTRICT.into()
        }
        .into(),
        ChargeReported { text: "已完成勘查".into() }.into(),
        ChargeEnded { reason: "转常态办理".into() }.into(),
    ]
}

/// Given to one of its holder's people.
pub fn handed_out() -> Vec<Change> {
    vec![
        Opened { opening: Box::new(opening()), clocks: clocks(), idle_percent: None }.into(),
        appointed().into(),
    ]
}

pub fn appointed() -> Appointed {
    Appointed::by_hand(Some(Officer { subject: "wxy".into(), name: "王秀英".into() }))
}

/// Merged into another case and un-merged; the other one, which loses its own request meanwhile.
pub fn merged() -> [Vec<Change>; 2] {
    let (request, reason) = (opening().request, || "同一处管道".to_owned());
    let other = || CaseName { case: Uuid::from_u128(9), number: "SY-20260302-000002".into() };
    let opened =
        || -> Change { Opened { opening: Box::new(opening()), clocks: clocks(), idle_percent: None }.into() };
    let paused = clocks().all_paused(&f::profile(), instant(1));
    let requests = vec![CaseRequest { id: request, answered: false, from: None, visit_first: false }];
    let came = vec![Uuid::from_u128(8)];
    [
        vec![
            opened(),
            Merged { into: other(), requests: vec![request], reason: reason(), clocks: paused }.into(),
            Unmerged { from: other(), requests, reason: reason(), attempt: 2, clocks: clocks() }.into(),
        ],
        vec![
            opened(),
            Joined {
                from: other(),
                requests: came.clone(),
                reason: reason(),
                attempt: 2,
                depth: 0,
                visit_first: Vec::new(),
            }
            .into(),
            RequestWithdrawn { request }.into(),
            Parted { to: other(), requests: came, reason: reason() }.into(),
        ],
    ]
}

/// Split into a part; and the part.
pub fn split() -> [Vec<Change>; 2] {
    let name = |id, number: &str| CaseName { case: Uuid::from_u128(id), number: number.into() };
    let part = PartOf { name: name(9, "SY-20260302-000001-1"), unit: "G-1".into() };
    let (parts, reason) = (vec![part], "两个方面".into());
    let whole = name(10, "SY-20260302-000001");
    let opening = || Box::new(opening());
    [
        vec![
            Opened { opening: opening(), clocks: clocks(), idle_percent: None }.into(),
            Accepted { respond: None }.into(),
            WasSplit { parts, reason }.into(),
        ],
        vec![SplitOff { whole, opening: opening(), clocks: clocks(), idle_percent: Some(50) }.into()],
    ]
}

/// Its holder is no more, nor is the street above.
pub fn moved() -> Vec<Change> {
    let relieved = Relieved {
        from: Named { unit: "G-1".into(), name: "一网格".into() },
        to: Holder { name: "同兴社区".into(), ..Holder::of(&f::community()) },
        reason: "网格已撤并".into(),
        clocks: clocks(),
    };
    vec![
        Opened { opening: Box::new(opening()), clocks: clocks(), idle_percent: None }.into(),
        relieved.into(),
        replaced().into(),
    ]
}

/// The street's work, and a department's, is the district's.
pub fn replaced() -> Replaced {
    let to = Holder { name: "某区".into(), ..Holder::of(&f::district()) };
    let one = |unit: &str| Successor { unit: unit.into(), to: to.clone() };
    Replaced { successors: vec![one("DEP-parks"), one("S-1")] }
}

fn demands() -> Demands {
    Demands { evidence: vec![AttachmentKind::AfterPhoto], verified: Some(Verifier::Superior) }
}

/// The triage desk was wrong about it, and says so once too late.
pub fn corrected() -> Vec<Change> {
    let stay = (instant(0), instant(2));
    let resolve = Limit { kind: LimitKind::UrgentHour, amount: 1 };
    let desk = Some(DeskStay::of(&f::profile(), resolve, stay));
    let correct = |clocks| Corrected {
        from: Named { unit: "G-1".into(), name: "一网格".into() },
        to: Holder { name: "同兴社区".into(), ..Holder::of(&f::community()) },
        area: f::COMMUNITY.into(),
        category: "C2".into(),
        departments: vec!["DEP-1".into()],
        priority: f::routed(f::community()).priority,
        reason: "不在一网格".into(),
        clocks,
        demands: demands(),
        not_to: None,
    };
    let opening = Box::new(Opening { desk, ..opening() });
    vec![
        Opened { opening, clocks: clocks(), idle_percent: None }.into(),
        correct(Some(clocks())).into(),
        correct(None).into(),
    ]
}

/// Of another category, which is another unit's.
pub fn recategorised() -> Vec<Change> {
    let respond = f::profile().clock(Limit { kind: LimitKind::WorkDay, amount: 1 }, instant(1));
    vec![
        Opened { opening: Box::new(opening()), clocks: clocks(), idle_percent: None }.into(),
        Recategorised {
            from: "C1".into(),
            to: "C2".into(),
            departments: vec!["DEP-1".into()],
            priority: f::routed(f::community()).priority,
            reason: "是绿化".into(),
            clocks: clocks(),
            demands: demands(),
        }
        .into(),
        Rerouted { from: Named::of(&f::grid()), to: Holder::of(&f::community()), respond }.into(),
    ]
}

/// The clock for an answer.
fn reply(n: usize) -> Option<Clock> {
    Some(f::profile().clock(Limit { kind: LimitKind::WorkDay, amount: 1 }, instant(n)))
}
