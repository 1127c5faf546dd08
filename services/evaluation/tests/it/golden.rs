//! What evaluation's log keeps of each change, and the event it becomes.

use huying_chassis::profile;
use huying_evaluation::{
    MIGRATIONS, NAME,
    domain::{
        callback::Callback,
        change::{Cause, Change, Opened},
        profile::EvaluationProfile,
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
        .check();
}

#[tokio::test]
async fn states_stay_as_an_older_table_had_them() {
    older::states_stay::<Callback>(&MIGRATIONS, &callbacks()).await;
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
