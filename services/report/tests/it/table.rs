//! The long table and the value.

use huying_report::{Issue, Report, csv, json};

use super::example::{month, small};

fn rows(report: &Report) -> Vec<::csv::StringRecord> {
    let table = csv(report).unwrap();
    assert!(table.starts_with("\u{feff}".as_bytes()), "spreadsheets take it for UTF-8");
    ::csv::Reader::from_reader(&table[3..]).into_records().map(Result::unwrap).collect()
}

#[test]
fn a_table_of_everything() {
    let table = String::from_utf8(csv(&small()).unwrap()).unwrap();
    insta::assert_snapshot!("csv", table.trim_start_matches('\u{feff}').replace("\r\n", "\n"));
}

#[test]
fn a_value_with_stable_names() {
    insta::assert_snapshot!("json", json(&small()).unwrap());
}

#[test]
fn a_row_is_told_once() {
    let mut keys: Vec<_> = rows(&month())
        .iter()
        .map(|row| [0, 2, 3, 4, 6].map(|n| row[n].to_owned()))
        .filter(|key| !["issue", "topic"].iter().any(|by| key[1].starts_with(by)))
        .collect();
    let all = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), all, "figure, by, key, key2 and period name a value");
}

/// The first of those that are ranked by people and the first of those that are ranked by cases are not taken for one.
#[test]
fn ranks_by_people_and_by_cases_are_told_apart() {
    let mut report = small();
    report.issues.insert(0, Issue { people: None, cases: 4, trend: vec![3, 1], ..report.issues[0].clone() });
    let rows = rows(&report);
    let told = |by: &str| -> Vec<[String; 3]> {
        let of = rows.iter().filter(|row| &row[2] == by);
        of.map(|row| [0, 4, 7].map(|n| row[n].to_owned())).collect()
    };
    assert_eq!(told("topic"), [["cases", "", "4"]]);
    assert_eq!(told("topic_step"), [["cases", "1", "3"], ["cases", "2", "1"]]);
    assert_eq!(told("issue"), [["people", "", "87"], ["cases", "", "116"]]);
}

#[test]
fn what_has_no_value_is_empty() {
    let mut report = small();
    (report.rates[0].value, report.rates[0].before) = (None, None);
    let rows = rows(&report);
    let told: Vec<_> = rows.iter().filter(|row| &row[0] == "response" && &row[2] == "total").collect();
    assert_eq!(told.len(), 2, "now and last year");
    assert_eq!((&told[0][6], &told[0][7]), ("now", ""));
}

#[test]
fn a_value_is_read_with_fields_missing() {
    let mut value: serde_json::Value =
        serde_json::from_str(&json(&super::example::empty()).unwrap()).unwrap();
    for list in [
        "counts",
        "rates",
        "series",
        "tiers",
        "units",
        "areas",
        "categories",
        "heat",
        "ages",
        "issues",
        "notes",
    ] {
        value.as_object_mut().unwrap().remove(list).unwrap();
    }
    let report: Report = serde_json::from_value(value).unwrap();
    assert_eq!(report, Report { tiers: None, heat: None, ..super::example::empty() });
}
