//! What people wrote stays text.

use huying_report::{Report, csv, html, mark::escaped};

use super::{
    example::{month, small},
    sound::read,
};

/// A report in which every name is this text.
pub fn named(text: &str) -> Report {
    let mut report = month();
    report.title = text.into();
    report.area.name = text.into();
    report.district.name = text.into();
    let rows = report.areas.iter_mut().chain(&mut report.categories);
    rows.chain(report.units.iter_mut().map(|unit| &mut unit.row)).for_each(|row| row.name = text.into());
    for unit in &mut report.units {
        (unit.kind, unit.grade) = (text.into(), text.into());
    }
    for count in &mut report.counts {
        (count.name, count.unit, count.definition) = (text.into(), text.into(), text.into());
    }
    for rate in &mut report.rates {
        rate.name = text.into();
        rate.definition.numerator = text.into();
        rate.definition.exclusions = text.into();
    }
    report.tiers.iter_mut().flatten().for_each(|tier| tier.name = text.into());
    report.ages.iter_mut().for_each(|age| age.name = text.into());
    for issue in &mut report.issues {
        (issue.words, issue.place, issue.measures) = (vec![text.into(); 12], text.into(), text.into());
    }
    report.notes = vec![text.into(); 3];
    report
}

#[test]
fn nothing_breaks_out_of_a_page() {
    for text in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onload='x",
        "</style><script>",
        "--><b>",
        "]]>&lt;",
        "&amp;nbsp;",
    ] {
        let page = html(&named(text));
        read(&page);
        assert!(!page.contains(text), "{text}");
        assert!(page.contains(&escaped(text)), "{text} is shown as it is");
    }
}

#[test]
fn nothing_turns_the_direction_or_hides() {
    let page = html(&named("\u{202e}区岸江\u{2066}\u{200b}\u{0}\u{1b}\u{feff}\u{ffff}！"));
    read(&page);
    assert!(page.contains("区岸江！"));
}

#[test]
fn a_page_fetches_nothing() {
    for page in [html(&month()), html(&named("url(http://x) @import <link>"))] {
        let fetched = ["<img", "<script", "<link", "<iframe", "href", "src=", "<foreignObject", "<use"];
        assert!(fetched.iter().all(|word| !page.contains(word)));
        assert!(page.contains("default-src &#39;none&#39;"));
        let style = &page[page.find("<style>").unwrap()..page.find("</style>").unwrap()];
        assert!(!style.contains("url(") && !style.contains("@import"));
    }
}

#[test]
fn a_long_name_is_cut() {
    let page = html(&named(&"很长的单位名称".repeat(30)));
    let units = &page[page.find("<table class=\"units\">").unwrap()..];
    let units = &units[..units.find("</table>").unwrap()];
    assert!(!units.contains(&"很长的单位名称".repeat(5)), "a name has at most 30 characters");
    assert!(units.contains("很长的单位名称很长的单位名称很长的单位名称很长的单位名称很…"));
}

#[test]
fn a_formula_in_a_table_is_text() {
    for text in ["=HYPERLINK(\"http://x\")", "+1", "-1+1", "@SUM(A1)", "＝1"] {
        let table = csv(&named(text)).unwrap();
        for row in ::csv::Reader::from_reader(&table[3..]).into_records().map(Result::unwrap) {
            let runs = |cell: &str| cell.starts_with(['=', '+', '@', '＝']);
            assert!(!row.iter().any(runs), "{row:?}");
        }
    }
    let mut less = small();
    less.rates[0].value = huying_report::Number::of(-0.25);
    let table = String::from_utf8(csv(&less).unwrap()).unwrap();
    assert!(table.contains(",now,-0.25,share,"), "a number is no formula");
}
