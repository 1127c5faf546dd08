//! `huying import`: a platform's file becomes requests, each row once; what is wrong is told by row and column.

use std::{fs, path::Path};

use huying::import::{Job, map::Map, send, table::Table};
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
const ROWS: [[&str; 8]; 6] = [
    ["1", "路灯不亮了", "投诉类", "一元街道同兴社区", "", "", "", "二级"],
    ["2", "井盖丢失", "投诉类", "", "2025年03月01日 09:30", "2025-03-02 17:00:00", "已补装井盖", ""],
    ["3", "噪音扰民", "投诉件", "", "", "", "", ""],
    ["4", "", "投诉类", "", "", "", "", ""],
    ["5", "垃圾没人清", "投诉类", "", "2025-03-02", "2025-03-01", "", ""],
    ["6", "垃圾没人清", "投诉类", "", "2025年03月02日 10:00", "2025-03-02", "", ""],
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
        assert_eq!(all(&data).await.len(), 4 * n, "nothing is sent");

        let import = ["import", file, "--map", map, "-o", "json"];
        let report: Value = serde_json::from_str(&said(&data, &import).await).unwrap();
        let counts = ["taken", "refused", "unread"].map(|count| report[count].clone());
        assert_eq!(counts, [json!(4), json!(2), json!(1)], "{ending}");
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
        assert_eq!(all(&data).await.len(), 4 * (n + 1), "{ending}");
    }

    what_was_taken_is_as_the_file_says(&data).await;
    a_mended_file_takes_no_row_twice(&data, dir.path()).await;
    a_killed_import_goes_on_without_doubles(&data, dir.path()).await;
    running.begin_stop();
    Box::pin(running.serve(&Say::nothing())).await.unwrap();
}

/// What is not needed to take a row and cannot be read stands among whatever else the door has, as given and as far as there is room.
#[tokio::test]
async fn what_cannot_be_read_of_a_row_is_kept_as_given() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("unread.csv");
    let long = "很".repeat(600);
    fs::write(
        &file,
        format!("诉求内容,受理时间,办结时间,来电时间,纬度,经度,匿名\n漏水,,,{long},北,114.3,保密\n"),
    )
    .unwrap();
    let (table, map) = (Table::open(&file, None).unwrap(), Map::parse(PLAIN).unwrap());
    let map = map.on(&table.columns).unwrap();
    let job = Job { table: &table, map: &map, district: "420102", skip: 0, at_once: 1 };
    let (sent, mut told) = (std::sync::Mutex::new(Vec::new()), Vec::new());
    let take = |request| {
        sent.lock().unwrap().push(request);
        std::future::ready(Ok(()))
    };
    send(&job, take, |done| {
        told.push((done.line, done.refused, done.wrong.into_iter().map(|it| it.column).collect::<Vec<_>>()));
        Ok(())
    })
    .await
    .unwrap();
    assert_eq!(told, [(2, false, ["纬度", "来电时间", "匿名"].map(str::to_owned).to_vec())]);
    let order = sent.into_inner().unwrap().remove(0).order.unwrap();
    assert!(order.anonymous);
    let expected = [("匿名", "保密".to_owned()), ("来电时间", "很".repeat(500)), ("纬度", "北".to_owned())];
    assert_eq!(order.extensions, expected.map(|(column, given)| (column.to_owned(), given)).into());
}

async fn what_was_taken_is_as_the_file_says(data: &Path) {
    let worked = huying_testing::eventually("what is open is worked on", async || {
        let all = all(data).await;
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
    let complaints = worked.iter().filter(|it| it["order"]["type"] == "REQUEST_TYPE_COMPLAINT").count();
    assert_eq!(complaints, 9);
    for closed in worked.iter().filter(|it| it["externalId"].as_str().unwrap().ends_with("-6")) {
        assert_eq!(
            closed["closeTime"],
            json!("2025-03-02T15:59:59+00:00"),
            "a day that is said alone means its end"
        );
    }
}

const PLAIN: &str = "\
[columns]
content = '诉求内容'
submit_time = '受理时间'
close_time = '办结时间'
call_time = '来电时间'
lat = '纬度'
lon = '经度'
anonymous = '匿名'
[fixed]
channel = 'online'
";

/// Rows without numbers of their own are known by what they say: those that were taken are not taken again when another is mended, and two
/// that say the same are two. What need not be there is no reason to refuse a row.
async fn a_mended_file_takes_no_row_twice(data: &Path, dir: &Path) {
    let (map, file) = (dir.join("plain.toml"), dir.join("plain.csv"));
    fs::write(&map, PLAIN).unwrap();
    let import = ["import", file.to_str().unwrap(), "--map", map.to_str().unwrap(), "-o", "json"];
    let header = "诉求内容,受理时间,办结时间,来电时间,纬度,经度,匿名";
    let online = async || -> Vec<Value> {
        let list = ["request", "list", "--channel", "online", "-n", "10000", "-o", "json"];
        serde_json::from_str(&said(data, &list).await).unwrap()
    };
    let before = online().await.len();
    let rows = [
        "垃圾没人清,,,昨天,北,114.3,保密",
        "路灯不亮,2025-10-22 10:00,坏的,,,,",
        "井盖丢了,,,,,,",
        "井盖丢了,,,,,,",
    ];
    fs::write(&file, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    let report: Value = serde_json::from_str(&said(data, &import).await).unwrap();
    assert_eq!((&report["taken"], &report["refused"]), (&json!(3), &json!(1)), "{report}");
    assert_eq!(online().await.len(), before + 3);
    let kept = online().await.into_iter().find(|it| it["content"] == "垃圾没人清").unwrap();
    let flags = kept["flags"].to_string();
    assert!(flags.contains("FLAG_POINT_UNREADABLE") && flags.contains("FLAG_TIME_UNREADABLE"), "{flags}");
    assert_eq!(kept["order"]["anonymous"], true, "who hides in other words is hidden");

    let mended = rows.map(|row| row.replace("坏的", "2025-10-22"));
    fs::write(&file, format!("{header}\n{}\n", mended.join("\n"))).unwrap();
    let report: Value = serde_json::from_str(&said(data, &import).await).unwrap();
    assert_eq!((&report["taken"], &report["refused"]), (&json!(4), &json!(0)), "{report}");
    assert_eq!(online().await.len(), before + 4, "what was taken before is taken once");
}

/// An import that is killed leaves the state of some rows ago behind: it goes on from there, and what was taken since is not taken again.
async fn a_killed_import_goes_on_without_doubles(data: &Path, dir: &Path) {
    const ROWS: usize = 1900;
    let (map, file) = (dir.join("plain.toml"), dir.join("many.csv"));
    let rows: String =
        (0..ROWS).map(|n| format!("{} 号楼路灯不亮,2025-10-22 10:00,2025-10-22\n", n / 2)).collect();
    fs::write(&file, format!("诉求内容,受理时间,办结时间,来电时间,纬度,经度,匿名\n{rows}")).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_huying"));
    command.arg("--data").arg(data).args(["import", file.to_str().unwrap(), "--map", map.to_str().unwrap()]);
    let mut killed =
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    let noted = dir.join("many.csv.import.json");
    huying_testing::eventually("how far it has come is written", async || noted.exists().then_some(())).await;
    killed.kill().unwrap();
    killed.wait().unwrap();
    let state: Value = serde_json::from_str(&fs::read_to_string(&noted).unwrap()).unwrap();
    assert!(state["done"].as_u64().unwrap() < ROWS as u64, "it was killed midway: {state}");

    let import = ["import", file.to_str().unwrap(), "--map", map.to_str().unwrap(), "-o", "json"];
    let report: Value = serde_json::from_str(&said(data, &import).await).unwrap();
    assert_eq!((&report["taken"], &report["refused"]), (&json!(ROWS), &json!(0)), "{report}");
    let list = ["request", "list", "--channel", "online", "-n", "10000", "-o", "json"];
    let all: Vec<Value> = serde_json::from_str(&said(data, &list).await).unwrap();
    let taken = all.iter().filter(|it| it["content"].as_str().unwrap().ends_with("号楼路灯不亮")).count();
    assert_eq!(taken, ROWS);
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
