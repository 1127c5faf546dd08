//! What evaluation's log keeps of each change, and the event it becomes.

use huying_chassis::profile;
use huying_evaluation::{
    MIGRATIONS, NAME,
    domain::{
        appeal::{Ground, Lodged, Ruling},
        callback::{Callback, Link},
        change::{Cause, Change, Ended, Judged, Opened},
        inquiry::Inquiry,
        inspection::Inspection,
        interview::{Drawn, Interview, InterviewChange, Interviewer, Outcome, Recorded},
        parties::Party,
        profile::EvaluationProfile,
        rating::{Rated, Rating, RatingChange, RatingReason, Said},
        round::{Plan, Population, Round, RoundChange, StrataBy, Stratum, change::Begun},
        settle::{Among, Judgement, Settled},
        sign::{Seen, Sign, SignChange, SignKind},
        topic::{Done, Measure, Opened as TopicOpened, Policy, Test, Topic, TopicChange, judge},
        verdict::{Answer, By, Reason, Satisfaction, Verdict},
    },
    events::publish::publish,
};
use huying_terms::{Calendar, Solved};
use huying_testing::{
    golden::{Golden, instant},
    older,
};
use uuid::Uuid;

use crate::{
    inquiry_lives,
    support::{COMMUNITY, DISTRICT, HOLDER},
};

#[test]
fn golden_files() {
    Golden::of(NAME, env!("CARGO_MANIFEST_DIR"), publish)
        .lives::<Callback>(Uuid::from_u128(1), &callbacks())
        .lives::<profile::Profile<EvaluationProfile>>(
            Uuid::from_u128(2),
            &[vec![profile::Change::Applied(part())]],
        )
        .lives::<Round>(Uuid::from_u128(5), &rounds())
        .lives::<Interview>(Uuid::from_u128(6), &interviews())
        .lives::<Topic>(Uuid::from_u128(7), &topics())
        .lives::<Sign>(Uuid::from_u128(7), &signs())
        .lives::<Inquiry>(Uuid::from_u128(9), &inquiry_lives::inquiries())
        .lives::<Inspection>(Uuid::from_u128(10), &inquiry_lives::inspections())
        .lives::<Rating>(Uuid::from_u128(9), &ratings())
        .check();
}

#[tokio::test]
async fn states_stay_as_an_older_table_had_them() {
    older::states_stay::<Callback>(&MIGRATIONS, &callbacks()).await;
    older::states_stay::<Round>(&MIGRATIONS, &rounds()).await;
    older::states_stay::<Interview>(&MIGRATIONS, &interviews()).await;
    older::states_stay::<Topic>(&MIGRATIONS, &topics()).await;
    older::states_stay::<Sign>(&MIGRATIONS, &signs()).await;
    older::states_stay::<Inquiry>(&MIGRATIONS, &inquiry_lives::inquiries()).await;
    older::states_stay::<Inspection>(&MIGRATIONS, &inquiry_lives::inspections()).await;
    older::states_stay::<Rating>(&MIGRATIONS, &ratings()).await;
}

/// A callback ends in several ways; and one whose calendar changes, one that is not drawn, and one as an older build ended it.
fn callbacks() -> [Vec<Change>; 9] {
    let verdict = |solved, satisfaction, by| Verdict {
        contacted: true,
        told: Some(solved == Solved::Yes),
        solved,
        satisfaction,
        reasons: vec![Reason { code: "slow".into(), text: "办得太慢".into() }],
        answers: vec![Answer { question: "came".into(), answer: "no".into() }],
        comment: "自己打电话才来的".into(),
        by,
    };
    let settles = |judgement, reasons: &[&str]| Ended {
        settles: Some(Settled { judgement, reasons: reasons.iter().map(|it| (*it).to_owned()).collect() }),
    };
    let passed = Judged {
        verdict: verdict(Solved::Yes, Satisfaction::Basically, By::Link),
        ended: settles(Judgement::Passed, &[]),
    };
    let failed = Judged {
        verdict: verdict(Solved::Partly, Satisfaction::VeryUnsatisfied, By::Platform),
        ended: settles(Judgement::Failed, &["办得太慢"]),
    };
    let lodged = Lodged { ground: Ground::Facts, text: "当天已到场，有照片".into() };
    let ruling = Ruling { upheld: true, text: "照片属实".into() };
    let link = Link { hash: "9f86d081884c7d65".into(), by: By::Centre, at: instant(2) };
    let (by, note) = (By::FirstContact, "不方便".to_owned());
    [
        vec![
            opened(),
            Change::Attempted { tries: 1, note: "没人接".into(), by: By::FirstContact },
            Change::LinkIssued(link),
            Change::Passed(passed),
        ],
        vec![opened(), Change::Failed(failed), Change::Appealed(lodged), Change::AppealDecided(ruling)],
        vec![opened(), Change::Lapsed],
        vec![opened(), Change::Cancelled { cause: Cause::Closed }],
        vec![opened(), Change::Recomputed { due_at: instant(2880) }],
        vec![opened(), Change::RanOut(settles(Judgement::Lapsed, &[]))],
        vec![opened(), Change::Refused { note, by, ended: Ended::default() }],
        vec![Change::Spared(Box::new(one()))],
        vec![opened(), Change::Withdrawn(settles(Judgement::Passed, &[]))],
    ]
}

fn opened() -> Change {
    Change::Opened(Box::new(one()))
}

/// A unit that had the case before.
fn party() -> Party {
    Party { unit: "grid".into(), persons: vec!["00112233445566778899aabbccddeeff".into()] }
}

fn one() -> Opened {
    Opened {
        case: Uuid::from_u128(3),
        number: "JA-20260302-000001".into(),
        district: DISTRICT.into(),
        area: COMMUNITY.into(),
        category: "47678.5:e:04002".into(),
        unit: HOLDER.into(),
        tier: Some(huying_terms::Tier::Community),
        worked: vec![HOLDER.into(), "parks".into()],
        parties: vec![party()],
        requests: vec![Uuid::from_u128(4)],
        request: Some(Uuid::from_u128(4)),
        among: Some(Among { asked: 3, pass_share: 0.8 }),
        by: By::FirstContact,
        attempt: 1,
        answer: "已修剪".into(),
        solved: Some(Solved::Partly),
        resolve_at: instant(0),
        due_at: instant(1440),
        limit: None,
        by_default: true,
    }
}

fn part() -> EvaluationProfile {
    let day = |text: &str| text.parse().unwrap();
    EvaluationProfile {
        calendar: Calendar {
            holidays: [day("2026-10-01")].into(),
            makeup: [day("2026-10-10")].into(),
            ..Calendar::default()
        },
        ..EvaluationProfile::default_of(DISTRICT)
    }
}

fn rounds() -> [Vec<RoundChange>; 1] {
    let day = |text: &str| text.parse().unwrap();
    let population = Population {
        from: day("2026-01-01"),
        to: day("2026-02-28"),
        from_at: instant(0),
        until_at: instant(1440),
        area: DISTRICT.into(),
        unit: String::new(),
        category: "47678.5:e".into(),
    };
    let plan = Plan {
        district: DISTRICT.into(),
        name: "一二月满意度抽查".into(),
        population,
        sample: 3,
        seed: "2026-1".into(),
        strata_by: StrataBy::Unit,
        due: day("2026-03-31"),
    };
    let strata = vec![
        Stratum { key: HOLDER.into(), population: 40, sample: 2, reserve: 2 },
        Stratum { key: "parks".into(), population: 1, sample: 1, reserve: 0 },
    ];
    [vec![RoundChange::Begun(Box::new(Begun { plan, strata })), RoundChange::Closed]]
}

/// One of each kind.
fn signs() -> [Vec<SignChange>; 3] {
    let raised = |kind, usual, open, request| {
        vec![SignChange::Raised(Box::new(Seen {
            kind,
            district: DISTRICT.into(),
            area: "420102003".into(),
            category: "47678.5:e".into(),
            day: "2026-03-01".parse().unwrap(),
            number: 12,
            usual,
            open,
            request,
        }))]
    };
    [
        raised(SignKind::Surge, Some(1.5), None, None),
        raised(SignKind::Ageing, None, Some(20), None),
        raised(SignKind::Repeat, None, None, Some(Uuid::from_u128(8))),
    ]
}

/// A department's call was not apt; and a street is rated.
fn ratings() -> [Vec<RatingChange>; 2] {
    let given = |rater: &str, tier, said, reasons| {
        vec![RatingChange::Given(Box::new(Rated {
            case: Uuid::from_u128(3),
            number: "JA-20260302-000001".into(),
            district: DISTRICT.into(),
            area: COMMUNITY.into(),
            category: "47678.5:e:04002".into(),
            attempt: 2,
            rater: rater.into(),
            unit: "S-420102003".into(),
            tier,
            said,
            reasons,
            comment: "三次都没来人".into(),
        }))]
    };
    let slow = vec![RatingReason::Slow, RatingReason::Absent];
    let street = Some(huying_terms::Tier::Street);
    [
        given(HOLDER, street, Said::Grassroots(Satisfaction::Unsatisfied), slow),
        given("parks", None, Said::Aptness(false), vec![RatingReason::Unneeded]),
    ]
}

/// One that is asked, and one of the reserve.
fn interviews() -> [Vec<InterviewChange>; 2] {
    let drawn = |reserve| {
        InterviewChange::Drawn(Box::new(Drawn {
            round: Uuid::from_u128(5),
            district: DISTRICT.into(),
            callback: Uuid::from_u128(1),
            case: Uuid::from_u128(3),
            number: "JA-20260302-000001".into(),
            attempt: 1,
            area: COMMUNITY.into(),
            unit: HOLDER.into(),
            worked: vec![HOLDER.into(), "parks".into()],
            parties: vec![party()],
            stratum: HOLDER.into(),
            place: 1,
            reserve,
        }))
    };
    let interviewer = Interviewer { unit: "callbacks".into(), subject: "wang".into() };
    let verdict = Verdict {
        contacted: true,
        told: None,
        solved: Solved::Yes,
        satisfaction: Satisfaction::Satisfied,
        reasons: Vec::new(),
        answers: Vec::new(),
        comment: "很快".into(),
        by: By::Centre,
    };
    let recorded = |outcome, replaced_by| {
        InterviewChange::Recorded(Box::new(Recorded { outcome, note: "下班后打的".into(), replaced_by }))
    };
    [
        vec![
            drawn(false),
            InterviewChange::HandedOut { interviewer: interviewer.clone() },
            recorded(Outcome::Answered(verdict), None),
        ],
        vec![
            drawn(true),
            InterviewChange::CalledUp { replaces: Uuid::from_u128(7), interviewer: Some(interviewer) },
            recorded(Outcome::Unreachable, Some(Uuid::from_u128(8))),
        ],
    ]
}

/// One that dried up, one that did not and was given up.
fn topics() -> [Vec<TopicChange>; 2] {
    let day = |text: &str| text.parse().unwrap();
    let measure = |number| Measure {
        number,
        text: "设十八个巡回医疗点".into(),
        unit: "DEP-weijian".into(),
        due: day("2026-03-20"),
        done: None,
    };
    let says = |measures| Policy {
        cause: "山区各村没有药房".into(),
        policy: "巡回医疗点每周到村".into(),
        owner: "DEP-weijian".into(),
        measures,
    };
    let opened = || {
        TopicChange::Opened(Box::new(TopicOpened {
            district: DISTRICT.into(),
            area: DISTRICT.into(),
            category: "47678.5:m:05".into(),
            title: "山区慢病用药难".into(),
            on: day("2026-03-02"),
            says: says(vec![measure(1)]),
        }))
    };
    let done =
        || TopicChange::MeasureDone(Done { number: 1, on: day("2026-03-16"), note: "都已开诊".into() });
    let tested = || TopicChange::Tested(Test { days: 14, from: day("2026-03-17"), due_at: instant(20160) });
    let judged = |verdict, after| {
        let (days, before, from) = (14, 4, day("2026-03-17"));
        TopicChange::Judged(judge::Judged { verdict, days, before, after, from })
    };
    [
        vec![
            opened(),
            TopicChange::CasesAttached { cases: vec![Uuid::from_u128(3), Uuid::from_u128(8)] },
            TopicChange::Changed(Box::new(says(vec![measure(1), measure(2)]))),
            done(),
            tested(),
            judged(judge::Verdict::DriedUp, 1),
        ],
        vec![
            opened(),
            done(),
            tested(),
            judged(judge::Verdict::Less, 3),
            TopicChange::Withdrawn { note: "与另一件重复".into() },
        ],
    ]
}
