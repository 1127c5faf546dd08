//! However much a report holds, its page stays readable and small.

use huying_report::{Cell, Report, Step, bounds, csv, html, json, plot, say, xlsx};

use super::{
    example::{ages, empty, month, number, row, series, street, unit},
    hostile,
    sound::read,
};

/// 300 units, 200 areas, 150 categories, 40 issues, a year of days.
fn crowded() -> Report {
    let mut report = month();
    report.units = (0..300).map(|n| unit(n, &format!("第{n}单位"), "部门", n as u32 + 1, 0.9)).collect();
    report.areas = (0..200).map(|n| row(&format!("A{n:03}"), &format!("第{n}社区"))).collect();
    report.categories = (0..150).map(|n| row(&format!("K{n:03}"), &format!("第{n}类"))).collect();
    let cells = (0..30_000_u64).map(|n| Cell {
        area: format!("A{:03}", n % 200),
        category: format!("K{:03}", n / 200),
        count: 1,
    });
    report.heat = Some(cells.collect());
    report.issues = (0..40).map(|_| report.issues[0].clone()).collect();
    report.series = series(Step::Day, 500);
    report
}

#[test]
fn the_rest_is_one_row_and_sums_stay() {
    let report = crowded();
    let page = html(&report);
    read(&page);
    let table = |class: &str| {
        let table = &page[page.find(&format!("<table class=\"{class}\">")).unwrap()..];
        &table[..table.find("</table>").unwrap()]
    };
    let units = table("units");
    assert!(units.contains("第98单位") && !units.contains("第99单位"));
    assert!(units.contains("其他 201 个单位（见表格文件）"));
    assert_eq!(
        table("left").matches("<tr").count(),
        2 + bounds::LEFT_OUT,
        "a head and the whole, and no more"
    );
    assert!(table("left").contains("个单位（见表格文件）"));
    assert!(page.contains("另有 20 个共性问题，见表格文件。"));
    let heat = plot::heat(&report).unwrap().to_string();
    let shown = |what: &str| heat.matches(what).count();
    assert_eq!(shown("社区</text>"), bounds::AREAS - 1);
    assert_eq!(shown("类</text>"), bounds::CATEGORIES - 1);
    assert!(heat.contains("“其他”是其余 183 个区域、139 个类别，不着色"));
    assert!(heat.contains("30,000"), "all are counted");
    assert!(heat.contains(&say::count(183 * 139)) || heat.contains("2.5万"), "and the rest of both");
}

#[test]
fn a_page_stays_small() {
    assert!(html(&month()).len() < 120_000, "{}", html(&month()).len());
    let mut report = crowded();
    let hostile = hostile::named(&"\"".repeat(10_000));
    for unit in &mut report.units {
        unit.row.name = "\"".repeat(10_000);
    }
    (report.counts, report.rates, report.notes) = (hostile.counts, hostile.rates, hostile.notes);
    report.issues = vec![hostile.issues[0].clone(); 40];
    let page = html(&report);
    read(&page);
    assert!(page.len() < 2_000_000, "{}", page.len());
    assert!(xlsx(&report).is_ok());
}

#[test]
fn nothing_is_said_and_not_drawn() {
    let page = html(&empty());
    for said in [
        "本期没有可以汇报的数据。",
        "本期没有指标。",
        "本期没有可画的比率。",
        "本期没有件到达各层级。",
        "没有逾期未结的件。",
        "本期没有受理。",
        "本报告没有列出共性问题。",
        "本期没有单位被评价。",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.contains("<svg") && !page.contains("0.0%"));
}

/// A street is told neither tiers nor what came by area and category: that is no month in which there was nothing.
#[test]
fn what_nobody_asked_for_is_not_nothing() {
    let page = html(&street());
    for said in [
        "办结层级只按江岸区整体统计，见江岸区的报告。",
        "受理的类别只分到江岸区的下一级区域，见江岸区的报告。",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.contains("本期没有件到达各层级。") && !page.contains("本期没有受理。"));
    let table = String::from_utf8(csv(&street()).unwrap()).unwrap();
    assert!(!table.contains(",tier,") && !table.contains(",area_category,"), "{table}");
    let value: serde_json::Value = serde_json::from_str(&json(&street()).unwrap()).unwrap();
    assert!(value.get("tiers").is_none() && value.get("heat").is_none() && value.get("ages").is_some());
}

#[test]
fn nothing_overdue_is_said() {
    let mut report = Report { ages: ages([0; 5]), ..month() };
    assert!(plot::ages(&report).is_none());
    report.counts.retain(|it| it.code != "overdue_open");
    let page = html(&report);
    assert!(page.contains("没有逾期未结的件。") && !page.contains("最久的一档"));
}

/// Whoever counts may know how many are overdue and not for how long: then it is not said that none are.
#[test]
fn what_is_overdue_is_said_also_without_ages() {
    let page = html(&Report { ages: Vec::new(), ..month() });
    assert!(page.contains("逾期未结 46 件，没有按时长细分。") && !page.contains("没有逾期未结的件。"));
}

#[test]
fn without_callbacks_there_is_a_dash_and_no_zero() {
    let mut report = month();
    for rate in &mut report.rates {
        (rate.value, rate.numerator, rate.denominator) = (None, None, None);
    }
    report.series.lines.iter_mut().for_each(|line| line.values.iter_mut().for_each(|value| *value = None));
    report.units.iter_mut().for_each(|unit| unit.row.rates.clear());
    let page = html(&report);
    assert!(page.contains("响应率 –，解决率 –，满意率 –"));
    assert!(page.contains("本期没有可画的比率。"));
    assert!(!page.contains(">0.0%<"));
}

#[test]
fn one_unit_and_all_or_nothing() {
    let mut report = month();
    report.units.truncate(1);
    report.units[0].row.rates.insert("response".into(), number(0.0));
    report.units[0].row.rates.insert("resolution".into(), number(1.0));
    let page = html(&report);
    assert!(page.contains(">0.0%<") && page.contains(">100.0%<"));
    assert!(!page.contains("最低的是"), "one is neither best nor worst");
}
