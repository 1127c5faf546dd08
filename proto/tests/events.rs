//! Every event is a variant of its package's enum, and is read only by whoever asks.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Debug;

use huying_proto::{
    DESCRIPTORS,
    events::{Events, knows},
    routing,
};
use prost::Message as _;
use prost_types::FileDescriptorSet;

/// One arm for every package that has events.
macro_rules! packages {
    ($($module:ident $package:literal $($events:ident)?,)+) => {
        |package: &str, name: &str| match package {
            $($($package => shown::<huying_proto::$module::v1::$events::Event>(name),)?)+
            _ => None,
        }
    };
}

/// How the enum of a package shows the event of this name. None: it has no such variant.
fn variant(package: &str, name: &str) -> Option<String> {
    fn shown<E: Events<'static> + Debug>(name: &str) -> Option<String> {
        E::of(name, "never read").map(|event| format!("{event:?}"))
    }
    include!(concat!(env!("OUT_DIR"), "/packages.rs"))(package, name)
}

#[test]
fn every_event_is_a_variant_and_nothing_else_is() {
    let mut seen = 0;
    for file in FileDescriptorSet::decode(DESCRIPTORS).unwrap().file {
        for message in &file.message_type {
            let is_event = file.name().ends_with("/events.proto") && !message.name().ends_with("Ref");
            let name = format!("{}.{}", file.package(), message.name());
            let variant = variant(file.package(), &name);
            let shown = variant.as_ref().and_then(|shown| shown.split('(').next());
            assert_eq!(shown, is_event.then_some(message.name()), "{name}");
            assert_eq!(knows(&name), is_event, "{name}");
            seen += usize::from(is_event);
        }
    }
    assert!(seen >= 30, "only {seen} events?");
}

#[test]
fn an_event_of_another_package_or_of_a_newer_build_is_none() {
    assert_eq!(variant("huying.routing.v1", "huying.intake.v1.RequestSubmitted"), None);
    assert_eq!(variant("huying.routing.v1", "huying.routing.v1.RouteForgotten"), None);
    assert!(!knows("huying.routing.v1.RouteForgotten"));
}

#[test]
fn data_is_the_message_of_its_variant() {
    let told = routing::v1::RouteQueued { undecided: vec!["area".into()], ..Default::default() };
    let json = serde_json::to_string(&told).unwrap();
    let event = routing::v1::events::Event::of("huying.routing.v1.RouteQueued", &json);
    let Some(routing::v1::events::Event::RouteQueued(data)) = event else { panic!("{event:?}") };
    assert_eq!(data.decode().unwrap(), told);
}
