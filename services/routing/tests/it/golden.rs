//! What routing's log keeps of each change, and the event it becomes.

use huying_chassis::profile;
use huying_routing::{
    MIGRATIONS, NAME,
    domain::{
        change::Change,
        danger::Danger,
        decision::{
            Asked, Authority, Decision, Demand, Demands, Limits, Part, Partial, Reason, Submission,
            Suggestion, Verifier,
        },
        desk::{Climb, Wait},
        house::House,
        learned::{Learned, LearnedUnits},
        profile::{
            Area, Boundary, Category, Condition, ConditionLimit, DefaultLimit, Directory, KeywordRule, Place,
            TriageLimit, TriageRules, TriageRung, Unit,
        },
        route::Route,
    },
    events::publish::publish,
};
use huying_terms::{
    AreaCode, Calendar, Clock, Lamp, Limit, LimitKind, Location, Point, Priority, Tier, UnitKind,
};
use huying_testing::{
    golden::{Golden, instant},
    older,
};
use serde_json::json;
use uuid::Uuid;

#[test]
fn golden_files() {
    Golden::of(NAME, env!("CARGO_MANIFEST_DIR"), publish)
        .lives::<Route>(Uuid::from_u128(1), &routes())
        .lives::<profile::Profile<Directory>>(
            Uuid::from_u128(2),
            &[vec![profile::Change::Applied(directory())]],
        )
        .lives::<profile::Profile<Learned>>(Uuid::from_u128(3), &[vec![profile::Change::Applied(model())]])
        .lives::<profile::Profile<LearnedUnits>>(
            Uuid::from_u128(4),
            &[vec![profile::Change::Applied(LearnedUnits(model()))]],
        )
        .check();
}

#[tokio::test]
async fn states_stay_as_an_older_table_had_them() {
    older::states_stay::<Route>(&MIGRATIONS, &routes()).await;
}

/// Decided by rules and corrected, by a person after a while at the desk, taken back before, waiting by another profile, history, or
/// endangered by an addition before or after it was decided.
fn routes() -> [Vec<Change>; 6] {
    let decided = Change::Decided { submission: Box::new(submission()), decision: Box::new(decision()) };
    let partial = Partial {
        area: Some(code("420102003002")),
        category: None,
        priority: None,
        dangers: Vec::new(),
        reasons: vec![Reason::new(Part::Category, "unknown", "没有规则说明它是什么事")],
        learned: Asked::default(),
        units: vec![Suggestion { unit: "DEP-yuanlin".into(), confidence: 0.71 }],
        ..Partial::default()
    };
    let kept = Change::Kept { submission: Box::new(submission()), known: partial.clone() };
    let queued = Change::Queued {
        submission: Box::new(submission()),
        partial,
        undecided: vec![Part::Category, Part::Holder],
        wait: Some(Box::new(wait())),
    };
    let Submission { content, location, .. } = submission();
    let queued_at = Some(instant(0));
    let triaged = Change::Triaged { content, location, decision: Box::new(decision()), queued_at };
    let corrected = Change::Corrected {
        decision: Box::new(Decision { authority: Some(authority()), ..decision() }),
        reason: "不在公园社区，在同兴社区".into(),
        from_holder: "G-420102003005001".into(),
    };
    let [told, raised] = endangered();
    let desk = [
        Change::Claimed { until: instant(3) },
        Change::Released,
        Change::LampTurned { lamp: Lamp::Amber, due_at: instant(12) },
        Change::Climbed { unit: "S-420102003".into(), tier: Tier::Street },
        triaged.clone(),
    ];
    [
        vec![decided, corrected],
        std::iter::once(queued.clone()).chain(desk).collect(),
        vec![queued.clone(), Change::Withdrawn],
        vec![queued.clone(), Change::Recomputed { wait: Box::new(wait()) }],
        vec![kept],
        vec![queued, told, triaged, raised],
    ]
}

/// A danger that was added while it waited, and one once it was decided.
fn endangered() -> [Change; 2] {
    let wait = Wait { since: Some(instant(0)), ..wait() };
    let told = Change::DangerTold {
        dangers: vec![Danger::Fire],
        reasons: vec![Reason::new(Part::Danger, "fire", "补充内容提到“着火”，可能危及生命（起火爆炸）")],
        wait: Box::new(wait),
    };
    let raised = Change::DangerRaised {
        dangers: vec![Danger::Trapped],
        decision: Box::new(Decision { dangers: vec![Danger::Fire, Danger::Trapped], ..decision() }),
        limits: Limits { respond: limit(LimitKind::UrgentHour, 1), resolve: limit(LimitKind::UrgentHour, 1) },
    };
    [told, raised]
}

fn wait() -> Wait {
    let clock = Clock::start(&Calendar::default(), limit(LimitKind::UrgentHour, 1), instant(0));
    let climb = Climb { at: instant(24), unit: "S-420102003".into(), tier: Tier::Street };
    Wait { priority: Priority::High, clock, climbs: vec![climb], climbed_to: None, since: None }
}

fn code(code: &str) -> AreaCode {
    AreaCode::parse(code).unwrap()
}

fn limit(kind: LimitKind, amount: u32) -> Limit {
    Limit { kind, amount }
}

fn submission() -> Submission {
    Submission {
        number: "JA-20260302-000001".into(),
        district: "420102".into(),
        submitted_at: instant(0),
        content: "大树倾斜，靠着电线".into(),
        title: "大树要倒".into(),
        location: Location {
            address: "胜利街158号".into(),
            area: "420102003002".into(),
            point: Some(Point::new(30.5, 114.25)),
            given: None,
        },
        given_category: "47678.5:e:04002".into(),
        demand: Demand { urgent: true, due_at: Some(instant(60)), priority_people: false },
    }
}

fn decision() -> Decision {
    Decision {
        area: code("420102003002001"),
        category: "47678.5:e:04002".into(),
        tier: Tier::Grid,
        holder: "G-420102003002001".into(),
        departments: vec!["DEP-yuanlin".into(), "DEP-jiaoguan".into()],
        priority: Priority::Urgent,
        respond: limit(LimitKind::UrgentHour, 1),
        resolve: limit(LimitKind::WorkDay, 2),
        respond_due_at: instant(12),
        resolve_due_at: instant(576),
        reasons: vec![Reason::new(Part::Area, "boundary", "这一点落在同兴社区第一网格")],
        learned: Asked::default(),
        dangers: Vec::new(),
        sureness: None,
        without_point: false,
        visit_first: false,
        authority: None,
        house: Some(House { road: "胜利街".into(), number: Some(158) }),
    }
}

fn authority() -> Authority {
    Authority {
        line: "authority.csv:12".into(),
        condition: Some("leaning".into()),
        disposes: Tier::Street,
        demands: Demands { evidence: vec!["after_photo".into()], verified: Some(Verifier::Superior) },
    }
}

fn directory() -> Directory {
    let district = code("420102");
    let day = |text: &str| text.parse().unwrap();
    Directory {
        district: district.clone(),
        areas: vec![
            area("420102", "江岸区", Tier::District, None),
            area("420102003", "一元街道", Tier::Street, Some(district)),
        ],
        units: vec![group()],
        categories: vec![category()],
        rules: vec![KeywordRule {
            category: "47678.5:e:04002".into(),
            all: vec!["树".into()],
            any: vec!["倒".into(), "倾斜".into()],
            none: vec!["树立".into()],
            weight: 3,
            priority: Some(Priority::Urgent),
        }],
        boundaries: vec![Boundary {
            area: code("420102003"),
            ring: vec![Point::new(30.0, 114.0), Point::new(30.0, 115.0), Point::new(31.0, 115.0)],
            holes: Vec::new(),
        }],
        defaults: vec![DefaultLimit {
            priority: Priority::Normal,
            respond: limit(LimitKind::WorkHour, 2),
            resolve: limit(LimitKind::NaturalDay, 5),
        }],
        calendar: Calendar {
            holidays: [day("2026-10-01")].into(),
            makeup: [day("2026-10-10")].into(),
            ..Calendar::default()
        },
        places: vec![Place { name: "胜利街".into(), area: code("420102003") }],
        authority: Vec::new(),
        conditions: vec![Condition {
            code: "danger".into(),
            name: "有危险".into(),
            keywords: vec!["变压器".into()],
        }],
        condition_limits: vec![ConditionLimit {
            category: "47678.5:e:04002".into(),
            condition: "danger".into(),
            resolve: limit(LimitKind::UrgentHour, 4),
        }],
        learned_percent: None,
        things: Vec::new(),
        dangers: Vec::new(),
        danger_resolve: None,
        within: Vec::new(),
        elsewhere: Vec::new(),
        roads: Vec::new(),
        triage: Some(TriageRules {
            limits: vec![TriageLimit { priority: Priority::Urgent, limit: limit(LimitKind::UrgentHour, 1) }],
            amber_percent: 75,
            claim_minutes: 20,
            danger: None,
            climbs: vec![TriageRung { percent: 200, tier: Tier::District }],
        }),
        priority_people: Vec::new(),
        forces: Vec::new(),
        team: Vec::new(),
    }
}

/// The first bytes of one: what is kept of it does not hang on what it says.
fn area(of: &str, name: &str, tier: Tier, parent: Option<AreaCode>) -> Area {
    Area {
        code: code(of),
        name: name.into(),
        tier,
        parent,
        former_codes: Vec::new(),
        former_names: Vec::new(),
    }
}

fn model() -> Learned {
    serde_json::from_value(json!({
        "district": "420102",
        "model": "ccbbfaadf294",
        "bytes": "SFlMRUFSTgEKAAAAAACAPw==",
    }))
    .unwrap()
}

fn group() -> Unit {
    Unit {
        code: "RG-yingshang".into(),
        name: "惠企服务响应组".into(),
        kind: UnitKind::ResponseGroup,
        tier: Tier::District,
        area: code("420102"),
        superior: Some("D-420102".into()),
        members: vec!["DEP-shuiwu".into(), "DEP-zhaoshang".into()],
        chair: "DEP-shuiwu".into(),
        class: "惠企".into(),
    }
}

fn category() -> Category {
    Category {
        code: "47678.5:e:04002".into(),
        name: "行道树异常".into(),
        standard: "GB/T 47678.5-2026".into(),
        major: "园林绿化".into(),
        authority: Tier::Grid,
        lead: Some("DEP-yuanlin".into()),
        departments: vec!["DEP-jiaoguan".into()],
        priority: Priority::High,
        respond: Some(limit(LimitKind::UrgentHour, 1)),
        resolve: Some(limit(LimitKind::WorkDay, 2)),
        scopes: Vec::new(),
    }
}
