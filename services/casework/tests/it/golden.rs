//! What casework's log keeps of each change, and the event it becomes.

use huying_casework::{
    MIGRATIONS, NAME,
    domain::{
        Absence, Approval, ApprovalChange, Ask, AskKind, AttachmentKind, Case, CaseParty, CaseworkProfile,
        Change, ClockKind, Clocks, Dispatch, DispatchChange, File, Group, GroupKind, Holder, Judgement,
        Location, Meeting, Outcome, Point, Prelude, Priority, Summoned,
        absence::{AbsenceChange, AbsenceKind, step as on_absence},
        approval::step as on_approval,
        case::step::{
            Accepted, AnswerMissed, Answered, ApprovalAsked, ApprovalRuled, Arbitrated, ArbitrationClimbed,
            Asked, Attached, Called, Closed, Consulted, Declined, Delegated, Deliberated, Escalated,
            Extended, GroupCalled, GroupEnded, Judged, Noted, Opened, Opening, Reopened, Resolved, Resumed,
            Returned, Ruling, Supplemented, Suspended, SuspensionReviewed, VerificationClimbed,
            VerificationFailed, Verified,
        },
        clocks::LampTurned,
        dispatch::{
            Sent, Task,
            assessment::{Assessment, Used},
            step as on_dispatch,
        },
        meeting::{self, MeetingChange, Party, PartyKind, step as on_meeting},
        policies::Ground,
        prelude::PreludeChange,
        recompute::Recomputed,
        unit::Named,
    },
    events::publish::publish,
};
use huying_chassis::{
    log::fingerprint,
    profile::{self, Profile},
};
use huying_terms::{Calendar, Lamp, Limit, LimitKind};
use huying_testing::{
    golden::{Golden, instant},
    older,
};
use uuid::Uuid;

use super::{
    fixture as f,
    lives::{appointed, corrected, handed_out, merged, moved, pressed, recategorised, replaced, split},
};

const CASE: Uuid = Uuid::from_u128(1);
const REQUEST: Uuid = Uuid::from_u128(2);
const DISPATCH: Uuid = Uuid::from_u128(3);
const APPROVAL: Uuid = Uuid::from_u128(5);
const MEETING: Uuid = Uuid::from_u128(7);
const NUMBER: &str = "SY-20260302-000001";

#[test]
fn golden_files() {
    Golden::of(NAME, env!("CARGO_MANIFEST_DIR"), publish)
        .lives::<Case>(CASE, &cases())
        .lives::<Dispatch>(DISPATCH, &dispatches())
        .lives::<Approval>(APPROVAL, &approvals())
        .lives::<Meeting>(MEETING, &meetings())
        .lives::<Absence>(Uuid::from_u128(11), &[absence()])
        .lives::<Prelude>(REQUEST, &preludes())
        .lives::<Profile<CaseworkProfile>>(Uuid::from_u128(4), &[vec![profile::Change::Applied(part())]])
        .check();
}

#[tokio::test]
async fn states_stay_as_an_older_table_had_them() {
    older::states_stay::<Case>(&MIGRATIONS, &cases()).await;
    older::states_stay::<Dispatch>(&MIGRATIONS, &dispatches()).await;
    older::states_stay::<Approval>(&MIGRATIONS, &approvals()).await;
    older::states_stay::<Meeting>(&MIGRATIONS, &meetings()).await;
    older::states_stay::<Absence>(&MIGRATIONS, &[absence()]).await;
}

/// The clocks of whatever begins with the life.
pub fn clocks() -> Clocks {
    Clocks::start(f::limits(), &f::profile(), instant(0))
}

fn cases() -> [Vec<Change>; 17] {
    let [failed, passed] = [false, true].map(looked_at);
    let ([merged, joined], [whole, part]) = (merged(), split());
    [
        case(),
        with_a_photo(),
        waited(),
        returned(),
        suspended(),
        failed,
        passed,
        pressed(),
        together(),
        handed_out(),
        merged,
        joined,
        whole,
        part,
        moved(),
        recategorised(),
        corrected(),
    ]
}

/// A unit for which one person acted.
fn party(unit: &str) -> CaseParty {
    CaseParty { unit: unit.into(), persons: vec![fingerprint(CASE, &format!("officer of {unit}"))] }
}

/// Nobody looked in time, then somebody above did.
fn looked_at(passed: bool) -> Vec<Change> {
    let (profile, clocks) = (f::profile(), clocks());
    let verify = profile.clock(profile.policies.verify, instant(1));
    let resolved = |resolve, verifier, verify| Resolved {
        answer: "已修剪".into(),
        units: vec!["G-1".into()],
        parties: vec![party("G-1")],
        handling: None,
        resolve,
        verifier,
        verify,
    };
    let paused = clocks.paused(ClockKind::Resolve, &profile, instant(1));
    let stopped = clocks.stopped(ClockKind::Resolve, &profile, instant(1));
    let found = match passed {
        true => Verified {
            finding: "现场干净".into(),
            resolved: resolved(stopped, None, None),
            verify: Some(verify.clone()),
        }
        .into(),
        false => VerificationFailed { finding: "枝条仍压着电线".into(), clocks: clocks.clone() }.into(),
    };
    vec![
        Opened { opening: Box::new(opening()), clocks, idle_percent: None }.into(),
        Accepted { respond: None }.into(),
        resolved(paused, Some(Holder::of(&f::community())), Some(verify.clone())).into(),
        VerificationClimbed {
            from: Named::of(&f::community()),
            to: Holder::of(&f::street()),
            verify: Some(verify),
        }
        .into(),
        found,
    ]
}

/// Up to its street, down to a community, out to a department, struck off and reopened.
fn case() -> Vec<Change> {
    let clocks = clocks();
    let anew = |n| clocks.anew(ClockKind::Respond, &f::profile(), instant(n));
    let mut delegated = clocks.clone();
    delegated.set(ClockKind::Respond, anew(3).as_ref());
    vec![
        Opened { opening: Box::new(opening()), clocks: clocks.clone(), idle_percent: None }.into(),
        turned(&clocks, ClockKind::Respond, Lamp::Amber).into(),
        Escalated {
            from: "G-1".into(),
            to: Holder::of(&f::street()),
            reason: "超出能力".into(),
            respond: anew(2),
        }
        .into(),
        Delegated {
            from: "S-1".into(),
            to: Holder::of(&f::community()),
            reason: "社区可以处置".into(),
            respond: anew(3),
        }
        .into(),
        Accepted { respond: delegated.stopped(ClockKind::Respond, &f::profile(), instant(4)) }.into(),
        Supplemented { request: REQUEST, text: "还压着电线".into(), clocks: None }.into(),
        Noted { text: "在路上".into(), public: true }.into(),
        Called { dispatches: vec![Summoned { dispatch: DISPATCH, unit: "DEP-parks".into(), lead: true }] }
            .into(),
        Resolved {
            answer: "已修剪".into(),
            units: vec!["C-1".into(), "DEP-parks".into()],
            parties: ["C-1", "DEP-parks", "G-1", "S-1"].map(party).into(),
            handling: None,
            verifier: None,
            verify: None,
            resolve: clocks.stopped(ClockKind::Resolve, &f::profile(), instant(8)),
        }
        .into(),
        Judged { judgement: Judgement::Passed }.into(),
        Answered { request: REQUEST }.into(),
        Closed { outcome: Outcome::StruckOff, clocks: None, resolved: None }.into(),
        Reopened {
            to: Holder::of(&f::street()),
            reason: "又倒了".into(),
            clocks: Clocks::start(f::limits(), &f::profile(), instant(12)),
            objection: None,
        }
        .into(),
        Accepted { respond: anew(12) }.into(),
        ApprovalAsked { approval: APPROVAL, kind: AskKind::Extend, reason: "材料未到".into() }.into(),
        ApprovalRuled {
            approval: APPROVAL,
            kind: AskKind::Extend,
            ruling: Ruling::Granted,
            reason: "同意".into(),
        }
        .into(),
        Extended { more: more(), resolve: anew(12) }.into(),
        recomputed(&Clocks::start(f::limits(), &f::profile(), instant(12))).into(),
        Declined {
            ground: ground(),
            answer: "涉及劳动争议，请申请仲裁".into(),
            clocks: clocks.all_stopped(&f::profile(), instant(18)),
        }
        .into(),
    ]
}

/// Units met about it, and a task force worked on it.
fn together() -> Vec<Change> {
    let clocks = clocks();
    let dispatches = || vec![Summoned { dispatch: DISPATCH, unit: "DEP-parks".into(), lead: true }];
    let parks = || vec![Named { unit: "DEP-parks".into(), name: "园林局".into() }];
    let group = Group {
        code: Uuid::from_u128(6).to_string(),
        kind: GroupKind::TaskForce,
        name: "通气专班".into(),
        chair: Holder { name: "某区".into(), ..Holder::of(&f::district()) },
        members: parks(),
        until: Some(instant(9)),
        cases: vec![CASE],
    };
    let (code, name) = (group.code.clone(), group.name.clone());
    vec![
        Opened { opening: Box::new(opening()), clocks: clocks.clone(), idle_percent: None }.into(),
        Accepted { respond: clocks.stopped(ClockKind::Respond, &f::profile(), instant(1)) }.into(),
        Consulted { participants: parks(), minutes: "住户已同意".into(), dispatches: dispatches() }.into(),
        GroupCalled { group, task: "查勘、铺管".into(), dispatches: dispatches() }.into(),
        GroupEnded { code, name, reason: "已通气".into() }.into(),
        Deliberated { meeting: MEETING, title: "睦邻议事会".into(), outcome: outcome() }.into(),
    ]
}

fn outcome() -> meeting::Outcome {
    meeting::Outcome { text: "秋后修剪".into(), settled: true }
}

/// Held over a case; called off.
fn meetings() -> [Vec<MeetingChange>; 2] {
    let parties = |people| {
        let (kind, name) = (PartyKind::Residents, String::new());
        let firm = Party { kind: PartyKind::PropertyManager, name: "同兴物业".into(), people: 2 };
        vec![Party { kind, name, people }, firm]
    };
    let convened = || -> MeetingChange {
        on_meeting::Convened {
            district: f::DISTRICT.into(),
            area: f::COMMUNITY.into(),
            place: "社区二楼".into(),
            title: "睦邻议事会".into(),
            agenda: vec!["树怎么修".into()],
            cases: vec![(CASE, NUMBER.into())],
            parties: parties(12),
            starts_at: instant(1),
        }
        .into()
    };
    let (minutes, outcomes) = ("都同意".into(), vec![(CASE, outcome())]);
    let recorded = on_meeting::Recorded { parties: parties(9), minutes, outcomes };
    let cancelled = on_meeting::Cancelled { reason: "暴雨".into() };
    [vec![convened(), recorded.into()], vec![convened(), cancelled.into()]]
}

/// An officer is away, and back.
fn absence() -> Vec<AbsenceChange> {
    let recorded = on_absence::Recorded {
        district: f::DISTRICT.into(),
        unit: "S-1".into(),
        subject: "wxy".into(),
        kind: AbsenceKind::Sick,
        from: instant(1),
        until: instant(9),
    };
    vec![recorded.into(), on_absence::Ended {}.into()]
}

/// The reporter was asked twice, and answered once.
fn waited() -> Vec<Change> {
    let (clocks, profile) = (clocks(), f::profile());
    let wait = (ClockKind::Wait, profile.policies.wait);
    let asked = |n| clocks.standing_still(wait, &profile, instant(n));
    let on = |clocks: &Clocks, n| clocks.running_on(ClockKind::Wait, &profile, instant(n));
    let ask = |n| -> Change { Asked { question: "是几号楼".into(), clocks: asked(n) }.into() };
    vec![
        Opened { opening: Box::new(opening()), clocks: clocks.clone(), idle_percent: None }.into(),
        Accepted { respond: clocks.stopped(ClockKind::Respond, &profile, instant(1)) }.into(),
        ask(2),
        Supplemented { request: REQUEST, text: "一号楼".into(), clocks: Some(on(&asked(2), 3)) }.into(),
        ask(4),
        AnswerMissed { clocks: on(&asked(4), 5) }.into(),
    ]
}

/// Returned by its grid, climbed past its community, decided by its street.
fn returned() -> Vec<Change> {
    let (opened, profile) = (clocks(), f::profile());
    let climbed = Clocks::start([(ClockKind::Arbitrate, profile.policies.arbitrate)], &profile, instant(2));
    let (mut returned, mut decided) = (opened.clone(), opened.clone());
    for kind in [ClockKind::Respond, ClockKind::Resolve] {
        returned.set(kind, opened.paused(kind, &profile, instant(1)).as_ref());
    }
    let arbitrate = climbed.anew(ClockKind::Arbitrate, &profile, instant(1));
    returned.set(ClockKind::Arbitrate, arbitrate.as_ref());
    decided.set(ClockKind::Respond, opened.anew(ClockKind::Respond, &profile, instant(3)).as_ref());
    decided.set(ClockKind::Resolve, returned.resumed(ClockKind::Resolve, &profile, instant(3)).as_ref());
    decided.set(ClockKind::Arbitrate, climbed.stopped(ClockKind::Arbitrate, &profile, instant(3)).as_ref());
    let community = Holder { name: "同兴社区".into(), ..Holder::of(&f::community()) };
    vec![
        Opened { opening: Box::new(opening()), clocks: opened, idle_percent: None }.into(),
        Returned { reason: "不在本网格".into(), arbiter: community.clone(), clocks: returned }.into(),
        ArbitrationClimbed {
            from: Named::from(&community),
            to: Holder { name: "一元街道".into(), ..Holder::of(&f::street()) },
            arbitrate: climbed.get(ClockKind::Arbitrate).cloned(),
        }
        .into(),
        Arbitrated {
            from: Named { unit: "G-1".into(), name: String::new() },
            to: community,
            binding: true,
            reason: "社区牵头".into(),
            clocks: decided,
        }
        .into(),
    ]
}

/// Suspended, reviewed and taken up again.
fn suspended() -> Vec<Change> {
    let (clocks, profile) = (clocks(), f::profile());
    let review = (ClockKind::Review, profile.policies.review);
    let suspended = clocks.standing_still(review, &profile, instant(2));
    let reviewed = suspended.standing_still(review, &profile, instant(3));
    let resumed = reviewed.running_on(ClockKind::Review, &profile, instant(4));
    let day = |text: &str| text.parse().unwrap();
    vec![
        Opened { opening: Box::new(opening()), clocks: clocks.clone(), idle_percent: None }.into(),
        Accepted { respond: clocks.stopped(ClockKind::Respond, &profile, instant(1)) }.into(),
        Suspended { plan: "四月改造管网".into(), review: day("2026-04-01"), clocks: suspended }.into(),
        SuspensionReviewed { review: day("2026-05-01"), remark: "按计划推进".into(), clocks: reviewed }
            .into(),
        Resumed { reason: "管网已改造".into(), clocks: resumed }.into(),
    ]
}

fn ground() -> Ground {
    f::profile().policies.ground("statutory_route").unwrap().clone()
}

fn more() -> Limit {
    Limit { kind: LimitKind::UrgentHour, amount: 12 }
}

/// Granted after it climbed; refused; lapsed; asked while the calendar changes.
fn approvals() -> [Vec<ApprovalChange>; 5] {
    let profile = f::profile();
    let clocks = Clocks::start([(ClockKind::Approve, profile.policies.approve)], &profile, instant(0));
    let stopped = |n| clocks.all_stopped(&profile, instant(n));
    let asked = || -> ApprovalChange {
        on_approval::Asked {
            case: CASE,
            number: NUMBER.into(),
            district: f::DISTRICT.into(),
            area: f::GRID.into(),
            ask: Ask::Extend { more: more() },
            reason: "材料未到".into(),
            asked_by: Holder::of(&f::community()),
            granter: Holder::of(&f::street()),
            clocks: clocks.clone(),
        }
        .into()
    };
    [
        vec![
            asked(),
            turned(&clocks, ClockKind::Approve, Lamp::Red).into(),
            on_approval::Climbed {
                from: "S-1".into(),
                to: Holder::of(&f::district()),
                approve: clocks.anew(ClockKind::Approve, &profile, instant(2)),
            }
            .into(),
            on_approval::Granted { reason: "同意".into(), clocks: stopped(3) }.into(),
        ],
        vec![asked(), on_approval::Refused { reason: "时限足够".into(), clocks: stopped(1) }.into()],
        vec![asked(), on_approval::Lapsed { clocks: stopped(1) }.into()],
        vec![asked(), recomputed(&clocks).into()],
        vec![asked(), replaced().into()],
    ]
}

/// By a profile that turns amber earlier.
fn recomputed(clocks: &Clocks) -> Recomputed {
    let clocks = clocks.recomputed(&CaseworkProfile { amber_percent: 50, ..f::profile() });
    Recomputed { clocks: clocks.unwrap() }
}

/// Accepted, and a photo added.
fn with_a_photo() -> Vec<Change> {
    let clocks = clocks();
    let file = File {
        id: Uuid::from_u128(5),
        kind: AttachmentKind::AfterPhoto,
        name: "处置后.jpg".into(),
        media_type: "image/jpeg".into(),
        size: 183_204,
        sha256: "5d".repeat(32),
        object: format!("990101/00000/{CASE}/{}", Uuid::from_u128(5)),
    };
    vec![
        Opened { opening: Box::new(opening()), clocks: clocks.clone(), idle_percent: None }.into(),
        Accepted { respond: clocks.stopped(ClockKind::Respond, &f::profile(), instant(1)) }.into(),
        Attached { file }.into(),
    ]
}

fn turned(clocks: &Clocks, clock: ClockKind, lamp: Lamp) -> LampTurned {
    LampTurned { clock, lamp, due_at: clocks.get(clock).unwrap().due_at.unwrap() }
}

pub fn opening() -> Opening {
    Opening { priority: Priority::High, location: location(), ..f::opening(REQUEST, &f::grid()) }
}

fn location() -> Location {
    Location {
        address: "胜利街一号".into(),
        area: f::GRID.into(),
        point: Some(Point { latitude: 30.5, longitude: 114.25 }),
        given: None,
    }
}

/// Completed; declined, insisted on and ended; sent while the calendar changes.
fn dispatches() -> [Vec<DispatchChange>; 6] {
    let (clocks, profile) = (clocks(), f::profile());
    let (respond, resolve) = (ClockKind::Respond, ClockKind::Resolve);
    let declined = Clocks::from_iter([
        (respond, clocks.stopped(respond, &profile, instant(2))),
        (resolve, clocks.paused(resolve, &profile, instant(2))),
    ]);
    let insisted = Clocks::from_iter([
        (respond, clocks.anew(respond, &profile, instant(3))),
        (resolve, declined.resumed(resolve, &profile, instant(3))),
    ]);
    let ended = insisted.all_stopped(&profile, instant(4));
    [
        vec![
            sent(),
            on_dispatch::Accepted {
                note: "到场".into(),
                respond: clocks.stopped(respond, &profile, instant(1)),
                arbitrate: None,
            }
            .into(),
            on_dispatch::Completed {
                note: "修剪完毕".into(),
                resolve: clocks.stopped(resolve, &profile, instant(2)),
                assessment: Some(assessment(1, Some(true))),
            }
            .into(),
        ],
        vec![
            sent(),
            turned(&clocks, resolve, Lamp::Red).into(),
            on_dispatch::LeadPassed { lead: false, reason: "由交管主责".into() }.into(),
            on_dispatch::Silent {
                due_at: clocks.get(respond).unwrap().due_at.unwrap(),
                silences: 1,
                arbitrate: None,
            }
            .into(),
            on_dispatch::Declined { note: "不是我们的".into(), clocks: declined }.into(),
            on_dispatch::Insisted { reason: "是你们的".into(), clocks: insisted }.into(),
            on_dispatch::Ended {
                reason: "诉求已撤回".into(),
                ending: Some(on_dispatch::Ending::CaseClosed),
                assessment: Some(assessment(1, None)),
                clocks: ended,
            }
            .into(),
        ],
        vec![
            sent(),
            on_dispatch::ArbitrationClimbed {
                from: Named::of(&f::district()),
                to: Named { unit: "P-1".into(), name: "市级中心".into() },
                arbitrate: Some(profile.clock(profile.policies.arbitrate, instant(1))),
            }
            .into(),
        ],
        vec![sent(), recomputed(&clocks).into()],
        vec![sent(), appointed().into()],
        vec![sent(), replaced().into()],
    ]
}

fn assessment(silences: u32, apt: Option<bool>) -> Assessment {
    let used = |seconds, lamp| Some(Used { seconds, lamp });
    Assessment { respond: used(4000, Lamp::Amber), resolve: used(90_000, Lamp::Red), silences, apt }
}

fn sent() -> DispatchChange {
    let task = Task {
        case: CASE,
        number: NUMBER.into(),
        district: f::DISTRICT.into(),
        unit: "DEP-parks".into(),
        unit_name: "园林局".into(),
        caller: Holder { name: "一元街道".into(), ..Holder::of(&f::street()) },
        arbiter: Some(Named { unit: "D-1".into(), name: "某区".into() }),
        group: None,
        lead: true,
        task: "修剪".into(),
        category: "C1".into(),
        area: f::GRID.into(),
        location: location(),
    };
    Sent { task: Box::new(task), clocks: clocks() }.into()
}

/// Taken over by the case, or no case at all.
fn preludes() -> [Vec<PreludeChange>; 2] {
    let (number, district) = (NUMBER.to_owned(), f::DISTRICT.to_owned());
    let added = PreludeChange::Added {
        number: number.clone(),
        district: district.clone(),
        text: "还压着电线".into(),
    };
    [vec![added, PreludeChange::Taken { case: CASE }], vec![PreludeChange::Withdrawn { number, district }]]
}

fn part() -> CaseworkProfile {
    let day = |text: &str| text.parse().unwrap();
    CaseworkProfile {
        calendar: Calendar {
            holidays: [day("2026-10-01")].into(),
            makeup: [day("2026-10-10")].into(),
            ..Calendar::default()
        },
        ..f::profile()
    }
}
