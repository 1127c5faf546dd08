//! Reports to test with: a month of a district that might have been, a small one, and one with nothing in it.

use chrono::{DateTime, Days, Months, NaiveDate};
use huying_report::{
    Age, Better, Cell, Count, Definition, Issue, Line, Measure, Named, Number, Period, Rate, Report, Row,
    Series, Step, Tier, Unit,
};

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn number(value: f64) -> Number {
    Number::of(value).unwrap()
}

fn named(code: &str, name: &str) -> Named {
    Named { code: code.into(), name: name.into() }
}

pub fn row(code: &str, name: &str) -> Row {
    Row { code: code.into(), name: name.into(), ..Row::default() }
}

/// The same for the same `n`, and without a pattern to the eye: 0 to 1.
fn chance(n: usize) -> f64 {
    let mixed = (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) as f64 / (1_u64 << 24) as f64
}

/// Nothing was counted.
pub fn empty() -> Report {
    Report {
        title: "民呼我应月报".into(),
        district: named("420102", "江岸区"),
        area: named("420102", "江岸区"),
        period: Period { from: day("2026-10-01"), to: day("2026-10-31") },
        before: None,
        last_year: None,
        as_of: DateTime::parse_from_rfc3339("2026-11-01T08:30:00+08:00").unwrap(),
        counts: vec![],
        rates: vec![],
        grade: String::new(),
        series: Series::default(),
        tiers: Some(vec![]),
        units: vec![],
        areas: vec![],
        categories: vec![],
        heat: Some(vec![]),
        ages: vec![],
        issues: vec![],
        notes: vec![],
    }
}

fn count(code: &str, name: &str, told: [u64; 3], better: Better, definition: &str) -> Count {
    Count {
        code: code.into(),
        name: name.into(),
        unit: "件".into(),
        value: told[0],
        before: Some(told[1]),
        last_year: (told[2] > 0).then_some(told[2]),
        better,
        left_out: ["declined", "withdrawn"].contains(&code),
        definition: definition.into(),
    }
}

pub fn rate(code: &str, name: &str, parts: [f64; 2], told: [f64; 2], definition: [&str; 3]) -> Rate {
    let [numerator, denominator, exclusions] = definition.map(str::to_owned);
    Rate {
        code: code.into(),
        name: name.into(),
        measure: Measure::Share,
        value: Number::of(parts[0] / parts[1]),
        numerator: Number::of(parts[0]),
        denominator: Number::of(parts[1]),
        before: Number::of(told[0]),
        last_year: Number::of(told[1]),
        better: Better::Higher,
        definition: Definition { numerator, denominator, exclusions },
    }
}

fn counts() -> Vec<Count> {
    let (up, down, level) = (Better::Higher, Better::Lower, Better::Neither);
    vec![
        count(
            "submitted",
            "受理",
            [3412, 5193, 4131],
            level,
            "本期登记的诉求，撤回的也在内；合并的各计一件。",
        ),
        count("settled", "办结", [3287, 4986, 3990], up, "本期销号的件，按办结时间计。"),
        count("open", "在办", [486, 361, 0], down, "期末尚未销号的件。"),
        count("overdue_open", "逾期未结", [46, 31, 58], down, "在办件中，期末已过办结时限的。"),
        count("reopened", "重办", [64, 97, 80], down, "本期因回访不通过、异议或督办重新办理的件。"),
        count("returned", "退回", [118, 0, 121], down, "单位退回、由上级改派的次数。"),
        count("declined", "依规不予办理", [23, 19, 17], level, "经区级批准、以目录所列理由不予办理的件。"),
        count("withdrawn", "撤回", [57, 57, 49], level, "来话人自行撤回的件；办结之后撤回的仍参加回访。"),
    ]
}

fn rates() -> Vec<Rate> {
    let reached = "接通并作出评价的回访";
    let out = "未接通的回访；经批准不予办理的件";
    let mut score = rate(
        "score",
        "综合得分",
        [0.934, 1.0],
        [0.921, 0.905],
        ["响应率×0.1＋解决率×0.5＋满意率×0.4", "", "没有回访样本的单位不计"],
    );
    (score.measure, score.numerator, score.denominator) = (Measure::Score, None, None);
    let satisfied = "满意计1、基本满意计0.9、不满意计0，求和";
    let mut days = rate(
        "days",
        "平均办结时长",
        [2.4, 1.0],
        [2.7, f64::NAN],
        ["从受理到办结的工作日之和", "办结的件", "挂起期间"],
    );
    (days.measure, days.numerator, days.denominator, days.better) =
        (Measure::Days, None, None, Better::Lower);
    let mut rework =
        rate("rework", "重办率", [64.0, 3287.0], [0.0195, 0.021], ["重办的件", "办结的件", "无"]);
    rework.better = Better::Lower;
    vec![
        rate("response", "响应率", [2391.0, 2404.0], [0.989, 0.981], ["被联系过的回访", reached, out]),
        rate("resolution", "解决率", [2226.0, 2404.0], [0.931, 0.902], ["答“已解决”的回访", reached, out]),
        rate("satisfaction", "满意率", [2194.6, 2404.0], [0.898, 0.887], [satisfied, reached, out]),
        score,
        rate(
            "on_time",
            "按时办结率",
            [3131.0, 3333.0],
            [0.951, 0.94],
            ["在时限内办结的件", "办结的件＋逾期未结的件", "挂起的时间不计入时限"],
        ),
        rate("reach", "回访接通率", [2404.0, 3287.0], [0.705, f64::NAN], ["接通的回访", "全部回访", "无"]),
        rework,
        days,
    ]
}

/// Rates that wander, the third with two gaps.
pub fn series(step: Step, count: usize) -> Series {
    let start = |n: usize| match step {
        Step::Day => day("2026-10-01").checked_add_days(Days::new(n as u64)),
        Step::Week => day("2026-08-03").checked_add_days(Days::new(7 * n as u64)),
        Step::Month => day("2025-10-01").checked_add_months(Months::new(n as u32)),
    };
    let line = |rate: &str, from: f64, to: f64, noise: f64, salt: usize| Line {
        rate: rate.into(),
        values: (0..count)
            .map(|n| {
                let part = n as f64 / (count - 1).max(1) as f64;
                let is_gap = salt == 300 && (n == 4 || n == 6);
                let value = from + (to - from) * part + noise * (chance(n + salt) - 0.5);
                (!is_gap).then(|| number(value.clamp(0.0, 1.0)))
            })
            .collect(),
    };
    let lines = vec![
        line("response", 0.978, 0.995, 0.01, 100),
        line("resolution", 0.90, 0.926, 0.03, 200),
        line("satisfaction", 0.882, 0.913, 0.03, 300),
    ];
    Series { step, starts: (0..count).map(|n| start(n).unwrap()).collect(), lines }
}

/// Thirteen months, the last of which is this one.
fn months() -> Series {
    let mut series = series(Step::Month, 13);
    for (line, rate) in series.lines.iter_mut().zip(rates()) {
        line.values[12] = rate.value;
    }
    series
}

pub const AREAS: [&str; 17] = [
    "大智街道",
    "一元街道",
    "车站街道",
    "四唯街道",
    "永清街道",
    "西马街道",
    "球场街道",
    "劳动街道",
    "二七街道",
    "新村街道",
    "丹水池街道",
    "台北街道",
    "花桥街道",
    "谌家矶街道",
    "后湖街道",
    "塔子湖街道",
    "百步亭花园管理委员会",
];
const DEPARTMENTS: [&str; 8] = [
    "区城市管理执法局",
    "区住房保障和房屋管理局",
    "区水务和湖泊局",
    "区市场监督管理局",
    "区公安分局交通大队",
    "区园林和林业局",
    "区生态环境分局",
    "国网武汉供电公司江岸供电中心",
];
const CATEGORIES: [&str; 15] = [
    "物业管理",
    "噪声扰民",
    "占道经营",
    "垃圾清运",
    "房屋漏水",
    "路面破损",
    "违法建设",
    "停车管理",
    "供水供电",
    "油烟污染",
    "下水道堵塞",
    "路灯照明",
    "树木修剪",
    "消费维权",
    "其他城市管理问题",
];

fn figures(row: &mut Row, n: usize) {
    let submitted = 40 + (chance(n) * 320.0) as u64;
    let overdue = (chance(n + 31) * 7.0) as u64;
    row.counts = [
        ("submitted", submitted),
        ("settled", submitted - overdue - 4),
        ("overdue_open", overdue),
        ("returned", (chance(n + 57) * 15.0) as u64),
        ("reopened", (chance(n + 77) * 9.0) as u64),
        ("declined", (chance(n + 91) * 4.0) as u64),
        ("withdrawn", (chance(n + 97) * 6.0) as u64),
    ]
    .map(|(code, count)| (code.to_owned(), count))
    .into();
}

pub fn unit(n: usize, name: &str, kind: &str, rank: u32, score: f64) -> Unit {
    let mut row = row(&format!("U-{n:03}"), name);
    figures(&mut row, n);
    let near = |spread: f64, salt: usize| number((score + spread * (chance(n + salt) - 0.4)).clamp(0.0, 1.0));
    row.rates = [
        ("response", number(1.0 - 0.03 * chance(n + 5))),
        ("resolution", near(0.05, 11)),
        ("satisfaction", near(0.06, 13)),
        ("on_time", near(0.08, 17)),
        ("score", number(score)),
    ]
    .map(|(code, rate)| (code.to_owned(), rate))
    .into();
    let grade = match score {
        0.95.. => "优秀",
        0.90.. => "良好",
        0.80.. => "合格",
        _ => "不合格",
    };
    Unit { row, kind: kind.into(), rank: Some(rank), grade: grade.into() }
}

/// 25 units; the third shares its rank, and the last is not judged.
fn units() -> Vec<Unit> {
    let names = AREAS.map(|name| (name, "街道")).into_iter().chain(DEPARTMENTS.map(|name| (name, "部门")));
    let mut units: Vec<_> = names
        .enumerate()
        .map(|(n, (name, kind))| {
            let rank = if n == 3 { 3 } else { n as u32 + 1 };
            unit(n, name, kind, rank, 0.984 - 0.009 * (rank - 1) as f64)
        })
        .collect();
    let last = units.last_mut().unwrap();
    (last.rank, last.grade) = (None, String::new());
    last.row.rates.clear();
    units
}

fn heat(areas: &[Row], categories: &[Row]) -> Vec<Cell> {
    let pairs = areas.iter().enumerate().flat_map(|(n, area)| {
        categories.iter().enumerate().map(move |(m, category)| {
            let many = 70.0 * chance(3 * n + 41) * chance(5 * m + 7) * chance(n * 17 + m * 29) * 1.6;
            Cell { area: area.code.clone(), category: category.code.clone(), count: many as u64 }
        })
    });
    pairs.collect()
}

fn tier(code: &str, name: &str, counts: [u64; 3]) -> Tier {
    let [received, settled, own] = counts;
    let own_rate = Number::of(own as f64 / settled as f64);
    let open = (received - settled) / 5;
    Tier { code: code.into(), name: name.into(), received, open, settled, own, own_rate }
}

pub fn ages(counts: [u64; 5]) -> Vec<Age> {
    let names = [
        ("under_1", "不足1天"),
        ("1_3", "1至3天"),
        ("3_7", "3至7天"),
        ("7_15", "7至15天"),
        ("over_15", "超过15天"),
    ];
    let ages = names.into_iter().zip(counts);
    ages.map(|((code, name), count)| Age { code: code.into(), name: name.into(), count }).collect()
}

fn issues() -> Vec<Issue> {
    let told = [
        (
            1,
            "二次供水 水压低 夜间停水",
            "后湖街道 幸福人家小区",
            87,
            "已立项，区水务和湖泊局牵头，11月底前换泵",
        ),
        (2, "施工噪声 夜间渣土车", "塔子湖街道 兴业路", 64, "约谈施工单位，限22时后停工"),
        (3, "电动车充电桩 不足", "百步亭花园", 41, ""),
        (3, "油烟 餐饮 扰民", "车站街道 吉庆街", 41, "安装在线监测"),
        (5, "路面塌陷", "丹水池街道 江岸路与解放大道交叉口以北一百米处", 28, "待立项"),
        (6, "电梯 停运 老人出行难 维修资金", "花桥街道 台北一路小区", 23, ""),
    ];
    let issues = told.into_iter().enumerate().map(|(n, (rank, words, place, people, measures))| Issue {
        rank,
        words: words.split(' ').map(str::to_owned).collect(),
        place: place.into(),
        people: Some(people),
        cases: people + people / 3,
        first: Some(day("2026-10-02").checked_add_days(Days::new(2 * n as u64)).unwrap()),
        last: Some(day("2026-10-30").checked_sub_days(Days::new(n as u64)).unwrap()),
        trend: (0..13).map(|step| (chance(step + 20 * n) * (step + 2) as f64) as u64).collect(),
        measures: measures.into(),
    });
    issues.collect()
}

/// October 2026 in 江岸区, as it might have been.
pub fn month() -> Report {
    let rows = |names: &[&str], letter: &str, salt: usize| -> Vec<Row> {
        let rows = names.iter().enumerate().map(|(n, name)| {
            let mut row = row(&format!("{letter}{n:02}"), name);
            figures(&mut row, n + salt);
            row
        });
        rows.collect()
    };
    let (areas, categories) = (rows(&AREAS, "A", 0), rows(&CATEGORIES, "K", 400));
    Report {
        before: Some(Period { from: day("2026-09-01"), to: day("2026-09-30") }),
        last_year: Some(Period { from: day("2025-10-01"), to: day("2025-10-31") }),
        counts: counts(),
        rates: rates(),
        grade: "良好".into(),
        series: months(),
        tiers: Some(vec![
            tier("grid", "网格", [2861, 2204, 2204]),
            tier("community", "社区", [702, 431, 398]),
            tier("street", "街道", [640, 512, 207]),
            tier("district", "区", [188, 140, 61]),
        ]),
        units: units(),
        heat: Some(heat(&areas, &categories)),
        areas,
        categories,
        ages: ages([14, 12, 9, 8, 3]),
        issues: issues(),
        notes: vec!["本期经批准剔除 23 件（不可抗力 9 件、政策所限 14 件），均计入“依规不予办理”。".into()],
        ..empty()
    }
}

/// The same of a street: what is told of the whole district alone is not asked for.
pub fn street() -> Report {
    Report { area: named("420102003", "一元街道"), tiers: None, heat: None, ..month() }
}

/// As small as one that has everything.
pub fn small() -> Report {
    let month = month();
    let units = vec![unit(0, "一元街道", "街道", 1, 0.95), unit(1, "大智街道", "街道", 1, 0.95)];
    let cell =
        |area: &str, category: &str, count| Cell { area: area.into(), category: category.into(), count };
    Report {
        counts: month.counts[..2].to_vec(),
        rates: month.rates[..4].to_vec(),
        series: series(Step::Week, 3),
        tiers: month.tiers.as_ref().map(|it| it[..2].to_vec()),
        units,
        areas: month.areas[..2].to_vec(),
        categories: month.categories[..2].to_vec(),
        heat: Some(vec![cell("A00", "K00", 12), cell("A01", "K00", 3), cell("A01", "K01", 1)]),
        issues: month.issues[..1].to_vec(),
        ..month
    }
}
