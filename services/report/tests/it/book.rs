//! The workbook, read back.

use std::io::{Cursor, Read as _};

use calamine::{Data, DataType as _, Range, Reader as _, Xlsx};
use huying_report::xlsx;

use super::{
    example::{day, month, street},
    hostile,
};

fn sheet(report: &huying_report::Report, name: &str) -> Range<Data> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx(report).unwrap())).unwrap();
    book.worksheet_range(name).unwrap()
}

/// The cells of a row below these heads.
fn of<'a>(sheet: &'a Range<Data>, first: &str, heads: &[&str]) -> Vec<&'a Data> {
    let rows: Vec<_> = sheet.rows().collect();
    let row = rows.iter().find(|row| row.iter().any(|cell| cell == first)).unwrap();
    let at = |head: &&str| rows[0].iter().position(|cell| cell == *head).unwrap_or_else(|| panic!("{head}"));
    heads.iter().map(|head| &row[at(head)]).collect()
}

#[test]
fn a_sheet_for_each_part() {
    let book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx(&month()).unwrap())).unwrap();
    assert_eq!(
        book.sheet_names(),
        [
            "主要指标",
            "单位",
            "区域",
            "类别",
            "区域与类别",
            "办结层级",
            "指标走势",
            "逾期未结",
            "共性问题",
            "说明"
        ]
    );
}

#[test]
fn what_nobody_asked_for_has_no_sheet() {
    let book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx(&street()).unwrap())).unwrap();
    let names = book.sheet_names();
    assert_eq!(names.len(), 8);
    assert!(!names.iter().any(|name| name == "区域与类别" || name == "办结层级"), "{names:?}");
}

#[test]
fn figures_are_numbers() {
    let sheet = sheet(&month(), "主要指标");
    let told = of(&sheet, "submitted", &["指标", "本期", "上期", "环比", "同比"]);
    assert_eq!(told[..3], [&Data::String("受理".into()), &Data::Float(3412.0), &Data::Float(5193.0)]);
    let change = told[3].get_float().unwrap();
    assert!((change - (3412.0 / 5193.0 - 1.0)).abs() < 1e-12);
    let told = of(&sheet, "satisfaction", &["本期", "分子", "分母", "环比"]);
    assert!((told[0].get_float().unwrap() - 2194.6 / 2404.0).abs() < 1e-12);
    assert_eq!((told[1].get_float(), told[2].get_float()), (Some(2194.6), Some(2404.0)));
    assert!((told[3].get_float().unwrap() - (2194.6 / 2404.0 - 0.898) * 100.0).abs() < 1e-9, "points");
    assert_eq!(of(&sheet, "score", &["本期"])[0].get_float(), Some(93.4));
    assert!(of(&sheet, "returned", &["环比"])[0].is_empty(), "none the month before");
}

#[test]
fn all_rows_are_in_it() {
    let report = month();
    let units = sheet(&report, "单位");
    assert_eq!(units.height(), 26);
    let told = of(&units, "四唯街道", &["名次", "受理", "综合得分", "等次"]);
    assert_eq!(told[0].get_float(), Some(3.0));
    assert_eq!(told[1].get_float(), Some(report.units[3].row.counts["submitted"] as f64));
    assert!((told[2].get_float().unwrap() - 96.6).abs() < 1e-9);
    assert!(of(&units, "国网武汉供电公司江岸供电中心", &["名次", "综合得分"]).iter().all(|it| it.is_empty()));
    let heights = ["区域", "类别", "区域与类别", "办结层级", "指标走势", "逾期未结", "共性问题"]
        .map(|name| sheet(&report, name).height() - 1);
    assert_eq!(heights, [17, 15, 255, 4, 13, 5, 6]);
}

#[test]
fn days_are_days() {
    let issues = sheet(&month(), "共性问题");
    let first = of(&issues, "后湖街道 幸福人家小区", &["首次"])[0];
    assert_eq!(first.as_date(), Some(day("2026-10-02")));
    assert_eq!(of(&issues, "后湖街道 幸福人家小区", &["排名依据"])[0], "人数");
    let series = sheet(&month(), "指标走势");
    assert_eq!(series.rows().nth(1).unwrap()[0].as_date(), Some(day("2025-10-01")));
    assert!(series.rows().nth(5).unwrap()[3].is_empty(), "a gap");
}

#[test]
fn text_is_text() {
    let report = hostile::named("=1+1<script>");
    for name in ["单位", "区域", "共性问题"] {
        let sheet = sheet(&report, name);
        assert!(sheet.cells().any(|(_, _, cell)| cell == "=1+1<script>"), "{name}");
    }
}

#[test]
fn shares_are_shown_as_percentages() {
    let mut book = zip::ZipArchive::new(Cursor::new(xlsx(&month()).unwrap())).unwrap();
    let mut styles = String::new();
    book.by_name("xl/styles.xml").unwrap().read_to_string(&mut styles).unwrap();
    for format in ["0.0%", "+0.0%;-0.0%;0.0%", "个百分点", "yyyy-mm-dd"] {
        assert!(styles.contains(format), "{format}");
    }
}
