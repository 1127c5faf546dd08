//! Learning and classifying from the command line, as a stranger would try them.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

fn huying(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_huying"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Made-up messages about lamps and rubbish, with the label under `field`.
fn labelled(field: &str) -> Vec<String> {
    let kinds = [("lamp", "路灯不亮漆黑"), ("rubbish", "垃圾堆放臭味")];
    let line = |at: usize| {
        let (label, words) = kinds[at % 2];
        let word: String = words.chars().skip(at % 4).take(3).collect();
        let place = char::from_u32(0x4e00 + at as u32 * 77).unwrap();
        json!({"id": at, "topic": format!("{word}问题"), "text": format!("{place}街{at}号的{words}，请来看"), field: label})
    };
    (0..40).map(|at| line(at).to_string()).collect()
}

fn written(folder: &Path, name: &str, lines: &[String]) -> PathBuf {
    let file = folder.join(name);
    fs::write(&file, lines.join("\n")).unwrap();
    file
}

fn trained(folder: &Path) -> PathBuf {
    let (from, out) = (written(folder, "from.jsonl", &labelled("label")), folder.join("model"));
    let output = huying(&["train", "--from", from.to_str().unwrap(), "--out", out.to_str().unwrap()], "");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("macro-F1 ") && said.contains("rubbish"), "{said}");
    assert!(said.contains("among the first three 1.0000"), "{said}");
    out
}

#[test]
fn each_line_is_answered_in_its_order() {
    let folder = tempfile::tempdir().unwrap();
    let model = trained(folder.path());
    let input = [
        r#"{"id": "a", "text": "楼下的路灯坏了，漆黑"}"#,
        "not json",
        r#"{"id": 3, "topic": "垃圾没有清运"}"#,
        "",
        r#"{"id": 4}"#,
        r#"{"topic": "路 灯 不亮", "text": null}"#,
        r#"{"id": "f", "text": 7}"#,
    ];
    let output = huying(&["classify", "--model", model.to_str().unwrap()], &input.join("\n"));
    assert_eq!(output.status.code(), Some(64));
    let said = String::from_utf8(output.stdout).unwrap();
    let told: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |field: &str| told.iter().map(|it| it[field].clone()).collect::<Vec<_>>();
    assert_eq!(of("id"), [json!("a"), Value::Null, json!(3), json!(4), Value::Null, json!("f")]);
    assert_eq!(
        of("label"),
        [json!("lamp"), Value::Null, json!("rubbish"), Value::Null, json!("lamp"), Value::Null]
    );
    assert!(told[0]["confidence"].as_f64().unwrap() > 0.5, "{said}");
    assert_eq!(told[0]["alternatives"][0]["label"], "rubbish");
    let noted = String::from_utf8(output.stderr).unwrap();
    assert!(noted.contains("line 2: ") && noted.contains("line 5: it has neither"), "{noted}");
    assert!(noted.contains("line 7: `text` is no text"), "{noted}");
}

#[test]
fn what_moves_a_cursor_or_turns_the_writing_is_told_and_stays_the_same_json() {
    let folder = tempfile::tempdir().unwrap();
    let model = trained(folder.path());
    let id = "a\u{202e}b\u{85}";
    let input = format!("{{\"id\": \"{id}\", \"text\": \"楼下的路灯坏了，漆黑\"}}");
    let output = huying(&["classify", "--model", model.to_str().unwrap()], &input);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("a\\u202eb\\u0085"), "{said:?}");
    let told: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&told["id"], &told["label"]), (&json!(id), &json!("lamp")));
}

#[test]
fn the_label_may_be_in_another_field_and_the_report_be_json() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines = labelled("kind");
    lines.push(json!({"text": "没有标签的来信"}).to_string());
    let (from, out) = (written(folder.path(), "from.jsonl", &lines), folder.path().join("model"));
    let files = ["--from", from.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let output = huying(&[&["train", "--field", "kind", "-o", "json"][..], &files].concat(), "");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&told["examples"], &told["unlabelled"]), (&json!(40), &json!(1)));
    assert_eq!(told["labels"][0]["label"], "lamp");
    assert_eq!(told["top_3"], json!(1.0));
    assert_eq!(told["bytes"], fs::metadata(out).unwrap().len());
}

#[test]
fn a_wrong_file_is_named_with_its_line_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines = labelled("label");
    lines[6] = r#"{"text": 7, "label": "lamp"}"#.to_owned();
    let (from, out) = (written(folder.path(), "from.jsonl", &lines), folder.path().join("model"));
    let output = huying(&["train", "--from", from.to_str().unwrap(), "--out", out.to_str().unwrap()], "");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(64), "{said}");
    assert!(said.contains("line 7: `text` is no text"), "{said}");
    assert!(!out.exists());
    let output = huying(&["classify", "--model", from.to_str().unwrap()], "");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(64), "{said}");
    assert!(said.contains("does not begin as a model"), "{said}");
}
