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
fn text_is_counted_in_characters_and_free_of_control() {
    assert!(!bad(|v| v.text("content", "井盖破损\n\t请处理", 1..=9)));
    assert!(bad(|v| v.text("content", "井盖破损请处理吧啊", 1..=8)));
    assert!(bad(|v| v.text("content", "", 1..=8)));
    assert!(bad(|v| v.text("content", &"x".repeat(100), 1..=8)));
    for control in ['\0', '\u{1b}', '\r', '\u{7f}', '\u{85}'] {
        assert!(bad(|v| v.text("content", &format!("a{control}b"), 1..=8)), "{control:?}");
    }
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
fn phones() {
    for phone in [
        "13800138000",
        "027-82345678",
        "02782345678",
        "82345678",
        "12345",
        "110",
        "95588",
        "+8613800138000",
        "+85223456789",
    ] {
        assert!(!bad(|v| v.phone("phone", phone)), "{phone}");
    }
    for phone in [
        "",
        "12800138000",
        "1380013800",
        "abc",
        "+0123456789",
        "138001380001",
        "-110",
        "1--10",
        "+",
        "１３８",
        "13800138000\0",
    ] {
        assert!(bad(|v| v.phone("phone", phone)), "{phone:?}");
    }
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
    v.text("content", "", 1..=4000);
    v.phone("reporter.phone", "x");
    let status = Status::from(v.finish().unwrap_err());
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(status.get_details_error_info().unwrap().reason, "BAD_FIELD");
    let fields = status.get_details_bad_request().unwrap().field_violations;
    let names: Vec<&str> = fields.iter().map(|violation| violation.field.as_str()).collect();
    assert_eq!(names, ["content", "reporter.phone"]);
}
