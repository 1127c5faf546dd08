//! Common issues from the command line, as a stranger would try them.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::{Value, json};

fn huying(folder: &Path, lines: &[String], more: &[&str]) -> Output {
    let file = folder.join("requests.jsonl");
    fs::write(&file, lines.join("\n")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_huying"));
    command.args(["topics", "--from", file.to_str().unwrap()]).args(more).output().unwrap()
}

fn told(folder: &Path, lines: &[String]) -> Vec<Value> {
    let output = huying(folder, lines, &["-o", "jsonl"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Invented: a noisy pump at one estate by six people, the same at another by three, and one person about dogs again and again.
fn requests() -> Vec<String> {
    let pump = |at: usize, place: &str| {
        let ends = ["整夜睡不着", "老人受不了", "请尽快检修", "物业不管", "已经一个月", "孩子没法写作业"];
        json!({
            "id": if at.is_multiple_of(2) { json!(at) } else { json!(format!("q-{at}")) },
            "user": format!("u{at}"), "time": format!("2026-11-{:02} 08:00:00", at + 1),
            "topic": format!("{place}地下水泵噪音扰民"),
            "text": format!("{place}地下室的水泵日夜轰鸣，噪音很大，{}。", ends[at % 6]),
        })
    };
    let mut lines: Vec<Value> = (0..6).map(|at| pump(at, "云栖花园")).collect();
    lines.extend((10..13).map(|at| pump(at, "望江家园")));
    lines.extend((0..9).map(|at| {
        json!({"id": 100 + at, "user": "dog", "time": "2026-11-20", "topic": "滨湖公园遛狗不牵绳",
               "text": format!("滨湖公园里总有人遛狗不牵绳，第{at}次反映。"), "area": 420102})
    }));
    lines.push(json!({"id": 200, "user": "x", "time": "2026-11-21T08:00:00+08:00", "text": "办理居住证需要什么材料"}));
    lines.iter().map(Value::to_string).collect()
}

#[test]
fn topics_are_ranked_by_people_and_their_ids_come_back_as_they_came() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines = requests();
    let topics = told(folder.path(), &lines);
    let of = |field: &str| topics.iter().map(|it| it[field].clone()).collect::<Vec<_>>();
    assert_eq!(of("rank"), [json!(1), json!(2), json!(3)]);
    assert_eq!(of("people"), [json!(6), json!(3), json!(1)], "who sends nine counts once");
    assert_eq!(of("place"), [json!("云栖花园"), json!("望江家园"), json!("滨湖公园")]);
    assert_eq!(topics[0]["ids"], json!([0, "q-1", 2, "q-3", 4, "q-5"]));
    assert_eq!(topics[0]["first"], "2026-11-01 08:00:00");
    assert_eq!(topics[0]["last"], "2026-11-06 08:00:00");
    assert_eq!((&topics[0]["recent"], &topics[0]["before"]), (&json!(6), &json!(0)));
    assert!(topics[0]["heat"].as_f64().unwrap() > 6.0);
    assert_eq!(topics[2]["ids"].as_array().unwrap().len(), 9);
    let words = topics[0]["words"].as_array().unwrap();
    assert!(words.len() <= 8 && words.contains(&json!("水泵")), "{words:?}");
    lines.reverse();
    assert_eq!(told(folder.path(), &lines), topics, "the order of rows makes no difference");
}

#[test]
fn people_get_a_table_and_may_ask_for_the_hottest_alone() {
    let folder = tempfile::tempdir().unwrap();
    let output = huying(folder.path(), &requests(), &["--top", "1"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("rank") && said.contains("2026-11-01") && said.contains("云栖花园"), "{said}");
    assert!(!said.contains("望江家园"), "{said}");
    let nothing = huying(folder.path(), &[], &["-o", "jsonl"]);
    assert!(nothing.status.success() && nothing.stdout.is_empty());
}

#[test]
fn a_faulty_row_is_named_by_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let good = json!({"id": 1, "user": "a", "time": "2026-11-01", "text": "路灯不亮"}).to_string();
    for (bad, why) in [
        (r#"{"id": 1, "time": "gestern", "text": "路灯"}"#, "`time` is no instant"),
        (r#"{"id": 1, "text": "路灯"}"#, "missing field `time`"),
        (r#"{"id": null, "time": "2026-11-01", "text": "路灯"}"#, "`id` is no number"),
        (r#"{"id": 1, "time": "2026-11-01"}"#, "neither `topic` nor `text`"),
        (r#"{"id": 1, "time": "2026-11-01", "text": "路灯", "user": []}"#, "`user` is no text"),
        ("not json", "expected"),
    ] {
        let output = huying(folder.path(), &[good.clone(), bad.to_owned()], &[]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(64), "{bad}");
        assert!(said.contains("line 2: ") && said.contains(why), "{bad}: {said}");
        assert!(output.stdout.is_empty());
    }
}
