//! What evaluation's log keeps of each change, and the event it becomes.

use huying_chassis::profile;
use huying_evaluation::{
    MIGRATIONS, NAME,
    domain::{
        callback::Callback,
        change::{Cause, Change, Opened},
        interview::{Drawn, Interview, InterviewChange, Interviewer, Outcome, Recorded},
        profile::EvaluationProfile,
        round::{Plan, Population, Round, RoundChange, StrataBy, Stratum, change::Begun},
        verdict::{Satisfaction, Verdict},
    },
    events::publish::publish,
};
use huying_terms::Calendar;
use huying_testing::{
    golden::{Golden, instant},
    older,
};
use uuid::Uuid;

use crate::support::{COMMUNITY, DISTRICT, HOLDER};

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
        .check();
}

#[tokio::test]
async fn states_stay_as_an_older_table_had_them() {
    older::states_stay::<Callback>(&MIGRATIONS, &callbacks()).await;
    older::states_stay::<Round>(&MIGRATIONS, &rounds()).await;
    older::states_stay::<Interview>(&MIGRATIONS, &interviews()).await;
}

/// A callback ends in four ways; and one whose calendar changes.
fn callbacks() -> [Vec<Change>; 5] {
    let verdict = |solved, satisfaction| Verdict {
        contacted: true,
        solved,
        satisfaction,
        comment: "自己打电话才来的".into(),
    };
    [
        vec![
            opened(),
            Change::Attempted { tries: 1, note: "没人接".into() },
            Change::Passed(verdict(true, Satisfaction::Basically)),
        ],
        vec![opened(), Change::Failed(verdict(false, Satisfaction::Unsatisfied))],
        vec![opened(), Change::Lapsed],
        vec![opened(), Change::Cancelled { cause: Cause::Closed }],
        vec![opened(), Change::Recomputed { due_at: instant(2880) }],
    ]
}

fn opened() -> Change {
    Change::Opened(Box::new(Opened {
        case: Uuid::from_u128(3),
        number: "JA-20260302-000001".into(),
        district: DISTRICT.into(),
        area: COMMUNITY.into(),
        category: "47678.5:e:04002".into(),
        unit: HOLDER.into(),
        tier: Some(huying_terms::Tier::Community),
        worked: vec![HOLDER.into(), "parks".into()],
        requests: vec![Uuid::from_u128(4)],
        attempt: 1,
        answer: "已修剪".into(),
        solved: Some(huying_terms::Solved::Partly),
        resolve_at: instant(0),
        due_at: instant(1440),
        limit: None,
        by_default: true,
    }))
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
            stratum: HOLDER.into(),
            place: 1,
            reserve,
        }))
    };
    let interviewer = Interviewer { unit: "callbacks".into(), subject: "wang".into() };
    let verdict = Verdict {
        contacted: true,
        solved: true,
        satisfaction: Satisfaction::Satisfied,
        comment: "很快".into(),
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
