//! Every message that begins as a step does has the trait, and no other.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../build/head.rs"]
mod build;

use huying_proto::{DESCRIPTORS, casework::v1::AcceptCaseRequest, evaluation::v1 as evaluation, head::Head};
use prost::Message as _;
use prost_types::{
    DescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet,
    field_descriptor_proto::{Label, Type},
};

fn told(message: &impl Head) -> (&str, &str, i64) {
    (message.request_id(), message.id(), message.version())
}

#[test]
fn a_step_tells_its_head() {
    let step = AcceptCaseRequest { request_id: "key".into(), id: "case".into(), version: 3 };
    assert_eq!(told(&step), ("key", "case", 3));
    let step = evaluation::RecordAttemptRequest {
        request_id: "key".into(),
        id: "callback".into(),
        version: 1,
        ..Default::default()
    };
    assert_eq!(told(&step), ("key", "callback", 1));
}

#[test]
fn the_messages_of_steps_have_it() {
    let written = build::implementations(&FileDescriptorSet::decode(DESCRIPTORS).unwrap().file);
    let has = |message: &str| written.contains(&format!("impl Head for crate::{message} {{"));
    assert!(has("casework::v1::CallDepartmentsRequest") && has("casework::v1::RespondDispatchRequest"));
    assert!(has("evaluation::v1::RecordVerdictRequest"));
    // No version, another name for the id, no request id.
    let without =
        ["intake::v1::AnswerRequestRequest", "routing::v1::DecideTriageRequest", "casework::v1::Case"];
    assert!(!without.into_iter().any(has));
}

#[test]
fn a_field_of_another_kind_makes_no_head() {
    let field = |name: &str, kind: Type| FieldDescriptorProto {
        name: Some(name.into()),
        r#type: Some(kind.into()),
        label: Some(Label::Optional.into()),
        ..Default::default()
    };
    let head = [field("request_id", Type::String), field("id", Type::String), field("version", Type::Int64)];
    let written = |field: Vec<FieldDescriptorProto>| {
        let message = DescriptorProto { name: Some("Step".into()), field, ..Default::default() };
        build::implementations(&[FileDescriptorProto {
            package: Some("huying.test.v1".into()),
            message_type: vec![message],
            ..Default::default()
        }])
    };
    assert!(written(head.to_vec()).starts_with("impl Head for crate::test::v1::Step {"));
    let [request_id, id, version] = head;
    for other in [
        field("version", Type::Int32),
        FieldDescriptorProto { label: Some(Label::Repeated.into()), ..version.clone() },
        FieldDescriptorProto { proto3_optional: Some(true), oneof_index: Some(0), ..version },
    ] {
        assert_eq!(written(vec![request_id.clone(), id.clone(), other]), "");
    }
}
