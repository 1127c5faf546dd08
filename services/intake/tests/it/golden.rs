//! What intake's log keeps of each change, and the event it becomes.

use std::collections::{BTreeMap, BTreeSet};

use huying_chassis::profile::{self, Part as _, Profile};
use huying_intake::{
    MIGRATIONS, NAME,
    domain::{
        archive::Archive,
        card::{Card, CardChange, CardKind, Face, Print},
        change::Change,
        channel::Channel,
        forum::Forum,
        guide::{Content, Guide, GuideChange, GuideKind, PublishedOfficer},
        offer::Offer,
        order::{AttachmentReference, Order, RequestType},
        personal::Personal,
        profile::{ChannelRule, Index, Part},
        request::{FirstContact, Party, Request},
        risk::Risk,
        state::State,
        submission::{Flag, Kept, ReporterKind, Submission},
        token,
        visit::{Visit, VisitChange},
    },
    events::publish::publish,
};
use huying_terms::{Limit, LimitKind, Location, Point, PriorityKind};
use huying_testing::{
    golden::{Golden, instant},
    older,
};
use uuid::Uuid;

use super::samples;

const REQUEST: Uuid = Uuid::from_u128(1);
const GUIDE: Uuid = Uuid::from_u128(4);
const CARD: Uuid = Uuid::from_u128(5);
const CASE: Uuid = Uuid::from_u128(2);
const VISIT: Uuid = Uuid::from_u128(5);

#[test]
fn golden_files() {
    Golden::of(NAME, env!("CARGO_MANIFEST_DIR"), publish)
        .lives::<Request>(REQUEST, &requests())
        .lives::<Guide>(GUIDE, &[guide()])
        .lives::<Visit>(
            VISIT,
            &[vec![samples::recorded(), VisitChange::Forgotten { reason: "本人要求".into() }]],
        )
        .lives::<Archive>(Uuid::from_u128(6), &[samples::archive()])
        .lives::<Risk>(Uuid::from_u128(7), &[samples::risk()])
        .lives::<Card>(CARD, &cards())
        .lives::<Forum>(Uuid::from_u128(5), &[super::forums::life()])
        .lives::<Offer>(Uuid::from_u128(6), &super::offers::lives())
        .lives::<Profile<Part>>(Uuid::from_u128(3), &[vec![profile::Change::Applied(part())]])
        .check();
}

#[tokio::test]
async fn states_stay_as_an_older_table_had_them() {
    older::states_stay::<Request>(&MIGRATIONS, &requests()).await;
}

/// A unit for which one person acted.
fn party() -> Party {
    Party { unit: "G-1".into(), persons: vec!["00112233445566778899aabbccddeeff".into()] }
}

/// Answered in the end, or taken back; and one whose first contact is no more.
fn requests() -> [Vec<Change>; 3] {
    let text = "已受理，正在办理".into();
    [
        vec![
            submitted(),
            Change::Supplemented { content: "二楼也不亮".into() },
            Change::Joined { reporter: Some(sealed(12)) },
            Change::Progressed {
                case: CASE,
                text,
                state: State::Handling,
                holder: None,
                aside: false,
                due_at: Some(instant(9)),
                tell_by: None,
                own: false,
                workers: Vec::new(),
                parties: vec![party()],
            },
            Change::Told { text: "灯已买好".into(), tell_by: Some(instant(8)) },
            Change::Owed {
                case: CASE,
                answer: "已换灯".into(),
                attempt: 1,
                holder: None,
                answer_by: Some(instant(9)),
                workers: Vec::new(),
                parties: vec![party()],
            },
            missed(),
            Change::Answered { answer: "已换灯".into(), attempt: 1 },
            Change::Objected { reason: "三楼还是不亮".into(), attempt: 1, tell_by: Some(instant(9)) },
        ],
        vec![
            submitted(),
            Change::Withdrawn { reason: "自己修好了".into() },
            Change::Forgotten { reason: "本人要求".into() },
        ],
        vec![submitted(), Change::ContactReplaced { from: "G-1".into(), to: "C-1".into() }],
    ]
}

fn missed() -> Change {
    let (unit, to) = (Some("G-1".into()), Some("C-1".into()));
    Change::DutyMissed { unit, due_at: instant(9), to, next_at: Some(instant(10)) }
}

/// The district's part as it is used.
pub fn index() -> Index {
    part().index().unwrap()
}

pub fn submitted() -> Change {
    let location = Location {
        address: "一号楼".into(),
        area: "990101001001001".into(),
        point: Some(Point { latitude: 30.5, longitude: 114.25 }),
        given: None,
    };
    let submission = Submission {
        district: "990101".into(),
        channel: Channel::FromAbove,
        external_id: "12345-7".into(),
        source: "市长热线".into(),
        platform: String::new(),
        reporter: Some(sealed(11)),
        content: "楼道灯不亮".into(),
        location,
        category: "C1".into(),
        order: order(),
        concerns: [PriorityKind::LivingAlone].into(),
        visit: None,
        card: None,
        forum: None,
    };
    let first_contact = FirstContact {
        unit: Some("G-1".into()),
        subject: "officer-1".into(),
        published: false,
        discharged_at: None,
        due_at: Some(instant(5)),
        missed: 0,
        climbed_to: None,
    };
    Change::Submitted {
        number: "SY-20260302-000001".into(),
        tracking_token: token::hashed("c2VjcmV0"),
        first_contact,
        submission: Box::new(submission),
        flags: [Flag::PointUnreadable].into(),
        answer: String::new(),
        guide: None,
        repeat: None,
        closed: None,
    }
}

fn order() -> Order {
    Order {
        kind: Some(RequestType::Complaint),
        title: "路灯不亮".into(),
        urgent: true,
        platform_due_at: Some(instant(300)),
        complained_of: "某物业公司".into(),
        related_number: "12345-6".into(),
        repeated: true,
        call_at: Some(instant(0)),
        taker: "话务员 17".into(),
        anonymous: false,
        confidential: true,
        answer_wanted: Some(true),
        callback_wanted: Some(false),
        attachments: vec![AttachmentReference {
            name: "现场.jpg".into(),
            uri: "https://12345.example/files/1".into(),
            media_type: "image/jpeg".into(),
            size: 123_456,
        }],
        extensions: Personal::Sealed { sealed: samples::sealed_by(11) },
    }
}

/// Published, and taken out.
fn guide() -> Vec<GuideChange> {
    let officer = PublishedOfficer { name: "某某".into(), duty: "低保".into(), contact: "12345".into() };
    let content = Content {
        district: "990101".into(),
        code: "unit.C-1".into(),
        kind: GuideKind::Unit,
        title: "长建社区".into(),
        grounds: "某办法".into(),
        conditions: "本社区居民".into(),
        text: "社区服务".into(),
        limit: Some(Limit { amount: 5, kind: LimitKind::WorkDay }),
        unit: "C-1".into(),
        contact: "社区一楼".into(),
        complaint_line: "12345".into(),
        officers: vec![officer],
        also: vec!["居委会".into()],
    };
    vec![content.publish(), GuideChange::Withdrawn { reason: "并入街道".into() }]
}

/// Who calls, as it is kept.
fn sealed(key: u128) -> Kept {
    Kept::Sealed { kind: ReporterKind::Resident, sealed: samples::sealed_by(key) }
}

/// Used and replaced, or taken out of use.
fn cards() -> [Vec<CardChange>; 2] {
    let face = Face {
        district: "990101".into(),
        kind: CardKind::ServiceCard,
        area: "990101001001001".into(),
        unit: "G-1".into(),
        cadre: "某某".into(),
        phone: "0990-82345678".into(),
        address: "一号楼".into(),
    };
    let print = Print { code: "q3J0cVx2T1m8sZr5YwKfLg".into(), batch: CARD, replaces: None };
    let issued = face.issue(print);
    [
        vec![
            issued.clone(),
            CardChange::Used { request: REQUEST },
            CardChange::Replaced { by: Uuid::from_u128(6), reason: "换了网格员".into() },
        ],
        vec![issued, CardChange::Revoked { reason: "卡片遗失".into() }],
    ]
}

fn part() -> Part {
    Part {
        tell_every: Some(Limit { kind: LimitKind::NaturalDay, amount: 3 }),
        answer_within: Some(Limit { kind: LimitKind::NaturalDay, amount: 1 }),
        superiors: [("G-1".to_owned(), "C-1".to_owned()), ("C-1".to_owned(), "S-1".to_owned())].into(),
        platform_superior: Some("S-1".into()),
        unit_names: [("G-1".to_owned(), "一号网格".to_owned())].into(),
        district: "990101".into(),
        name: "试验区".into(),
        prefix: "SY".into(),
        zone: "Asia/Shanghai".into(),
        channels: vec![ChannelRule {
            channel: Channel::FromAbove,
            name: "上级派".into(),
            published: false,
            external_id_required: true,
            sources: vec!["市长热线".into()],
            datum: None,
            rate: None,
            door_rate: None,
        }],
        units: BTreeSet::new(),
        successors: BTreeMap::new(),
        calendar: None,
        objection: None,
        visit_plans: Vec::new(),
        obliged_visits: BTreeMap::new(),
        fixed_visitors: BTreeMap::new(),
        hotline: String::new(),
        card_url: String::new(),
        card_rate: None,
        bonds: Vec::new(),
    }
}
