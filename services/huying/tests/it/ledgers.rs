//! `huying ledger` against a running place: what its profile names is listed, shown, counted and put into a file, with names beside codes.

use std::{fs, path::Path};

use huying::up::{self, Options, say::Say};
use huying_chassis::shutdown::Shutdown;
use tempfile::TempDir;

use super::command::{huying, said};

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_is_listed_shown_counted_and_exported() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let jiangan = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/profiles/jiangan");
    let options = Options { profiles: vec![jiangan], ..Options::at(&data) };
    let running = Box::pin(up::start(options, &Say::nothing(), Shutdown::new())).await.unwrap();
    for content in ["=1+1，路灯不亮了", "路灯又不亮了"] {
        let submit = ["submit", "--channel", "online", content, "--address", "一元街道同兴社区"];
        said(&data, &submit).await;
    }
    let both = ["ledger", "show", "entered", "-o", "json"];
    huying_testing::eventually("both are cases", async || {
        let rows: Vec<serde_json::Value> = serde_json::from_str(&said(&data, &both).await).unwrap();
        (rows.len() == 2).then_some(())
    })
    .await;

    let list = said(&data, &["ledger", "list"]).await;
    assert!(list.contains("responsibility  责任清单") && list.contains("先到期在前"), "{list}");
    let show = said(&data, &["ledger", "show", "problems", "-n", "1"]).await;
    assert!(show.contains("诉求内容") && show.contains("同兴社区") && show.contains("待签收"), "{show}");
    let count = said(&data, &["ledger", "count", "problems"]).await;
    assert!(count.contains("420102003 一元街道  2") && count.contains("合计"), "{count}");
    let of_street = said(&data, &["ledger", "count", "problems", "--area", "420102003"]).await;
    assert!(of_street.contains("420102003002 同兴社区  2"), "{of_street}");

    let none = said(&data, &["ledger", "count", "declined"]).await;
    assert!(none.contains("合计  0"), "{none}");
    let words = said(&data, &["ledger", "list"]).await;
    assert!(words.contains("不予受理清单") && words.contains("不予受理理由"), "{words}");

    let csv = dir.path().join("问题清单.csv");
    said(&data, &["ledger", "export", "problems", "--to", csv.to_str().unwrap()]).await;
    let text = fs::read_to_string(&csv).unwrap();
    assert!(text.starts_with("\u{feff}编号,区域,") && text.contains(",'=1+1，路灯不亮了,"), "{text}");
    assert!(
        text.contains("最近时限 (Asia/Shanghai)") && !dir.path().join("问题清单.part").exists(),
        "{text}"
    );
    let xlsx = dir.path().join("问题清单.xlsx");
    said(&data, &["ledger", "export", "problems", "--to", xlsx.to_str().unwrap()]).await;
    assert!(zip::ZipArchive::new(fs::File::open(&xlsx).unwrap()).unwrap().len() > 4);

    let none = huying(&data, &["ledger", "show", "wishes"]).await;
    assert_eq!(none.status.code(), Some(1), "{none:?}");
    running.begin_stop();
    Box::pin(running.serve(&Say::nothing())).await.unwrap();
}
