//! From the messages that begin as every step on an aggregate does to their one trait, `Head`. A part of `build.rs`, and of its test.

use prost_types::{
    DescriptorProto, FileDescriptorProto,
    field_descriptor_proto::{Label, Type},
};

/// What such a message has.
const FIELDS: [(&str, Type); 3] =
    [("request_id", Type::String), ("id", Type::String), ("version", Type::Int64)];

/// `Head` for each of them.
pub fn implementations(files: &[FileDescriptorProto]) -> String {
    let ours = files.iter().filter_map(|file| Some((file.package().strip_prefix("huying.")?, file)));
    let messages = ours.flat_map(|(package, file)| file.message_type.iter().map(move |it| (package, it)));
    messages
        .filter(|(_, message)| has_head(message))
        .map(|(package, it)| implementation(package, it))
        .collect()
}

fn has_head(message: &DescriptorProto) -> bool {
    FIELDS.into_iter().all(|(name, kind)| {
        let mut fields = message.field.iter();
        fields.any(|field| {
            let always_there = field.label() != Label::Repeated && !field.proto3_optional();
            field.name() == name && field.r#type() == kind && always_there && field.oneof_index.is_none()
        })
    })
}

fn implementation(package: &str, message: &DescriptorProto) -> String {
    format!(
        "impl Head for crate::{}::{} {{
    fn request_id(&self) -> &str {{
        &self.request_id
    }}

    fn id(&self) -> &str {{
        &self.id
    }}

    fn version(&self) -> i64 {{
        self.version
    }}
}}
",
        package.replace('.', "::"),
        message.name()
    )
}
