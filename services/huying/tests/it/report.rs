//! `huying report` of a real place: what happened to four cases on the page, in the workbook, in the table and in the value;
//! and what is asked for without a report.

use std::{fs, path::Path};

use calamine::{Reader as _, Xlsx};
use chrono::Duration;
use huying::up::{self, Options, say::Say};
use huying_chassis::{
    clock::{Clock, system_now},
    shutdown::Shutdown,
};
use huying_testing::eventually;
use serde_json::Value;
use tempfile::TempDir;

use super::command::{huying, said};

const GRID: &str = "420102003002001";
const STREET: &str = "420102003";
const UNIT: &str = "G-420102003002001";

/// A case that its grid has accepted.
pub async fn accepted(data: &Path) -> String {
    let submit = ["submit", "有车辆堵住楼栋出入口", "-o", "json", "--area", GRID];
    let taken: Value = serde_json::from_str(&said(data, &submit).await).unwrap();
    let number = taken["request"]["number"].as_str().unwrap().to_owned();
    eventually("the case is there", async || {
        huying(data, &["case", "accept", &number]).await.status.success().then_some(())
    })
    .await;
    number
}

/// One that it resolved, and what its reporter says.
async fn judged(data: &Path, verdict: &[&str]) -> String {
    let number = accepted(data).await;
    said(data, &["case", "resolve", &number, "--answer", "已挪开"]).await;
    let verdict = [&["callback", "verdict", &number], verdict].concat();
    eventually("the reporter is asked", async || huying(data, &verdict).await.status.success().then_some(()))
        .await;
    number
}

/// One is settled, one withdrawn, one's verdict struck out by an appeal, and one forgotten.
async fn four_cases(data: &Path) {
    judged(data, &["--satisfaction", "satisfied"]).await;
    let number = accepted(data).await;
    said(data, &["request", "withdraw", &number, "--reason", "已自行解决"]).await;
    let number = judged(data, &["--unsolved", "--satisfaction", "unsatisfied"]).await;
    said(data, &["appeal", "lodge", &number, "--ground", "facts", "当天已到场"]).await;
    said(data, &["appeal", "decide", &number, "--upheld", "照片属实", "--actor", "li"]).await;
    accepted(data).await;
}

/// A count, or a rate's value, by its code.
fn told<'a>(report: &'a Value, what: &str, code: &str) -> &'a Value {
    &report[what].as_array().unwrap().iter().find(|it| it["code"] == code).unwrap()["value"]
}

fn sum(ages: &Value) -> u64 {
    ages.as_array().unwrap().iter().map(|it| it["count"].as_u64().unwrap()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_is_told_in_every_form() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let jiangan = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/profiles/jiangan");
    let opened = system_now() - Duration::days(60);
    let clock = Clock::manual(opened);
    let options = Options { profiles: vec![jiangan], clock: Some(clock.clone()), ..Options::at(&data) };
    let running = Box::pin(up::start(options, &Say::nothing(), Shutdown::new())).await.unwrap();
    Box::pin(four_cases(&data)).await;
    clock.set(system_now());
    let day = |offset| (system_now() + Duration::days(offset)).format("%Y-%m-%d").to_string();
    let (from, until) = (day(-62), day(30));
    let ask = ["report", "--from", &from, "--until", &until, "--area", "420102"];
    let value = eventually("all is counted", async || {
        let value: Value =
            serde_json::from_str(&said(&data, &[&ask[..], &["-o", "json"]].concat()).await).ok()?;
        let counted = |code, number: u64| *told(&value, "counts", code) == number;
        let overdue = told(&value, "counts", "overdue_open").as_u64()?;
        let all = counted("settled", 1) && counted("withdrawn", 1) && counted("excluded", 1);
        (all && overdue == 2 && sum(&value["ages"]) == overdue).then_some(value)
    })
    .await;
    of_the_value(&value);
    let page = said(&data, &[&ask[..], &["-o", "html"]].concat()).await;
    of_the_page(&page);
    Box::pin(of_the_tables(&data, dir.path(), &ask)).await;
    // As the district has it.
    let month = (opened + Duration::hours(8)).format("%Y-%m").to_string();
    Box::pin(of_a_street(&data, &month)).await;
    Box::pin(of_the_answers(&data, &month)).await;
    running.begin_stop();
    Box::pin(running.serve(&Say::nothing())).await.unwrap();
}

fn of_the_value(value: &Value) {
    assert_eq!(told(value, "counts", "opened"), 4);
    assert_eq!(
        told(value, "rates", "score"),
        1.0,
        "who was asked is satisfied, and the other does not count"
    );
    assert_eq!((&value["grade"], &value["rates"][3]["code"]), (&"优秀".into(), &"score".into()));
    assert_eq!(value["rates"][3]["definition"]["numerator"], "响应率×0.1＋解决率×0.5＋满意率×0.4");
    assert_eq!(value["rates"][2]["definition"]["numerator"], "非常满意＋满意＋0.9×基本满意");
    let unit = &value["units"][0];
    assert_eq!((&unit["code"], &unit["rank"], &unit["grade"]), (&UNIT.into(), &1.into(), &"优秀".into()));
    assert_eq!((&unit["counts"]["withdrawn"], &unit["counts"]["excluded"]), (&1.into(), &1.into()));
    let tiers = value["tiers"].as_array().unwrap();
    assert_eq!(
        (&tiers[0]["code"], &tiers[0]["settled"], &tiers[0]["own_rate"]),
        (&"grid".into(), &1.into(), &1.0.into())
    );
    let open: u64 = tiers.iter().map(|it| it["open"].as_u64().unwrap()).sum();
    assert_eq!(open, 2, "each is open at one tier: {tiers:?}");
    assert_eq!(value["ages"].as_array().unwrap().len(), 6);
    let until = value["period"]["to"].as_str().unwrap();
    assert!(
        until <= &*(system_now() + Duration::days(1)).format("%Y-%m-%d").to_string(),
        "no day to come: {until}"
    );
    of_the_parts(value);
}

/// By category, by area and category, and by month: all are of one street, and of one month.
fn of_the_parts(value: &Value) {
    let categories = value["categories"].as_array().unwrap().iter();
    let opened: u64 = categories.map(|it| it["counts"]["opened"].as_u64().unwrap()).sum();
    assert_eq!((opened, sum(&value["heat"])), (4, 4), "each is of a category: {value}");
    let heat = value["heat"].as_array().unwrap();
    assert!(heat.iter().all(|it| it["area"] == STREET), "{heat:?}");
    let series = &value["series"];
    assert_eq!(series["starts"].as_array().unwrap().len(), 12);
    let line = series["lines"].as_array().unwrap().iter().find(|it| it["rate"] == "satisfaction").unwrap();
    let values: Vec<&Value> = line["values"].as_array().unwrap().iter().filter(|it| !it.is_null()).collect();
    assert_eq!(values, [&Value::from(1.0)], "in the month of the verdict alone");
}

/// A street in a month: its categories and communities are told, and no tiers.
async fn of_a_street(data: &Path, month: &str) {
    let ask = ["report", "--area", STREET, "--period", month, "-o", "json"];
    let value: Value = serde_json::from_str(&said(data, &ask).await).unwrap();
    let (area, period) = (&value["area"], &value["period"]);
    assert_eq!((&area["code"], &area["name"]), (&STREET.into(), &"一元街道".into()));
    let first = format!("{month}-01");
    assert_eq!(period["from"], first);
    let last = period["to"].as_str().unwrap();
    assert!(last.starts_with(month) && *last > *first, "{last}");
    assert_eq!((told(&value, "counts", "opened"), told(&value, "rates", "score")), (&4.into(), &1.0.into()));
    let parts = |what: &str| value[what].as_array().unwrap().len();
    assert_eq!((parts("categories") > 0, parts("areas")), (true, 1), "{value}");
    assert!(value.get("tiers").is_none() && value.get("heat").is_none(), "of the district alone: {value}");
    assert_eq!(value["areas"][0]["code"], "420102003002");
}

/// What is asked for without a report.
async fn of_the_answers(data: &Path, month: &str) {
    let whole = |table: &str| table.lines().find(|line| line.contains("全部")).unwrap().to_owned();
    let rates = said(data, &["rates"]).await;
    assert!(rates.contains("满意率"), "{rates}");
    assert_eq!(whole(&rates).matches('–').count(), 4, "of nobody who was asked there is no rate: {rates}");
    let effect = said(data, &["effect", "--month", month]).await;
    let row = whole(&effect);
    let cells: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(cells[..6], ["全部", "4", "–", "–", "100.0", "%"], "nobody called before: {effect}");
    let ratings = huying(data, &["rating", "list"]).await;
    assert!(ratings.status.success() && ratings.stdout.is_empty(), "{ratings:?}");
    assert!(String::from_utf8(ratings.stderr).unwrap().contains("nothing there"));
}

fn of_the_page(page: &str) {
    for said in [
        "<!DOCTYPE html>",
        "综合得分 100.0分，等次为优秀。",
        "不计入各率的有撤回 1 件、申诉剔除 1 件。",
        "逾期未结 2 件，最久的一档是",
        "逾期未结件的逾期时长",
        "八、不计入各率的件数",
    ] {
        assert!(page.contains(said), "{said}\n{page}");
    }
    let left = &page[page.find("<table class=\"left\">").unwrap()..];
    assert!(
        left[..left.find("</table>").unwrap()].contains("1<small>50.0%</small>"),
        "one of two verdicts: {left}"
    );
}

async fn of_the_tables(data: &Path, dir: &Path, ask: &[&str]) {
    let table = said(data, &[ask, &["-o", "csv"]].concat()).await;
    assert!(table.starts_with("\u{feff}figure,name,by,"), "{table}");
    assert!(table.contains(&format!("excluded,申诉剔除,unit,{UNIT},")), "{table}");
    let file = dir.join("月报.xlsx");
    let piped = huying(data, &[ask, &["-o", "xlsx"]].concat()).await;
    said(data, &[ask, &["--to", file.to_str().unwrap()]].concat()).await;
    for book in [piped.stdout, fs::read(&file).unwrap()] {
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(book)).unwrap();
        let units = book.worksheet_range("单位").unwrap();
        let heads: Vec<String> = units.rows().next().unwrap().iter().map(ToString::to_string).collect();
        for head in ["综合得分", "撤回", "不予受理", "并案", "申诉剔除", "等次"] {
            assert!(heads.iter().any(|it| it == head), "{heads:?}");
        }
        assert_eq!(book.worksheet_range("逾期未结").unwrap().height(), 7);
    }
    let page = dir.join("月报.html");
    said(data, &[ask, &["--to", page.to_str().unwrap()]].concat()).await;
    assert!(fs::read_to_string(page).unwrap().starts_with("<!DOCTYPE html>"));
    let refused = huying(data, &["rates", "-o", "xlsx"]).await;
    assert_eq!(refused.status.code(), Some(64), "{refused:?}");
    assert!(String::from_utf8(refused.stderr).unwrap().contains("only `huying report` is written so"));
}
