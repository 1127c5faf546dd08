//! What a page says.

use huying_report::{Issue, Period, html};

use super::{
    example::{day, month, number},
    sound::read,
};

fn said(report: &huying_report::Report) -> String {
    read(&html(report)).join("|")
}

#[test]
fn the_head_says_what_where_and_when() {
    let text = said(&month());
    for words in ["江岸区", "民呼我应月报", "统计期 2026年10月", "数据截至 2026年11月1日 08:30"]
    {
        assert!(text.contains(words), "{words}");
    }
    let mut street = month();
    (street.area.code, street.area.name) = ("420102003".into(), "一元街道".into());
    let text = said(&street);
    assert!(text.contains("一元街道") && text.contains("江岸区所属"));
}

#[test]
fn the_summary_tells_the_most_important() {
    let text = said(&month());
    for words in [
        "本期受理 3,412 件，环比下降 34.3%，同比下降 17.4%；响应率 99.5%，解决率 92.6%，满意率 91.3%。",
        "综合得分 93.4分，等次为良好。",
        "各单位综合得分最高的是大智街道（98.4分，第1名，优秀），最低的是区生态环境分局（77.7分，第24名，不合格）。",
        "不计入各率的有依规不予办理 23 件、撤回 57 件。",
        "逾期未结 46 件，最久的一档是超过15天（3 件）。",
        "反映最集中的是后湖街道 幸福人家小区“二次供水、水压低、夜间停水”（87 人）。",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

#[test]
fn figures_are_compared_where_there_is_something() {
    let page = html(&month());
    assert!(page.contains("<b>3,412</b>件"));
    assert!(page.contains("环比 <i class=\"even\">▼ −34.3%</i>"), "a volume is neither good nor bad");
    assert!(page.contains("环比 <i class=\"bad\">▲ +48.4%</i>"), "more are overdue");
    assert!(page.contains("同比 <i class=\"good\">▲ +2.4个百分点</i>"));
    // Returned: none the month before. Open: nothing known of last year.
    let card = |name: &str| {
        let at = page.find(&format!("<p class=\"name\">{name}</p>")).unwrap();
        &page[at..at + page[at..].find("</div>").unwrap()]
    };
    assert!(card("退回").contains("环比 <i class=\"even\">–</i>"), "{}", card("退回"));
    assert!(card("在办").contains("同比 <i class=\"even\">–</i>"), "{}", card("在办"));
    assert!(!page.contains("<p class=\"name\">撤回</p>"), "what no rate counts has a table of its own");
    assert!(card("满意率").contains("2,194.6 / 2,404"));
}

#[test]
fn units_that_are_equal_share_a_rank() {
    let page = html(&month());
    assert_eq!(page.matches(">并列 3<").count(), 2);
    assert!(page.contains(">5<") && !page.contains(">并列 5<"));
    let last = &page[page.find("国网武汉供电公司").unwrap()..];
    assert!(last[..last.find("</tr>").unwrap()].contains("<td class=\"grade\">–</td>"), "not judged");
}

#[test]
fn what_no_rate_counts_is_told_of_each_unit() {
    let mut report = month();
    let row = &mut report.units[7].row;
    row.counts.extend([("declined".to_owned(), 90), ("withdrawn".to_owned(), 1)]);
    row.rates.insert("declined".into(), number(0.225));
    let name = row.name.clone();
    for count in ["declined", "withdrawn"] {
        report.units[9].row.counts.insert(count.into(), 0);
    }
    let page = html(&report);
    let table = &page[page.find("<table class=\"left\">").unwrap()..];
    let table = &table[..table.find("</table>").unwrap()];
    let rows: Vec<&str> = table.split("<tr").skip(2).collect();
    assert!(
        rows[0].contains("江岸区 总体") && rows[0].contains(">23<") && rows[0].contains(">57<"),
        "{}",
        rows[0]
    );
    assert!(rows[1].contains(&name), "whose there are most come first: {}", rows[1]);
    assert!(rows[1].contains("90<small>22.5%</small>") && rows[1].contains(">1<"), "{}", rows[1]);
    assert!(!table.contains(&report.units[9].row.name), "a unit that has none is not in it");
    report.counts.iter_mut().for_each(|count| count.value = 0);
    report.units.iter_mut().for_each(|unit| unit.row.counts.clear());
    assert!(html(&report).contains("本期没有不计入各率的件。"));
}

#[test]
fn an_issue_is_told_in_its_words() {
    let page = html(&month());
    assert!(page.contains("<span>二次供水、</span><span>水压低、</span><span>夜间停水</span>"));
    assert!(page.contains("<span>后湖街道</span> <span>幸福人家小区</span>"));
    assert!(page.contains(">10/2–10/30<") && page.contains("待立项"));
    assert_eq!(page.matches("走势：").count(), 6, "each with its trend");
}

#[test]
fn what_is_ranked_by_people_and_by_cases_is_told_apart() {
    let mut report = month();
    let opened =
        Issue { rank: 1, people: None, cases: 4, words: vec!["占道停车".into()], ..Issue::default() };
    report.issues.insert(0, opened);
    let page = html(&report);
    assert_eq!(page.matches("<table class=\"issues\">").count(), 2);
    let at = |what: &str| page.find(what).unwrap();
    let (cases, people) = (at("按件数排名（未统计人数）："), at("按人数排名（一人反映多次只计一人）："));
    assert!(cases < at("<span>占道停车</span>") && at("<span>占道停车</span>") < people);
    assert!(people < at("<span>二次供水、</span>"));
    let text = said(&report);
    let both = "反映人数最多的是后湖街道 幸福人家小区“二次供水、水压低、夜间停水”（87 人）；立项问题中件数最多的是“占道停车”（4 件）。";
    assert!(text.contains(both), "{text}");
    report.issues.truncate(1);
    assert!(said(&report).contains("反映最集中的是“占道停车”（4 件）。"));
    assert!(!html(&report).contains("按人数排名"));
}

#[test]
fn every_figure_has_its_definition() {
    let report = month();
    let text = said(&report);
    for rate in &report.rates {
        assert!(text.contains(&rate.definition.numerator), "{}", rate.name);
        assert!(text.contains(&rate.definition.exclusions), "{}", rate.name);
    }
    for count in &report.counts {
        assert!(text.contains(&count.definition), "{}", count.name);
    }
    assert!(text.contains(&report.notes[0]));
    assert!(text.contains("层级下的百分比是自办结率"));
    assert!(text.contains("环比：与上期（2026年9月）比；同比：与上年同期（2025年10月）比。"));
    let first = huying_report::Report { before: None, last_year: None, ..report };
    assert!(said(&first).contains("环比：与上期（没有可比的时期）比"));
}

#[test]
fn a_week_is_named_by_its_days() {
    let week = Period { from: day("2026-10-05"), to: day("2026-10-11") };
    assert!(
        said(&huying_report::Report { period: week, ..month() }).contains("统计期 2026年10月5日至10月11日")
    );
}
