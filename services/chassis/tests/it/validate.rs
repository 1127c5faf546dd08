//! What passes and what does not, and that all of it is said at once.

use huying_chassis::validate::{Named, Violations};
use huying_proto::head::Head;
use tonic::{Code, Status};
use tonic_types::StatusExt;
use uuid::Uuid;

fn bad(check: impl FnOnce(&mut Violations)) -> bool {
    let mut violations = Violations::new();
    check(&mut violations);
    !violations.is_empty()
}

#[test]
fn words_are_kept_without_what_cannot_be_kept() {
    let kept = |text: &str| {
        let mut v = Violations::heard();
        let kept = v.text("content", text, 1..=20);
        v.finish().map(|()| kept)
    };
    for given in [
        "路灯不亮\r\n已经三天",
        "路灯不亮\r已经三天",
        "路灯不亮\u{b}已经三天",
        "路灯不亮\u{85}已经三天",
        "路灯不亮\u{2028}已经三天",
        "路灯\0不亮\n\u{1b}已经三天\u{7f}",
    ] {
        assert_eq!(kept(given).unwrap(), "路灯不亮\n已经三天", "{given:?}");
    }
    assert_eq!(
        kept("胜利街\u{202e}１５８号\u{200b}👨\u{200d}👩").unwrap(),
        "胜利街１５８号👨\u{200d}👩",
        "else as received"
    );
    for nothing in ["", " \n ", "\u{200b}\u{feff}", "\0\u{1b}", "\u{3000}"] {
        assert!(kept(nothing).is_err(), "{nothing:?}");
    }
    let mut v = Violations::heard();
    assert_eq!(v.line("address", " 胜利街\r\n158号\t", 0..=200), "胜利街 158号");
    assert_eq!(v.line("address", "", 0..=200), "");
    v.finish().unwrap();
}

#[test]
fn whoever_can_mend_a_text_is_told_what_is_hidden_in_it() {
    let told = |check: fn(&mut Violations)| {
        let mut v = Violations::new();
        check(&mut v);
        let details = v.finish().map_err(|problem| Status::from(problem).get_details_bad_request().unwrap());
        details.map_or_else(|bad| bad.field_violations[0].description.clone(), |()| String::new())
    };
    let hidden = "must hold nothing that is not seen: its character 3 is U+202E";
    assert_eq!(told(|v| drop(v.text("note", "甲乙\u{202e}丙", 1..=20))), hidden);
    assert_eq!(told(|v| drop(v.line("name", "甲乙\u{202e}丙", 1..=20))), hidden);
    assert_eq!(told(|v| drop(v.text("note", "甲\r\n乙\t丙👨\u{200d}👩", 1..=20))), "", "words have lines");
    assert!(told(|v| drop(v.line("name", "甲\n乙", 1..=20))).ends_with("2 is U+000A"), "a line has none");
    assert_eq!(told(|v| drop(v.line("name", " 甲\n", 1..=20))), "", "its ends are no part of it");
}

#[test]
fn too_long_a_text_is_told_how_long_it_is() {
    let mut v = Violations::new();
    assert_eq!(v.text("content", &"很".repeat(20), 1..=20).chars().count(), 20);
    assert!(v.is_empty());
    let _kept = v.text("content", &"很".repeat(21), 1..=20);
    let status = Status::from(v.finish().unwrap_err());
    let violation = &status.get_details_bad_request().unwrap().field_violations[0];
    assert_eq!(violation.description, "must have 1 to 20 characters, and has 21");
}

struct Asked<'a>(&'a str, &'a str, i64);

impl Head for Asked<'_> {
    fn request_id(&self) -> &str {
        self.0
    }

    fn id(&self) -> &str {
        self.1
    }

    fn version(&self) -> i64 {
        self.2
    }
}

#[test]
fn a_step_names_its_command_its_aggregate_and_a_version() {
    let (key, id) = (Uuid::now_v7(), Uuid::now_v7());
    let (key_text, id_text) = (key.to_string(), id.to_string());
    let mut v = Violations::new();
    assert_eq!(v.head(&Asked(&key_text, &id_text, 3)), Named { request_id: key, id, version: 3 });
    assert!(v.is_empty());
    v.head(&Asked("key", "", 0));
    let status = Status::from(v.finish().unwrap_err());
    let fields: Vec<_> = status.get_details_bad_request().unwrap().field_violations;
    let fields: Vec<&str> = fields.iter().map(|violation| violation.field.as_str()).collect();
    assert_eq!(fields, ["request_id", "id", "version"]);
}

#[test]
fn numbers_and_codes() {
    assert!(!bad(|v| v.digits("area", "420102001", &[6, 9, 12, 15])));
    assert!(bad(|v| v.digits("area", "42010200", &[6, 9, 12, 15])));
    assert!(bad(|v| v.digits("area", "42010200x", &[6, 9, 12, 15])));
    assert!(!bad(|v| v.range("limit", 5, 1..=100)));
    assert!(bad(|v| v.range("limit", 0, 1..=100)));
    assert!(!bad(|v| v.coordinates("place", 30.6, 114.3)));
    assert!(bad(|v| v.coordinates("place", 114.3, 30.6)));
    assert!(bad(|v| v.coordinates("place", f64::NAN, 30.6)));
    assert!(!bad(|v| v.token("external_id", "12345:2026-11.A_1", 1..=64)));
    assert!(bad(|v| v.token("external_id", "no spaces", 1..=64)));
    assert!(bad(|v| v.list_len("photos", 9, 0..=8)));
    assert!(bad(|v| v.require("reason", false, "must be given")));
}

#[test]
fn uuids_and_enums_come_back_typed() {
    let mut v = Violations::new();
    let id = v.uuid("request_id", "019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d");
    assert_eq!(id.to_string(), "019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d");
    let kind = v.enum_value::<prost_types::field_descriptor_proto::Type>("kind", 9);
    assert_eq!(kind, Some(prost_types::field_descriptor_proto::Type::String));
    v.finish().unwrap();
    assert!(bad(|v| {
        v.uuid("request_id", "00000000-0000-0000-0000-000000000000");
    }));
    assert!(bad(|v| {
        v.uuid("request_id", "no");
    }));
    assert!(bad(|v| {
        v.enum_value::<prost_types::field_descriptor_proto::Type>("kind", 0);
    }));
    assert!(bad(|v| {
        v.enum_value::<prost_types::field_descriptor_proto::Type>("kind", 99);
    }));
}

#[test]
fn everything_wrong_is_named_in_one_answer() {
    let mut v = Violations::new();
    let _kept = v.text("content", "", 1..=4000);
    v.token("unit", "一号", 1..=64);
    let status = Status::from(v.finish().unwrap_err());
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(status.get_details_error_info().unwrap().reason, "BAD_FIELD");
    let fields = status.get_details_bad_request().unwrap().field_violations;
    let names: Vec<&str> = fields.iter().map(|violation| violation.field.as_str()).collect();
    assert_eq!(names, ["content", "unit"]);
}
