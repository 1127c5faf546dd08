//! The contracts, written down: every rpc with its callers, every message, field and enum value, every event with its subject, one text
//! per package in `snapshots/`. Whoever changes one sees it here, and so does whoever reviews it; what departments and platforms have built on
//! does not change by accident. Beside it the rules that every contract keeps.
//!
//! A change that is meant: `INSTA_UPDATE=always cargo test -p huying-proto`, then read the difference of the snapshots.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
};

use huying_proto::{
    DESCRIPTORS,
    access::{ACCESS, Callers, Caps},
    common::v1::Role,
};
use prost::Message as _;
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet,
    MethodDescriptorProto, ServiceDescriptorProto,
    field_descriptor_proto::{Label, Type},
};

/// Verbs that change nothing, so that repeating them needs no key.
const READING: [&str; 14] = [
    "Count", "Find", "Get", "List", "Track", "Search", "Watch", "Read", "Verify", "Check", "Download",
    "Export", "Explain", "Simulate",
];
/// More that change nothing, or nothing a key could guard.
const WITHOUT_KEY: [&str; 9] = [
    "ResolveCard",
    // It makes the figures what rows say, once or again.
    "Recount",
    // Each of its steps has its own.
    "BatchSteps",
    "ResolveSuperior",
    "ResolveUnits",
    "ResolveRoute",
    // The follower's marks make it idempotent: what was applied is not applied again.
    "RetryDeadLetter",
    "SettleDeadLetter",
    // What is wrapped by the newest key already is left alone.
    "RotateKeys",
];
/// Past participles that do not end in "ed", some with a word behind; and a dispatch falls silent by nobody doing anything.
const IRREGULAR: [&str; 16] = [
    "Begun",
    "CalledUp",
    "Drawn",
    "Forgotten",
    "HandedOut",
    "Held",
    "Kept",
    "Made",
    "Sent",
    "Split",
    "SplitOff",
    "Taken",
    "Told",
    "Withdrawn",
    "Silent",
    "ToldUpward",
];

fn files() -> Vec<FileDescriptorProto> {
    let mut files = FileDescriptorSet::decode(DESCRIPTORS).unwrap().file;
    files.retain(|file| file.package().starts_with("huying."));
    // In a descriptor set they stand in the order of their imports.
    files.sort_by(|one, other| one.name().cmp(other.name()));
    files
}

fn by_package() -> BTreeMap<String, Vec<FileDescriptorProto>> {
    let mut packages: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for file in files() {
        packages.entry(file.package().to_owned()).or_default().push(file);
    }
    packages
}

fn is_events(file: &FileDescriptorProto) -> bool {
    file.name().ends_with("/events.proto")
}

/// The events of an events.proto: all but what they share.
fn events(file: &FileDescriptorProto) -> impl Iterator<Item = &DescriptorProto> {
    file.message_type.iter().filter(|message| !message.name().ends_with("Ref"))
}

fn methods(file: &FileDescriptorProto) -> impl Iterator<Item = &MethodDescriptorProto> {
    file.service.iter().flat_map(|service| &service.method)
}

#[test]
fn every_package_is_as_written_down() {
    for (package, files) in by_package() {
        let mut text = String::new();
        for file in &files {
            write_file(&mut text, file).unwrap();
        }
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(package.as_str(), text);
        });
    }
}

#[test]
fn no_package_comes_or_goes_unseen() {
    let files = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let written: BTreeSet<String> =
        names.filter_map(|name| Some(name.strip_suffix(".snap")?.to_owned())).collect();
    assert_eq!(by_package().into_keys().collect::<BTreeSet<_>>(), written);
}

#[test]
fn what_changes_something_takes_a_request_id_first() {
    let files = files();
    let requests: BTreeMap<String, &DescriptorProto> = files
        .iter()
        .flat_map(|file| {
            file.message_type
                .iter()
                .map(|message| (format!(".{}.{}", file.package(), message.name()), message))
        })
        .collect();
    let mut checked = 0;
    for method in files.iter().flat_map(methods) {
        let name = method.name();
        if READING.iter().any(|verb| is_verb(name, verb)) || WITHOUT_KEY.contains(&name) {
            continue;
        }
        let first = requests[method.input_type()].field.iter().find(|field| field.number() == 1).unwrap();
        assert_eq!((first.name(), first.r#type()), ("request_id", Type::String), "{name}");
        checked += 1;
    }
    assert!(checked >= 19, "only {checked} rpcs change something?");
}

/// `GetCase` is a Get; `Getaway` would not be.
#[test]
fn a_profile_is_taken_in_one_size_by_whoever_takes_it() {
    let mut sizes: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for file in files() {
        for (service, method) in
            file.service.iter().flat_map(|it| it.method.iter().map(move |method| (it, method)))
        {
            let request = method.input_type().rsplit('.').next().unwrap();
            let Some(message) = file.message_type.iter().find(|message| message.name() == request) else {
                continue;
            };
            let rpc = format!("/{}.{}/{}", file.package(), service.name(), method.name());
            let declared = ACCESS.iter().find(|access| access.method == rpc).unwrap();
            for field in message.field.iter().filter(|field| field.type_name().ends_with("Profile")) {
                sizes.entry(field.type_name().to_owned()).or_default().insert(declared.caps.bytes);
            }
        }
    }
    assert!(sizes.len() >= 4, "each service has a profile: {sizes:?}");
    assert!(sizes.values().all(|sizes| sizes.len() == 1), "{sizes:?}");
}

fn is_verb(name: &str, verb: &str) -> bool {
    name.strip_prefix(verb).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
}

#[test]
fn an_event_is_a_noun_and_a_past_participle() {
    let files = files();
    for event in files.iter().filter(|file| is_events(file)).flat_map(events) {
        let name = event.name();
        let participle = name.ends_with("ed") || IRREGULAR.iter().any(|word| name.ends_with(word));
        assert!(participle, "{name} does not say what happened");
    }
}

#[test]
fn an_enum_says_not_given_with_0_and_prefixes_its_values() {
    for file in files() {
        for (name, values) in file.enum_type.iter().map(|it| (it.name(), &it.value)) {
            let prefix = snake(name).to_uppercase();
            assert_eq!((values[0].number(), values[0].name()), (0, format!("{prefix}_UNSPECIFIED").as_str()));
            assert!(values.iter().all(|value| value.name().starts_with(&format!("{prefix}_"))), "{name}");
        }
    }
}

#[test]
fn every_instant_is_called_a_time() {
    for file in files() {
        let fields = file.message_type.iter().flat_map(|message| &message.field);
        for field in fields.filter(|field| field.type_name() == ".google.protobuf.Timestamp") {
            assert!(
                field.name().ends_with("_time") || field.name() == "time",
                "{} in {}",
                field.name(),
                file.name()
            );
        }
    }
}

fn write_file(text: &mut String, file: &FileDescriptorProto) -> std::fmt::Result {
    writeln!(text, "# {}", file.name())?;
    for service in &file.service {
        write_service(text, file, service)?;
    }
    for message in &file.message_type {
        write_message(text, file, message, message.name())?;
    }
    for it in &file.enum_type {
        write_enum(text, it, it.name())?;
    }
    for it in &file.extension {
        writeln!(
            text,
            "\nextend {}\n  {} {}: {}",
            it.extendee(),
            it.number(),
            it.name(),
            short(file, it.type_name())
        )?;
    }
    if is_events(file) {
        writeln!(text, "\nevents")?;
        for event in events(file) {
            writeln!(text, "  {:<26} {}", event.name(), subject(file, event))?;
        }
    }
    writeln!(text)
}

fn write_service(
    text: &mut String,
    file: &FileDescriptorProto,
    service: &ServiceDescriptorProto,
) -> std::fmt::Result {
    writeln!(text, "\nservice {}", service.name())?;
    for method in &service.method {
        let streams = |yes| if yes { "stream " } else { "" };
        let rpc = format!("/{}.{}/{}", file.package(), service.name(), method.name());
        writeln!(
            text,
            "  {}({}{}) -> {}{} [{}]{}{}",
            method.name(),
            streams(method.client_streaming()),
            short(file, method.input_type()),
            streams(method.server_streaming()),
            short(file, method.output_type()),
            callers(&rpc),
            steps(&rpc),
            caps(&rpc),
        )?;
    }
    Ok(())
}

/// Who may call an rpc, in the words of a token.
fn callers(rpc: &str) -> String {
    let declared = ACCESS.iter().find(|access| access.method == rpc).unwrap();
    match declared.callers {
        Callers::Anyone => "anyone".to_owned(),
        Callers::Roles(roles) => {
            let roles = roles.iter().filter(|role| **role != Role::Service);
            let roles = roles.map(|role| role.as_str_name().trim_start_matches("ROLE_").to_lowercase());
            let services = declared.services.iter().map(|name| format!("service {name}"));
            roles.chain(services).collect::<Vec<_>>().join(", ")
        }
    }
}

/// The steps that it asks for.
fn steps(rpc: &str) -> String {
    let declared = ACCESS.iter().find(|access| access.method == rpc).unwrap();
    if declared.steps.is_empty() { String::new() } else { format!(" asks {}", declared.steps.join(", ")) }
}

/// What of a call is not as usual.
fn caps(rpc: &str) -> String {
    let declared = ACCESS.iter().find(|access| access.method == rpc).unwrap().caps;
    let Caps { bytes, body_seconds, streams } = declared;
    let mut text = String::new();
    if bytes != Caps::USUAL.bytes {
        write!(text, ", {bytes} bytes").unwrap();
    }
    if body_seconds != Caps::USUAL.body_seconds {
        write!(text, ", {body_seconds} s").unwrap();
    }
    if streams != Caps::USUAL.streams {
        write!(text, ", {streams} streams").unwrap();
    }
    text
}

fn write_message(
    text: &mut String,
    file: &FileDescriptorProto,
    message: &DescriptorProto,
    name: &str,
) -> std::fmt::Result {
    writeln!(text, "\nmessage {name}")?;
    for field in &message.field {
        writeln!(text, "  {:>2} {}: {}", field.number(), field.name(), kind(file, message, field))?;
    }
    for range in &message.reserved_range {
        // The end is one beyond, as in descriptors.
        writeln!(text, "  reserved {} to {}", range.start(), range.end() - 1)?;
    }
    for reserved in &message.reserved_name {
        writeln!(text, "  reserved {reserved}")?;
    }
    for inner in &message.nested_type {
        write_message(text, file, inner, &format!("{name}.{}", inner.name()))?;
    }
    for inner in &message.enum_type {
        write_enum(text, inner, &format!("{name}.{}", inner.name()))?;
    }
    Ok(())
}

fn write_enum(text: &mut String, it: &EnumDescriptorProto, name: &str) -> std::fmt::Result {
    writeln!(text, "\nenum {name}")?;
    for value in &it.value {
        writeln!(text, "  {:>2} {}", value.number(), value.name())?;
    }
    for range in &it.reserved_range {
        writeln!(text, "  reserved {} to {}", range.start(), range.end())?;
    }
    Ok(())
}

fn kind(file: &FileDescriptorProto, message: &DescriptorProto, field: &FieldDescriptorProto) -> String {
    let name = if matches!(field.r#type(), Type::Message | Type::Enum) {
        short(file, field.type_name())
    } else {
        field.r#type().as_str_name().trim_start_matches("TYPE_").to_lowercase()
    };
    let label = match (field.label(), field.proto3_optional(), field.oneof_index) {
        (Label::Repeated, _, _) => "repeated ".to_owned(),
        (_, true, _) => "optional ".to_owned(),
        (_, false, Some(one)) => {
            format!("oneof {} ", message.oneof_decl[usize::try_from(one).unwrap()].name())
        }
        (_, false, None) => String::new(),
    };
    format!("{label}{name}")
}

/// A type's name as it is said within its own package.
fn short(file: &FileDescriptorProto, name: &str) -> String {
    let name = name.trim_start_matches('.');
    name.strip_prefix(&format!("{}.", file.package())).unwrap_or(name).to_owned()
}

/// Where an event is published: as the chassis builds it. What tells of a dispatch goes to the called unit's own subject.
fn subject(file: &FileDescriptorProto, event: &DescriptorProto) -> String {
    let of_dispatch = event.field.iter().any(|field| field.type_name().ends_with(".DispatchRef"));
    let service = file.package().split('.').nth(1).unwrap();
    let (root, unit) = if of_dispatch { ("dispatch", ".<unit>") } else { (service, "") };
    format!("huying.{root}.v1.{}.<district>{unit}", snake(event.name()))
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
