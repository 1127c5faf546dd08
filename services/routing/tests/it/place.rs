//! A small place to decide in: two streets of a district, as its operator would apply it.

use chrono::{DateTime, Utc};
use huying_proto::{common::v1 as common, routing::v1 as pb};
use huying_routing::{
    domain::{
        decision::{Decision, Demand, Reason, Routing, Submission},
        index::Index,
        profile::Directory,
    },
    grpc::profile,
};
use huying_terms::{Location, Point};

pub const DISTRICT: &str = "420102";
pub const CARS: &str = "47678.5:e:09009";
pub const TREES: &str = "47678.5:e:04002";
pub const LITTER: &str = "47678.5:e:06010";
pub const GAS: &str = "JA:e:10102";
pub const POLICY: &str = "JA:m:09001";

/// Friday, 20 November 2026, 10:00 there.
pub fn now() -> DateTime<Utc> {
    "2026-11-20T02:00:00Z".parse().unwrap()
}

fn texts(list: &str) -> Vec<String> {
    list.split(';').filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

fn tier(code: &str) -> common::Tier {
    match code.len() {
        15 => common::Tier::Grid,
        12 => common::Tier::Community,
        9 => common::Tier::Street,
        _ => common::Tier::District,
    }
}

fn area(code: &str, name: &str) -> pb::Area {
    let parent = if code.len() == 6 { "" } else { &code[..code.len() - 3] };
    pb::Area {
        code: code.into(),
        name: name.into(),
        tier: tier(code).into(),
        parent: parent.into(),
        ..pb::Area::default()
    }
}

pub fn areas() -> Vec<pb::Area> {
    vec![
        area("420102", "江岸区"),
        area("420102003", "一元街道"),
        area("420102003002", "同兴社区"),
        area("420102003002001", "同兴社区第一网格"),
        area("420102003002002", "同兴社区第二网格"),
        area("420102003005", "公园社区"),
        area("420102003005001", "公园社区第一网格"),
        area("420102010", "二七街道"),
        area("420102010002", "长建社区"),
        area("420102010002001", "长建社区第一网格"),
        area("420102010002002", "长建社区第二网格"),
        area("420102010009", "幸福社区"),
    ]
}

fn post(area: &pb::Area) -> pb::Unit {
    use pb::UnitKind::{Community, District, GridTeam, Street};
    let (prefix, kind) = match area.code.len() {
        15 => ("G", GridTeam),
        12 => ("C", Community),
        9 => ("S", Street),
        _ => ("D", District),
    };
    let above = ["", "D-", "S-", "C-"][(area.code.len() - 6) / 3];
    let superior = if above.is_empty() { String::new() } else { format!("{above}{}", area.parent) };
    pb::Unit {
        code: format!("{prefix}-{}", area.code),
        name: format!("{}工作站", area.name),
        kind: kind.into(),
        tier: area.tier,
        area: area.code.clone(),
        superior,
        ..pb::Unit::default()
    }
}

fn beside(code: &str, name: &str, kind: pb::UnitKind, members: &str) -> pb::Unit {
    pb::Unit {
        code: code.into(),
        name: name.into(),
        kind: kind.into(),
        tier: common::Tier::District.into(),
        area: DISTRICT.into(),
        superior: "D-420102".into(),
        members: texts(members),
        ..pb::Unit::default()
    }
}

/// A post for every area but one: the grid of 公园社区 has no team.
fn units() -> Vec<pb::Unit> {
    use pb::UnitKind::{Department, ResponseGroup};
    let mut units: Vec<pb::Unit> =
        areas().iter().filter(|it| it.code != "420102003005001").map(post).collect();
    units.extend([
        beside("DEP-jiaoguan", "交通大队", Department, ""),
        beside("DEP-chengguan", "城管执法局", Department, ""),
        beside("DEP-yuanlin", "园林和林业局", Department, ""),
        beside("DEP-shuiwu", "税务局", Department, ""),
        beside("DEP-zhaoshang", "投资促进局", Department, ""),
        beside("DEP-shenpi", "行政审批局", Department, ""),
        beside("UT-ranqi", "燃气公司", pb::UnitKind::Utility, ""),
        beside("RG-yingshang", "惠企服务响应组", ResponseGroup, "DEP-shuiwu;DEP-zhaoshang;DEP-shenpi"),
    ]);
    units
}

pub fn limit(kind: common::LimitKind, amount: u32) -> Option<common::Limit> {
    Some(common::Limit { kind: kind.into(), amount })
}

fn category(
    code: &str,
    name: &str,
    authority: common::Tier,
    lead: &str,
    co: &str,
    priority: common::Priority,
) -> pb::Category {
    pb::Category {
        code: code.into(),
        name: name.into(),
        standard: "GB/T 47678.5-2026".into(),
        major: "类".into(),
        authority: authority.into(),
        lead: lead.into(),
        departments: texts(co),
        priority: priority.into(),
        respond: None,
        resolve: None,
        scopes: texts("event;major"),
    }
}

fn categories() -> Vec<pb::Category> {
    use common::{LimitKind, Priority, Tier};
    let with = |category: pb::Category, resolve| pb::Category { resolve, ..category };
    vec![
        with(
            category(CARS, "机动车乱停放", Tier::Grid, "DEP-jiaoguan", "DEP-chengguan", Priority::High),
            limit(LimitKind::UrgentHour, 2),
        ),
        with(
            category(TREES, "行道树异常", Tier::Grid, "DEP-yuanlin", "DEP-jiaoguan", Priority::High),
            limit(LimitKind::WorkDay, 2),
        ),
        category(LITTER, "暴露垃圾", Tier::Grid, "DEP-chengguan", "", Priority::Normal),
        with(
            category(GAS, "燃气泄漏", Tier::Community, "UT-ranqi", "", Priority::Normal),
            limit(LimitKind::WorkDay, 5),
        ),
        category(
            POLICY,
            "惠企政策宣讲与咨询",
            Tier::District,
            "RG-yingshang",
            "DEP-shuiwu;DEP-zhaoshang;DEP-shenpi",
            Priority::High,
        ),
    ]
}

fn rule(
    category: &str,
    all: &str,
    any: &str,
    none: &str,
    weight: u32,
    priority: common::Priority,
) -> pb::KeywordRule {
    pb::KeywordRule {
        category: category.into(),
        all: texts(all),
        any: texts(any),
        none: texts(none),
        weight,
        priority: priority.into(),
    }
}

fn rules() -> Vec<pb::KeywordRule> {
    use common::Priority::{High, Unspecified, Urgent};
    vec![
        rule(CARS, "", "挪车;车堵;堵住单元门", "施工;高峰", 12, High),
        rule(CARS, "车", "堵住;挡住;出不去", "电动车;共享单车", 10, High),
        rule(TREES, "", "树木倾斜;歪树;树歪;大树倾斜", "古树", 12, High),
        rule(TREES, "树", "倾斜;歪;要倒;修剪", "古树", 10, High),
        rule(LITTER, "垃圾", "堆;臭", "", 10, Unspecified),
        rule(GAS, "", "燃气泄漏;漏气;煤气味", "", 14, Urgent),
        rule(GAS, "", "燃气", "", 10, Unspecified),
        rule(POLICY, "", "惠企政策;政策宣讲", "", 14, High),
        rule(POLICY, "政策", "园区;企业;租户", "拆迁", 8, High),
    ]
}

pub fn boundary(area: &str, ring: &[(f64, f64)]) -> pb::Boundary {
    let point = |(longitude, latitude): &(f64, f64)| common::Point {
        latitude: *latitude,
        longitude: *longitude,
        datum: 0,
    };
    pb::Boundary { area: area.into(), ring: ring.iter().map(point).collect(), holes: vec![] }
}

fn boundaries() -> Vec<pb::Boundary> {
    vec![
        boundary("420102", &[(114.26, 30.57), (114.41, 30.57), (114.41, 30.72), (114.26, 30.72)]),
        boundary("420102003", &[(114.294, 30.583), (114.306, 30.583), (114.306, 30.597), (114.294, 30.597)]),
        boundary(
            "420102003002",
            &[(114.2985, 30.587), (114.303, 30.587), (114.303, 30.592), (114.2985, 30.592)],
        ),
        boundary(
            "420102003002001",
            &[(114.2985, 30.587), (114.3, 30.587), (114.3, 30.592), (114.2985, 30.592)],
        ),
        boundary(
            "420102003002002",
            &[(114.3, 30.587), (114.303, 30.587), (114.303, 30.592), (114.3, 30.592)],
        ),
    ]
}

fn defaults() -> Vec<pb::DefaultLimit> {
    use common::{LimitKind, Priority};
    let default = |priority: Priority, respond, resolve| pb::DefaultLimit {
        priority: priority.into(),
        respond,
        resolve,
    };
    vec![
        default(Priority::Urgent, limit(LimitKind::UrgentHour, 1), limit(LimitKind::UrgentHour, 24)),
        default(Priority::High, limit(LimitKind::UrgentHour, 2), limit(LimitKind::WorkDay, 5)),
        default(Priority::Normal, limit(LimitKind::WorkHour, 4), limit(LimitKind::WorkDay, 5)),
    ]
}

fn calendar() -> common::Calendar {
    let span = |from: &str, to: &str| common::WorkSpan { from: from.into(), to: to.into() };
    common::Calendar {
        zone: "Asia/Shanghai".into(),
        hours: vec![span("08:30", "12:00"), span("14:00", "17:30")],
        holidays: vec!["2026-10-01".into(), "2026-10-02".into()],
        makeup_days: vec!["2026-10-10".into()],
    }
}

fn road(name: &str, area: &str, first: u32, last: u32) -> pb::Road {
    pb::Road { name: name.into(), area: area.into(), first, last, side: 0 }
}

/// The whole profile.
pub fn profile() -> pb::RoutingProfile {
    let place = |name: &str, area: &str| pb::Place { name: name.into(), area: area.into() };
    let condition = |code: &str, name: &str, words: &str| pb::Condition {
        code: code.into(),
        name: name.into(),
        keywords: texts(words),
    };
    let under = |category: &str, condition: &str, resolve| pb::ConditionLimit {
        category: category.into(),
        condition: condition.into(),
        resolve,
    };
    pb::RoutingProfile {
        district: DISTRICT.into(),
        areas: areas(),
        units: units(),
        categories: categories(),
        rules: rules(),
        boundaries: boundaries(),
        defaults: defaults(),
        calendar: Some(calendar()),
        places: vec![
            place("恒大双城", "420102010002002"),
            place("胜利街158号", "420102003002001"),
            place("一元里", "420102003"),
        ],
        conditions: vec![
            condition("exit_blocked", "出口被堵", "堵住;出不去"),
            condition("leaning", "倾斜", "倾斜;歪"),
            condition("danger", "有危险", "砸;要倒"),
        ],
        condition_limits: vec![
            under(CARS, "exit_blocked", limit(common::LimitKind::UrgentHour, 1)),
            under(TREES, "leaning", limit(common::LimitKind::WorkDay, 1)),
            under(TREES, "danger", limit(common::LimitKind::UrgentHour, 4)),
        ],
        learned_percent: 0,
        things: vec!["惠企政策".into()],
        danger: None,
        within: texts("湖北省;武汉市"),
        elsewhere: texts("江汉区;武昌区"),
        roads: vec![
            road("解放大道", "420102003002", 1, 99),
            road("解放大道", "420102003005", 0, 0),
            road("一元路", "420102010002", 0, 0),
        ],
        triage: Some(triage()),
        priority_people: people(),
        authority: Vec::new(),
        forces: Vec::new(),
        team: Vec::new(),
    }
}

fn people() -> Vec<pb::PriorityPeopleWords> {
    let words = |kind: i32, words: &str| pb::PriorityPeopleWords { kind, words: texts(words) };
    let (alone, disabled) = (common::PriorityKind::LivingAlone.into(), common::PriorityKind::Disabled.into());
    vec![words(alone, "独居老人;老人…一个人住"), words(disabled, "残疾人"), words(0, "残疾人通道")]
}

/// Red for as long again, the street is told, and then the district.
fn triage() -> pb::TriageRules {
    let rung = |percent, tier: common::Tier| pb::TriageRung { percent, tier: tier.into() };
    let climbs = vec![rung(200, common::Tier::Street), rung(300, common::Tier::District)];
    pb::TriageRules { climbs, ..Default::default() }
}

/// Through the very validator that the wire goes through.
pub fn directory(profile: pb::RoutingProfile) -> Directory {
    let request = pb::ApplyProfileRequest {
        request_id: uuid::Uuid::now_v7().to_string(),
        profile: Some(profile),
        dry_run: false,
    };
    profile::apply(request).unwrap().directory
}

pub fn index() -> Index {
    Index::new(directory(profile())).unwrap()
}

pub fn submission(content: &str, location: Location, category: &str) -> Submission {
    Submission {
        number: "JA-20261120-000001".into(),
        district: DISTRICT.into(),
        submitted_at: now(),
        content: content.into(),
        title: String::new(),
        location,
        given_category: category.into(),
        demand: Demand::default(),
    }
}

pub fn at(address: &str) -> Location {
    Location { address: address.into(), ..Location::default() }
}

pub fn in_area(code: &str) -> Location {
    Location { area: code.into(), ..Location::default() }
}

pub fn around(latitude: f64, longitude: f64) -> Location {
    Location { point: Some(Point::new(latitude, longitude)), ..Location::default() }
}

pub fn decided(routing: Routing) -> Decision {
    match routing {
        Routing::Decided(decision) => *decision,
        Routing::Queued { undecided, partial } => {
            panic!("undecided {undecided:?}:\n{}", reasons(&partial.reasons))
        }
    }
}

pub fn reasons(reasons: &[Reason]) -> String {
    reasons.iter().map(|it| format!("{}: {}\n", it.rule, it.text)).collect()
}

/// A decision as a page of text.
pub fn told(it: &Decision) -> String {
    format!(
        "area {} · category {} · tier {} · holder {} · departments {} · priority {}\nrespond {} by {} · resolve {} by {}\n\n{}",
        it.area,
        it.category,
        it.tier,
        it.holder,
        it.departments.join(","),
        it.priority.as_str(),
        it.respond,
        it.respond_due_at,
        it.resolve,
        it.resolve_due_at,
        reasons(&it.reasons)
    )
}
