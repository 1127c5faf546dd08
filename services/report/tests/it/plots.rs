//! Plots as they are drawn. To see one, open its snapshot's SVG in a browser.

use huying_report::{Step, plot};

use super::example::{month, number, series, small};

/// A tag in a line.
fn lines(svg: impl ToString) -> String {
    svg.to_string().replace("><", ">\n<")
}

#[test]
fn rates_over_time() {
    insta::assert_snapshot!("rates", lines(plot::rates(&small()).unwrap()));
}

#[test]
fn tiers() {
    insta::assert_snapshot!("tiers", lines(plot::tiers(&small()).unwrap()));
}

#[test]
fn ages() {
    insta::assert_snapshot!("ages", lines(plot::ages(&small()).unwrap()));
}

#[test]
fn heat() {
    insta::assert_snapshot!("heat", lines(plot::heat(&small()).unwrap()));
}

#[test]
fn trend_and_bar() {
    insta::assert_snapshot!("trend", lines(plot::trend(&[0, 1, 5, 2]).unwrap()));
    insta::assert_snapshot!("bar", lines(plot::bar(0.25)));
    assert!(plot::trend(&[]).is_none() && plot::trend(&[0, 0]).is_none());
}

#[test]
fn a_line_is_broken_where_there_is_no_value() {
    let svg = plot::rates(&month()).unwrap().to_string();
    let paths: Vec<_> = svg.split("<path d=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(paths.len(), 3);
    assert_eq!(paths.map_moves(), [1, 1, 3], "two gaps make three pieces");
}

trait Moves {
    fn map_moves(&self) -> Vec<usize>;
}

impl Moves for Vec<&str> {
    fn map_moves(&self) -> Vec<usize> {
        self.iter().map(|path| path.matches('M').count()).collect()
    }
}

#[test]
fn many_points_have_no_marks_and_few_names() {
    let report = huying_report::Report { series: series(Step::Day, 365), ..month() };
    let svg = plot::rates(&report).unwrap().to_string();
    // One beside each name, and one for the point that stands alone between the gaps.
    assert_eq!(svg.matches("<circle").count(), 1);
    assert!(svg.matches("text-anchor=\"middle\"").count() < 20, "names do not lie over each other");
}

#[test]
fn one_point_and_equal_values_can_be_drawn() {
    let mut report = huying_report::Report { series: series(Step::Day, 1), ..month() };
    for line in &mut report.series.lines {
        line.values = vec![Some(number(1.0))];
    }
    let svg = plot::rates(&report).unwrap().to_string();
    assert_eq!(svg.matches(">100%<").count(), 1);
    assert!(svg.contains("响应率 100.0%") && svg.contains("满意率 100.0%"));
}
