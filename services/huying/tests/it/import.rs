//! `huying import`: a platform's file becomes requests, each row once; what is wrong is told by row and column.

use std::{fs, path::Path};

use huying::import::{map::Map, table::Table};
use huying::up::{self, Options, say::Say};
use huying_chassis::shutdown::Shutdown;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::command::{huying, said};

const MAP: &str = "\
times = ['%Y年%m月%d日 %H:%M']
[columns]
external_id = '工单编号'
content = '诉求内容'
type = '诉求类型'
address = '地址'
submit_time = '受理时间'
close_time = '办结时间'
answer = '办理结果'
[fixed]
channel = 'hotline'
[values.type]
'投诉类' = 'complaint'
[extensions]
'工单级别' = '级别'
";
const HEADER: [&str; 8] =
    ["工单编号", "诉求内容", "诉求类型", "地址", "受理时间", "办结时间", "办理结果", "级别"];
const ROWS: [[&str; 8]; 5] = [
    ["1", "路灯不亮了", "投诉类", "一元街道同兴社区", "", "", "", "二级"],
    ["2", "井盖丢失", "投诉类", "", "2025年03月01日 09:30", "2025-03-02 17:00:00", "已补装井盖", ""],
    ["3", "噪音扰民", "投诉件", "", "", "", "", ""],
    ["4", "", "投诉类", "", "", "", "", ""],
    ["5", "垃圾没人清", "投诉类", "", "2025-03-02", "2025-03-01", "", ""],
];

fn table(path: &Path, prefix: &str) {
    let rows = ROWS.map(|row| {
        let mut row = row.map(str::to_owned);
        row[0] = format!("{prefix}-{}", row[0]);
        row
    });
    match path.extension().unwrap().to_str().unwrap() {
        "csv" => {
            let mut out = csv::Writer::from_path(path).unwrap();
            out.write_record(HEADER).unwrap();
            rows.iter().for_each(|row| out.write_record(row).unwrap());
        }
        "jsonl" => {
            let line = |row: &[String; 8]| {
                let said = HEADER.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
                Value::Object(said.map(|(key, cell)| ((*key).to_owned(), json!(cell))).collect()).to_string()
            };
            fs::write(path, rows.iter().map(line).collect::<Vec<_>>().join("\n")).unwrap();
        }
        _ => {
            let mut book = rust_xlsxwriter::Workbook::new();
            let sheet = book.add_worksheet();
            for (n, row) in [HEADER.map(str::to_owned)].iter().chain(&rows).enumerate() {
                for (at, cell) in row.iter().enumerate() {
                    sheet.write(n as u32, at as u16, cell.as_str()).unwrap();
                }
            }
            book.save(path).unwrap();
        }
    }
}

#[test]
fn a_wrong_column_or_mapping_is_named_before_anything_is_sent() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("orders.csv");
    table(&file, "A");
    let columns = Table::open(&file, None).unwrap().columns;
    let wrong = |map: &str| match Map::parse(map) {
        Ok(map) => map.on(&columns).map(drop).unwrap_err().to_string(),
        Err(error) => error.to_string(),
    };
    assert!(wrong(&MAP.replace("'诉求内容'", "'诉求正文'")).contains("no column '诉求正文'"));
    assert!(wrong(&MAP.replace("'级别'", "'级 别'")).contains("no column '级 别'"));
    assert!(wrong(&MAP.replace("content = ", "contents = ")).contains("contents"));
    assert!(wrong(&MAP.replace("channel = 'hotline'", "")).contains("channel"));
    assert!(wrong("zone = 'Mars'\n[columns]\n").contains("Mars"));
    let other = Table::open(&dir.path().join("orders.pdf"), None);
    assert!(other.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_taken_once_with_its_history_closed_and_its_errors_named() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let jiangan = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/profiles/jiangan");
    let options = Options { profiles: vec![jiangan], ..Options::at(&data) };
    let running = Box::pin(up::start(options, &Say::nothing(), Shutdown::new())).await.unwrap();
    let map = dir.path().join("map.toml");
    fs::write(&map, MAP).unwrap();
    let map = map.to_str().unwrap();

    a_card_of_the_place_leads_somewhere(&data).await;

    let wrong = dir.path().join("wrong.toml");
    fs::write(&wrong, MAP.replace("'诉求内容'", "'诉求正文'")).unwrap();
    for (n, ending) in ["csv", "jsonl", "xlsx"].into_iter().enumerate() {
        let file = dir.path().join(format!("orders.{ending}"));
        table(&file, ending);
        let file = file.to_str().unwrap();
        let refused = huying(&data, &["import", file, "--map", wrong.to_str().unwrap()]).await;
        assert_eq!(refused.status.code(), Some(64), "{refused:?}");
        assert_eq!(all(&data).await.len(), 2 * n, "nothing is sent");

        let import = ["import", file, "--map", map, "-o", "json"];
        let report: Value = serde_json::from_str(&said(&data, &import).await).unwrap();
        assert_eq!((&report["taken"], &report["refused"]), (&json!(2), &json!(3)), "{ending}");
        let first = usize::from(ending != "jsonl");
        let told = errors(report["errors"].as_str().unwrap());
        let at = |row: usize, column: &str, reason: &str| {
            ((row + first).to_string(), column.to_owned(), reason.to_owned())
        };
        let expected =
            [at(3, "诉求类型", "BAD_VALUE"), at(4, "诉求内容", "BAD_FIELD"), at(5, "办结时间", "BAD_FIELD")];
        assert_eq!(told, expected, "{ending}");
        // The second time nothing is sent; and where all is sent anew, nothing is taken twice.
        let again: Value = serde_json::from_str(&said(&data, &import).await).unwrap();
        assert_eq!(again, report);
        let anew = [&import[..], &["--anew"]].concat();
        let anew: Value = serde_json::from_str(&said(&data, &anew).await).unwrap();
        assert_eq!(anew, report);
        assert_eq!(errors(report["errors"].as_str().unwrap()), expected);
        assert_eq!(all(&data).await.len(), 2 * (n + 1), "{ending}");
    }

    let worked = huying_testing::eventually("what is open is worked on", async || {
        let all = all(&data).await;
        let open: Vec<_> =
            all.iter().filter(|it| it["externalId"].as_str().unwrap().ends_with("-1")).collect();
        open.iter().all(|it| it["case"].is_string()).then_some(all.clone())
    })
    .await;
    for closed in worked.iter().filter(|it| it["externalId"].as_str().unwrap().ends_with("-2")) {
        assert_eq!(closed["state"], "REQUEST_STATE_ANSWERED");
        assert_eq!(
            (&closed["submitTime"], &closed["closeTime"]),
            (&json!("2025-03-01T01:30:00+00:00"), &json!("2025-03-02T09:00:00+00:00"))
        );
        assert_eq!((&closed["answer"], closed.get("case")), (&json!("已补装井盖"), None), "without a case");
    }
    let extension = worked.iter().filter(|it| it["order"]["type"] == "REQUEST_TYPE_COMPLAINT").count();
    assert_eq!(extension, 6);
    running.begin_stop();
    Box::pin(running.serve(&Say::nothing())).await.unwrap();
}

async fn all(data: &Path) -> Vec<Value> {
    let list = ["request", "list", "--channel", "hotline", "-n", "10000", "-o", "json"];
    serde_json::from_str(&said(data, &list).await).unwrap()
}

/// 便民服务卡: whoever scans what is issued here is heard.
async fn a_card_of_the_place_leads_somewhere(data: &Path) {
    let grid = "420102003002001";
    let issue = ["card", "issue", "--area", grid, "--cadre", "李四", "--phone", "027-82345678", "-o", "json"];
    let cards: Value = serde_json::from_str(&said(data, &issue).await).unwrap();
    let scan = ["card", "scan", cards[0]["code"].as_str().unwrap(), "楼道灯不亮", "-o", "json"];
    let receipt = said(data, &scan).await;
    assert!(receipt.contains("JA-"), "{receipt}");
}

/// Row, column and reason.
fn errors(path: &str) -> Vec<(String, String, String)> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let row = |row: csv::StringRecord| (row[0].to_owned(), row[1].to_owned(), row[2].to_owned());
    reader.records().map(|record| row(record.unwrap())).collect()
}
